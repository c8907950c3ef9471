import { isDns1123Label, isDns1123Subdomain, Quantity, type FieldErrors, type FieldPath } from '#machinery';
import { validateLabelSelector } from '../../../meta/v1/label-validation.ts';
import { notPositive } from '../../../meta/v1/value-validation.ts';
import type { PersistentVolumeClaimSpec } from '../persistent-volume-claim.ts';
import type { TypedObjectReference } from '../references.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

/** What a new claim asks for, in a claim or in a template of claims (`ValidatePersistentVolumeClaimSpec`). */
export function validateClaimSpec(spec: PersistentVolumeClaimSpec, errors: FieldErrors, path: FieldPath): void {
  validateAccessModes(spec.accessModes ?? [], errors, path.child('accessModes'));
  validateLabelSelector(spec.selector, errors, path.child('selector'));
  const storage = spec.resources?.requests?.['storage'];
  const at = path.child('resources').key('storage');
  if (storage === undefined) errors.required(at);
  else if (Quantity.parse(storage).sign() <= 0) errors.invalid(at, storage, notPositive);
  validateClassName(spec.storageClassName, errors, path.child('storageClassName'));
  validateDataSources(spec, errors, path);
  validateClassName(spec.volumeAttributesClassName, errors, path.child('volumeAttributesClassName'));
}

function validateAccessModes(modes: readonly string[], errors: FieldErrors, path: FieldPath): void {
  if (modes.length === 0) errors.required(path, 'at least 1 access mode is required');
  for (const mode of modes) if (!accessModes.includes(mode)) errors.notSupported(path, mode, accessModes);
  const known = modes.filter((one) => accessModes.includes(one));
  if (known.includes('ReadWriteOncePod') && known.some((one) => one !== 'ReadWriteOncePod')) {
    errors.forbidden(path, 'may not use ReadWriteOncePod with other access modes');
  }
}

function validateClassName(name: string | undefined, errors: FieldErrors, path: FieldPath): void {
  if (name) for (const why of isDns1123Subdomain(name)) errors.invalid(path, name, why);
}

function validateDataSources(spec: PersistentVolumeClaimSpec, errors: FieldErrors, path: FieldPath): void {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource) validateDataSource(dataSource, errors, path.child('dataSource'));
  if (!dataSourceRef) return;
  validateDataSource(dataSourceRef, errors, path.child('dataSourceRef'));
  if (!dataSource) return;
  // Upstream shows the path of the field in the place of a value, which JSON makes empty.
  if (dataSourceRef.namespace) {
    errors.invalid(path, {}, 'may not be specified when dataSourceRef.namespace is specified');
  } else if (!isSameSource(dataSource, dataSourceRef)) errors.invalid(path, {}, 'must match dataSourceRef');
}

function isSameSource(one: TypedObjectReference, other: TypedObjectReference): boolean {
  return one.kind === other.kind && one.name === other.name && (one.apiGroup ?? '') === (other.apiGroup ?? '');
}

/** That it has a kind and a name is told by the schema. */
function validateDataSource(
  { apiGroup = '', kind, namespace }: TypedObjectReference,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (!apiGroup && kind !== 'PersistentVolumeClaim') {
    errors.invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
  }
  if (apiGroup) for (const why of isDns1123Subdomain(apiGroup)) errors.invalid(path.child('apiGroup'), apiGroup, why);
  if (namespace) {
    for (const why of isDns1123Label(namespace)) errors.invalid(path.child('namespace'), namespace, why);
  }
}
