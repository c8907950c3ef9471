import { FieldPath, isEqualJson, type FieldErrors } from '#machinery';
import type { TopologySelectorLabelRequirement, TopologySelectorTerm } from '../../core/v1/topology-selector.ts';
import { validateQualifiedName } from '../../meta/v1/label-validation.ts';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import { validateParameters, validateProvisioner, validateSameParameters } from './parameters-validation.ts';
import type { StorageClass } from './storage-class.ts';
import type { VolumeAttributesClass } from './volume-attributes-class.ts';

/** The rules of storage classes (`pkg/apis/storage/validation/validation.go`). */
export function validateStorageClass(storageClass: StorageClass, errors: FieldErrors, old?: StorageClass): void {
  validateProvisioner(storageClass.provisioner, errors, FieldPath.of('provisioner'));
  validateParameters(storageClass.parameters, errors);
  validateTopologies(storageClass.allowedTopologies ?? [], errors, FieldPath.of('allowedTopologies'));
  if (!old) return;
  for (const field of ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'] as const) {
    validateImmutable(storageClass[field], old[field], errors, FieldPath.of(field));
  }
}

function validateTopologies(terms: readonly TopologySelectorTerm[], errors: FieldErrors, path: FieldPath): void {
  // Upstream begins its list of what was seen with one empty term for each, and counts them.
  const seen: Record<string, string[]>[] = terms.map(() => ({}));
  for (const [at, term] of terms.entries()) {
    const here = path.index(at).child('matchLabelExpressions');
    const values = validateTerm(term, errors, here);
    for (const one of seen) if (isEqualJson(one, values)) errors.duplicate(here, '');
    seen.push(values);
  }
}

/** Returns the values of each label, sorted: what the term says, however it is written. */
function validateTerm(
  { matchLabelExpressions = [] }: TopologySelectorTerm,
  errors: FieldErrors,
  path: FieldPath,
): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const [at, one] of matchLabelExpressions.entries()) {
    validateRequirement(one, errors, path.index(at));
    if (values[one.key]) errors.duplicate(path.index(at).child('key'), one.key);
    values[one.key] = [...new Set(one.values)].sort();
  }
  return values;
}

function validateRequirement(
  { key, values }: TopologySelectorLabelRequirement,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (values.length === 0) errors.required(path.child('values'));
  for (const [at, value] of values.entries()) {
    if (values.indexOf(value) < at) errors.duplicate(path.child('values').index(at), value);
  }
  validateQualifiedName(key, errors, path.child('key'));
}

/** The rules of classes of volume attributes (`pkg/apis/storage/validation/validation.go`). */
export function validateVolumeAttributesClass(
  { driverName, parameters = {} }: VolumeAttributesClass,
  errors: FieldErrors,
  old?: VolumeAttributesClass,
): void {
  if (old) {
    if (driverName !== old.driverName) {
      errors.forbidden(FieldPath.of('driverName'), 'updates to driverName are forbidden.');
    }
    validateSameParameters(parameters, old.parameters, errors);
  }
  validateProvisioner(driverName, errors, FieldPath.of('driverName'));
  validateParameters(parameters, errors);
  if (Object.keys(parameters).length === 0) {
    errors.required(FieldPath.of('parameters'), 'must contain at least one key/value pair');
  }
}
