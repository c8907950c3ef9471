import { FieldPath, isEqualJson, type FieldErrors } from '#machinery';
import { immutable, validateImmutable } from '../../meta/v1/value-validation.ts';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from './persistent-volume-claim.ts';
import { betaClass } from './storage-class-of.ts';
import { sizeOf, validateClaimSpec } from './validation/claim-spec.ts';
import { describeChanges } from './validation/describe-changes.ts';

const path = FieldPath.of('spec');

/** The rules of claims (`pkg/apis/core/validation/validation.go`). */
export function validatePersistentVolumeClaim(
  claim: PersistentVolumeClaim,
  errors: FieldErrors,
  old?: PersistentVolumeClaim,
): void {
  const { dataSource, dataSourceRef } = old?.spec ?? {};
  const hadGroup = [dataSource, dataSourceRef].some((source) => typeof source?.apiGroup === 'string');
  validateClaimSpec(claim.spec, errors, path, hadGroup);
  if (old) validateUpdate(claim, old, errors);
}

function validateUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim, errors: FieldErrors): void {
  if (!isClassFromAnnotation(claim, old)) {
    const [now = '', before = ''] = [claim, old].map(({ metadata }) => metadata.annotations?.[betaClass]);
    if (now !== before) errors.invalid(FieldPath.of('metadata', 'annotations', betaClass), now, immutable);
  }
  const [wanted, before] = [comparable(claim, old), old.spec];
  if (!isEqualJson(wanted, before)) {
    const why =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    errors.forbidden(path, `${why}\n${describeChanges(before, wanted)}`);
  }
  const [size, oldSize] = [claim, old].map(({ spec }) => sizeOf(spec.resources?.requests));
  if (size && oldSize && size.compare(oldSize) < 0 && size.compare(sizeOf(old.status.capacity)) <= 0) {
    // Less may be asked for only to recover from what could not be had: a volume never shrinks.
    errors.forbidden(path.child('resources', 'requests', 'storage'), 'field can not be less than status.capacity');
  }
  validateImmutable(claim.spec.volumeMode, old.spec.volumeMode, errors, FieldPath.of('volumeMode'));
  validateAttributesClass(claim.spec, old, errors);
}

/** The new spec with all that may change as it was before. */
function comparable(
  { spec, metadata, status }: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
): PersistentVolumeClaimSpec {
  const same = structuredClone(spec);
  // Whoever binds the claim names its volume, once.
  if (!old.spec.volumeName) put(same, 'volumeName', old.spec.volumeName);
  if (isClassFromAnnotation({ spec, metadata, status }, old) || isClassFromNothing(spec, old)) {
    put(same, 'storageClassName', old.spec.storageClassName);
  }
  if (status.phase !== 'Bound') return same;
  const size = old.spec.resources?.requests?.['storage'];
  if (same.resources?.requests && size !== undefined) same.resources.requests['storage'] = size;
  put(same, 'volumeAttributesClassName', old.spec.volumeAttributesClassName);
  return same;
}

function put<K extends keyof PersistentVolumeClaimSpec>(
  spec: PersistentVolumeClaimSpec,
  field: K,
  value: PersistentVolumeClaimSpec[K] | undefined,
): void {
  if (value === undefined) delete spec[field];
  else Object.assign(spec, { [field]: value });
}

/** The class moves from the annotation to the field. */
function isClassFromAnnotation(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
  const before = old.metadata.annotations?.[betaClass];
  const now = claim.metadata.annotations?.[betaClass];
  if (before === undefined || old.spec.storageClassName !== undefined) return false;
  return claim.spec.storageClassName === before && (now === undefined || now === before);
}

/** The class is told where it was not: a default came to be after the claim. */
function isClassFromNothing({ storageClassName }: PersistentVolumeClaimSpec, old: PersistentVolumeClaim): boolean {
  const annotation = old.metadata.annotations?.[betaClass];
  if (storageClassName === undefined || old.spec.storageClassName !== undefined) return false;
  return annotation === undefined || annotation === storageClassName;
}

function validateAttributesClass(
  { volumeAttributesClassName: now }: PersistentVolumeClaimSpec,
  old: PersistentVolumeClaim,
  errors: FieldErrors,
): void {
  if (old.status.currentVolumeAttributesClassName === undefined) return;
  if (now === old.spec.volumeAttributesClassName || now) return;
  const what = now === undefined ? 'nil' : 'empty string';
  const why = `update to ${what} is forbidden when status.currentVolumeAttributesClassName is not nil`;
  errors.forbidden(path.child('volumeAttributesClassName'), why);
}
