import { FieldPath, type FieldErrors } from '#machinery';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import type { PriorityClass } from './priority-class.ts';
import { highestUserPriority, systemPriorityClasses } from './system-priority-classes.ts';

const prefix = 'system-';
const policies = ['PreemptLowerPriority', 'Never'];

/** The rules of priority classes (`pkg/apis/scheduling/validation/validation.go`). */
export function validatePriorityClass(priorityClass: PriorityClass, errors: FieldErrors, old?: PriorityClass): void {
  const { metadata, value, preemptionPolicy } = priorityClass;
  if (old) {
    if (value !== old.value) errors.forbidden(FieldPath.of('value'), 'may not be changed in an update.');
    return validateImmutable(preemptionPolicy, old.preemptionPolicy, errors, FieldPath.of('preemptionPolicy'));
  }
  if (metadata.name?.startsWith(prefix)) {
    const why = problemOfSystemClass(priorityClass);
    const reserved = `priority class names with '${prefix}' prefix are reserved for system use only. error: ${why}`;
    if (why !== undefined) errors.forbidden(FieldPath.of('metadata', 'name'), reserved);
  } else if (value > highestUserPriority) {
    const why = `maximum allowed value of a user defined priority is ${highestUserPriority}`;
    errors.forbidden(FieldPath.of('value'), why);
  }
  if (preemptionPolicy !== undefined && !policies.includes(preemptionPolicy)) {
    errors.notSupported(FieldPath.of('preemptionPolicy'), preemptionPolicy, policies);
  }
}

/** Why a class is not the one of the system that has its name. */
function problemOfSystemClass({ metadata, value, globalDefault = false }: PriorityClass): string | undefined {
  const name = metadata.name ?? '';
  const known = systemPriorityClasses.find((one) => one.name === name);
  if (!known) return `${name} is not a known system priority class`;
  if (value !== known.value) return `value of ${name} PriorityClass must be ${known.value}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}
