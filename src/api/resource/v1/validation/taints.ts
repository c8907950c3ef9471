import { isValidLabelValue, type FieldErrors, type FieldPath } from '#machinery';
import { validateQualifiedName } from '../../../meta/v1/label-validation.ts';
import type { DeviceTaint, DeviceToleration } from '../device-traits.ts';
import { validateSlice } from './lists.ts';

const maxBindingConditions = 4;

export function validateDeviceTaint({ key, value }: DeviceTaint, errors: FieldErrors, path: FieldPath): void {
  errors.ignoreSchemaAt(path.child('key'));
  validateQualifiedName(key, errors, path.child('key'));
  if (value) validateLabelValue(value, errors, path.child('value'));
}

export function validateTolerations(
  tolerations: readonly DeviceToleration[] = [],
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const [at, one] of tolerations.entries()) validateToleration(one, errors, path.index(at));
}

function validateToleration(toleration: DeviceToleration, errors: FieldErrors, path: FieldPath): void {
  const { key, operator, value = '' } = toleration;
  const at = path.child('value');
  if (key) validateQualifiedName(key, errors, path.child('key'));
  if (operator === 'Exists') {
    if (value !== '') errors.invalid(at, value, 'must be empty for operator `Exists`');
  } else if (operator === 'Equal') validateLabelValue(value, errors, at);
}

function validateLabelValue(value: string, errors: FieldErrors, path: FieldPath): void {
  for (const why of isValidLabelValue(value)) errors.invalid(path, value, why);
}

/** What has to be true, and what must not be, before a pod is bound: both are told or none. */
export function validateBindingConditions(
  {
    bindingConditions: good = [],
    bindingFailureConditions: bad = [],
  }: {
    bindingConditions?: string[];
    bindingFailureConditions?: string[];
  },
  errors: FieldErrors,
  path: FieldPath,
): void {
  const [goodPath, badPath] = [path.child('bindingConditions'), path.child('bindingFailureConditions')];
  validateSlice(good, maxBindingConditions, validateQualifiedName, errors, goodPath);
  validateSlice(bad, maxBindingConditions, validateQualifiedName, errors, badPath);
  for (const [at, one] of good.entries()) if (good.indexOf(one) < at) errors.duplicate(goodPath.index(at), one);
  for (const [at, one] of bad.entries()) {
    if (bad.indexOf(one) < at) errors.duplicate(badPath.index(at), one);
    if (!good.includes(one)) continue;
    errors.invalid(badPath.index(at), one, 'bindingFailureConditions must not overlap with bindingConditions');
  }
  if (good.length === 0 && bad.length > 0) {
    errors.invalid(goodPath, good, 'bindingConditions are required to use bindingFailureConditions');
  }
  if (bad.length === 0 && good.length > 0) {
    errors.invalid(badPath, bad, 'bindingFailureConditions are required to use bindingConditions');
  }
}
