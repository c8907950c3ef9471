import { isDns1123Label, isDns1123Subdomain, isObject, Quantity, type FieldErrors, type FieldPath } from '#machinery';
import { validateLabels, validateLabelSelector, validateQualifiedName } from '../../../meta/v1/label-validation.ts';
import type { PersistentVolumeClaimSpec, PersistentVolumeClaimTemplate } from '../persistent-volume-claim.ts';
import type { TypedObjectReference } from '../references.ts';
import { validateAccessModes, validateClassName, validatePositive } from './storage.ts';

/** What a claim asks for; `allowsGroups` where its sources were accepted before they were looked at. */
export function validateClaimSpec(
  spec: PersistentVolumeClaimSpec,
  errors: FieldErrors,
  path: FieldPath,
  allowsGroups = false,
): void {
  const { accessModes = [], selector, resources, dataSource, dataSourceRef } = spec;
  if (accessModes.length === 0) errors.required(path.child('accessModes'), 'at least 1 access mode is required');
  validateLabelSelector(selector, errors, path.child('selector'));
  validateAccessModes(accessModes, errors, path.child('accessModes'));
  const size = resources?.requests?.['storage'];
  const at = path.child('resources').key('storage');
  if (size === undefined) errors.required(at);
  else validatePositive(size, errors, at);
  validateClassName(spec.storageClassName, errors, path.child('storageClassName'));
  if (dataSource) validateSource(dataSource, allowsGroups, errors, path.child('dataSource'));
  if (dataSourceRef) validateSource(dataSourceRef, allowsGroups, errors, path.child('dataSourceRef'));
  validateSources(spec, errors, path);
  validateClassName(spec.volumeAttributesClassName, errors, path.child('volumeAttributesClassName'));
}

/** What the volume begins as a copy of; that it has a kind and a name is told by the schema. */
function validateSource(
  { apiGroup, kind, namespace }: TypedObjectReference,
  allowsGroups: boolean,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (!apiGroup && kind !== 'PersistentVolumeClaim') {
    errors.invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
  }
  if (apiGroup && !allowsGroups) {
    for (const why of isDns1123Subdomain(apiGroup)) errors.invalid(path.child('apiGroup'), apiGroup, why);
  }
  if (!namespace) return;
  for (const why of isDns1123Label(namespace)) errors.invalid(path.child('namespace'), namespace, why);
}

/** The old and the new way to tell the source say the same. */
function validateSources(
  { dataSource, dataSourceRef }: PersistentVolumeClaimSpec,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (!dataSource || !dataSourceRef) return;
  // Upstream shows the path of the field in the place of a value, which JSON makes empty.
  const refuse = (why: string): void => errors.invalid(path, {}, why);
  if (dataSourceRef.namespace) refuse('may not be specified when dataSourceRef.namespace is specified');
  else if ((['apiGroup', 'kind', 'name'] as const).some((field) => dataSource[field] !== dataSourceRef[field])) {
    refuse('must match dataSourceRef');
  }
}

/** A claim that is made for a pod, which takes nothing but labels and annotations along. */
export function validateClaimTemplate(
  { metadata, spec }: PersistentVolumeClaimTemplate,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const meta = path.child('metadata');
  for (const key of Object.keys(metadata.annotations ?? {})) {
    validateQualifiedName(key.toLowerCase(), errors, meta.child('annotations'));
  }
  validateLabels(metadata.labels, errors, meta.child('labels'));
  for (const [field, value] of Object.entries(metadata)) {
    if (field === 'labels' || field === 'annotations' || isEmpty(value)) continue;
    // Upstream names the field as Go does.
    errors.forbidden(
      meta.child(field === 'uid' ? 'UID' : field.replace(/^./, (first) => first.toUpperCase())),
      'cannot be set',
    );
  }
  validateClaimSpec(spec, errors, path.child('spec'));
}

function isEmpty(value: unknown): boolean {
  if (isObject(value)) return Object.keys(value).length === 0;
  return value === undefined || value === '' || value === 0;
}

/** The size that a claim asks for; nothing where it says none. */
export function sizeOf(amounts: Readonly<Record<string, string>> | undefined): Quantity {
  return Quantity.parse(amounts?.['storage'] ?? '0');
}
