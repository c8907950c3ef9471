import { Quantity, type FieldErrors, type FieldPath } from '#machinery';
import type { CapacityRequestPolicy, CapacityRequestPolicyRange, DeviceCapacity } from '../device-capacity.ts';
import { validateSet } from './lists.ts';

const maxValidValues = 10;

/** The capacity of a device that several claims may share. */
export function validateSharedCapacity(
  { value, requestPolicy: policy }: DeviceCapacity,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (!policy) return;
  const at = path.child('requestPolicy');
  const { default: normal, validValues = [], validRange } = policy;
  if (validValues.length > 0 && validRange) {
    const why = 'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time';
    return errors.forbidden(at, why);
  }
  const kind = validRange ? 'validRange' : 'validValues';
  if (!validRange && validValues.length === 0) return;
  if (!normal) return errors.required(at.child('default'), `required when ${kind} is defined`);
  const [capacity, usual] = [Quantity.parse(value), Quantity.parse(normal)];
  if (validRange) validateRange(validRange, usual, capacity, errors, at.child(kind));
  else validateValues(policy, usual, capacity, errors, at.child(kind));
}

/** The capacity of a device that one claim has for itself. */
export function validateOwnCapacity({ requestPolicy }: DeviceCapacity, errors: FieldErrors, path: FieldPath): void {
  if (requestPolicy) errors.forbidden(path.child('requestPolicy'), 'allowMultipleAllocations must be true');
}

function validateValues(
  { validValues: values = [] }: CapacityRequestPolicy,
  usual: Quantity,
  capacity: Quantity,
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const [at, text] of values.entries()) {
    if (at === 0 || Quantity.parse(values[at - 1] ?? '0').compare(Quantity.parse(text)) <= 0) continue;
    errors.invalid(path.index(at), text, 'values must be sorted in ascending order');
  }
  const check = (text: string, all: FieldErrors, at: FieldPath): void => {
    if (Quantity.parse(text).compare(capacity) <= 0) return;
    all.invalid(at, text, `option is larger than capacity value: ${capacity.toString()}`);
  };
  validateSet(values, maxValidValues, check, (text) => String(Quantity.parse(text).value()), errors, path);
  if (values.some((text) => Quantity.parse(text).compare(usual) === 0)) return;
  errors.invalid(path, usual.toString(), 'default value is not valid according to the requestPolicy');
}

function validateRange(
  { min, max, step }: CapacityRequestPolicyRange,
  usual: Quantity,
  capacity: Quantity,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (min === undefined) return errors.required(path.child('min'), 'required when validRange is defined');
  const least = Quantity.parse(min);
  const most = max === undefined ? undefined : Quantity.parse(max);
  const tooMuch = `larger than capacity value: ${capacity.toString()}`;
  if (least.compare(capacity) > 0) errors.invalid(path.child('min'), min, `min is ${tooMuch}`);
  if (usual.compare(least) < 0) {
    errors.invalid(path.child('default'), usual.toString(), `default is less than min: ${min}`);
  }
  if (most && max !== undefined) {
    // The value that is told is the minimum, as upstream has it.
    if (least.compare(most) > 0) errors.invalid(path.child('max'), min, `min is larger than max: ${max}`);
    if (most.compare(capacity) > 0) errors.invalid(path.child('max'), max, `max is ${tooMuch}`);
    if (usual.compare(most) > 0) {
      errors.invalid(path.child('default'), usual.toString(), `default is more than max: ${max}`);
    }
  }
  if (step !== undefined)
    validateStep(Quantity.parse(step), least, [usual, ...(most ? [most] : [])], capacity, errors, path);
}

function validateStep(
  step: Quantity,
  least: Quantity,
  values: readonly Quantity[],
  capacity: Quantity,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const at = path.child('step');
  if (step.sign() <= 0) return errors.invalid(at, step.toString(), 'must be greater than zero');
  const next = least.add(step);
  if (next.compare(capacity) > 0) {
    const why = `one step ${next.toString()} is larger than capacity value: ${capacity.toString()}`;
    errors.invalid(at, step.toString(), why);
  }
  for (const value of values) {
    if ((value.value() - least.value()) % step.value() === 0) continue;
    const why = `value is not a multiple of a given step (${step.toString()}) from (${least.toString()})`;
    errors.invalid(at, value.toString(), why);
  }
}
