import { isValidLabelValue, type FieldErrors, type FieldPath } from '#machinery';
import { validateLabelSelector, validateQualifiedName } from '../../../meta/v1/label-validation.ts';
import { notPositive } from '../../../meta/v1/value-validation.ts';
import type { PodSchedulingGate, TopologySpreadConstraint } from '../pod-spec.ts';
import { validateLabelKeys } from './label-keys.ts';
import type { Toleration } from '../taint.ts';

/** Which taints a pod bears. */
export function validateTolerations(tolerations: readonly Toleration[], errors: FieldErrors, path: FieldPath): void {
  for (const [at, toleration] of tolerations.entries()) validateToleration(toleration, errors, path.index(at));
}

function validateToleration(toleration: Toleration, errors: FieldErrors, path: FieldPath): void {
  const { key = '', operator = '', value = '', effect = '', tolerationSeconds } = toleration;
  const at = path.child('operator');
  if (key !== '') validateQualifiedName(key, errors, path.child('key'));
  else if (operator !== 'Exists') {
    const why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.invalid(at, operator, why);
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    errors.invalid(path.child('effect'), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
  }
  if (operator === 'Exists') {
    if (value !== '') errors.invalid(at, value, "value must be empty when `operator` is 'Exists'");
  } else if (operator === '' || operator === 'Equal') {
    const problems = isValidLabelValue(value);
    if (problems.length > 0) errors.invalid(at, value, problems.join(';'));
  } else if (operator === 'Lt' || operator === 'Gt') {
    if (!/^(0|-?[1-9]\d*)$/.test(value)) errors.invalid(at, value, 'value must be a valid integer');
  } else errors.notSupported(at, operator, ['Equal', 'Exists']);
}

/** What holds a pod back from being scheduled. */
export function validateSchedulingGates(
  gates: readonly PodSchedulingGate[],
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const [at, { name }] of gates.entries()) {
    validateQualifiedName(name, errors, path.index(at));
    if (gates.slice(0, at).some((one) => one.name === name)) errors.duplicate(path.index(at), name);
  }
}

const unsatisfiable = ['DoNotSchedule', 'ScheduleAnyway'];

/** How evenly pods lie over zones, nodes, or what else the key tells apart. */
export function validateTopologySpread(
  constraints: readonly TopologySpreadConstraint[],
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const [at, constraint] of constraints.entries()) {
    const here = path.index(at);
    const { maxSkew, topologyKey, whenUnsatisfiable, minDomains, labelSelector } = constraint;
    if (maxSkew <= 0) errors.invalid(here.child('maxSkew'), maxSkew, notPositive);
    if (topologyKey === '') errors.required(here.child('topologyKey'), 'can not be empty');
    if (!unsatisfiable.includes(whenUnsatisfiable)) {
      errors.notSupported(here.child('whenUnsatisfiable'), whenUnsatisfiable, unsatisfiable);
    }
    const isRepeated = constraints
      .slice(at + 1)
      .some((one) => one.topologyKey === topologyKey && one.whenUnsatisfiable === whenUnsatisfiable);
    if (isRepeated) {
      errors.duplicate(here.child('{topologyKey, whenUnsatisfiable}'), `{${topologyKey}, ${whenUnsatisfiable}}`);
    }
    if (minDomains !== undefined) validateMinDomains(minDomains, whenUnsatisfiable, errors, here.child('minDomains'));
    validateLabelKeys(constraint, errors, here);
    validateLabelSelector(labelSelector, errors, here.child('labelSelector'));
  }
}

function validateMinDomains(minDomains: number, action: string, errors: FieldErrors, path: FieldPath): void {
  if (minDomains <= 0) errors.invalid(path, minDomains, notPositive);
  if (action !== 'DoNotSchedule') {
    const why = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`;
    errors.invalid(path, minDomains, why);
  }
}
