import { posix } from 'node:path';
import { FieldPath, isEqualJson, type FieldErrors } from '#machinery';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import { PersistentVolumeSource, type PersistentVolume, type PersistentVolumeSpec } from './persistent-volume.ts';
import { validateNodeSelector } from './validation/affinity.ts';
import { describeChanges } from './validation/describe-changes.ts';
import { validatePersistentVolumeSource } from './validation/persistent-volume-sources.ts';
import { migratedAffinity } from './validation/topology-labels.ts';
import {
  validateAccessModes,
  validateBasicAmounts,
  validateClassName,
  validatePositive,
} from './validation/storage.ts';

const path = FieldPath.of('spec');

/** The rules of volumes (`pkg/apis/core/validation/validation.go`). */
export function validatePersistentVolume(
  { metadata, spec }: PersistentVolume,
  errors: FieldErrors,
  old?: PersistentVolume,
): void {
  validateSpec(spec, metadata.name ?? '', errors, path);
  validateCapacity(spec.capacity, errors, path.child('capacity'));
  if (spec.nodeAffinity) {
    const at = path.child('nodeAffinity', 'required');
    const { required } = spec.nodeAffinity;
    if (required) validateNodeSelector(required, errors, at);
    else errors.required(at, 'must specify required node constraints');
  }
  validateClassName(spec.storageClassName, errors, path.child('storageClassName'));
  if (old) validateUpdate(spec, old.spec, errors);
}

/** A volume that an attachment describes instead of naming one: of a CSI driver, and without a life of its own. */
export function validateInlineVolume(spec: PersistentVolumeSpec, errors: FieldErrors, at: FieldPath): void {
  const context = 'in the context of inline volumes';
  for (const field of ['claimRef', 'capacity', 'nodeAffinity', 'storageClassName'] as const) {
    const value = spec[field];
    if (value === undefined || isEqualJson(value, {}) || value === '') continue;
    errors.forbidden(at.child(field), `may not be specified ${context}`);
  }
  if (!spec.csi) errors.required(at.child('csi'), `has to be specified ${context}`);
  const { persistentVolumeReclaimPolicy: policy = 'Retain', volumeMode = 'Filesystem' } = spec;
  if (policy !== 'Retain') {
    errors.forbidden(at.child('persistentVolumeReclaimPolicy'), `may only be Retain ${context}`);
  }
  if (volumeMode !== 'Filesystem') {
    errors.forbidden(at.child('volumeMode'), `may not specify volumeMode other than Filesystem ${context}`);
  }
  validateSpec(spec, '', errors, at);
}

/** What holds for every volume, with or without an object of its own. */
function validateSpec(spec: PersistentVolumeSpec, name: string, errors: FieldErrors, at: FieldPath): void {
  const { accessModes = [], persistentVolumeReclaimPolicy: policy, hostPath, volumeAttributesClassName } = spec;
  if (accessModes.length === 0) errors.required(at.child('accessModes'));
  validateAccessModes(accessModes, errors, at.child('accessModes'));
  const kind = validatePersistentVolumeSource(spec, name, errors, at);
  if (kind === 'local' && !spec.nodeAffinity) {
    errors.required(at.child('nodeAffinity'), 'Local volume requires node affinity');
  }
  if (hostPath && posix.normalize(hostPath.path) === '/' && policy === 'Recycle') {
    const why = "may not be 'recycle' for a hostPath mount of '/'";
    errors.forbidden(at.child('persistentVolumeReclaimPolicy'), why);
  }
  if (volumeAttributesClassName === undefined) return;
  const className = at.child('volumeAttributesClassName');
  if (volumeAttributesClassName === '') errors.required(className, 'an empty string is disallowed');
  validateClassName(volumeAttributesClassName, errors, className);
  if (!spec.csi) errors.required(at.child('csi'), 'has to be specified when using volumeAttributesClassName');
}

function validateCapacity(
  capacity: Readonly<Record<string, string>> | undefined,
  errors: FieldErrors,
  at: FieldPath,
): void {
  const names = Object.keys(capacity ?? {});
  if (names.length === 0) errors.required(at);
  if (names.length !== 1 || names[0] !== 'storage') errors.notSupported(at, capacity, ['storage']);
  validateBasicAmounts(capacity, errors, at);
  for (const [name, amount] of Object.entries(capacity ?? {})) validatePositive(amount, errors, at.key(name));
}

function validateUpdate(spec: PersistentVolumeSpec, old: PersistentVolumeSpec, errors: FieldErrors): void {
  const [now, before] = [sourceOf(spec), sourceOf(old)];
  // The secret for making it larger may come later.
  if (now.csi && before.csi && !before.csi.controllerExpandSecretRef) {
    const { controllerExpandSecretRef: _, ...rest } = now.csi;
    now.csi = rest;
  }
  if (!isEqualJson(now, before)) {
    const why = `spec.persistentvolumesource is immutable after creation\n${describeChanges(before, now)}`;
    errors.forbidden(path.child('persistentvolumesource'), why);
  }
  validateImmutable(spec.volumeMode, old.volumeMode, errors, FieldPath.of('volumeMode'));
  if (old.nodeAffinity && !isEqualJson(spec.nodeAffinity, migratedAffinity(old.nodeAffinity, spec.nodeAffinity))) {
    const why = 'field is immutable, except for updating from beta label to GA';
    errors.invalid(FieldPath.of('nodeAffinity'), spec.nodeAffinity, why);
  }
  if (old.volumeAttributesClassName !== undefined && spec.volumeAttributesClassName === undefined) {
    errors.forbidden(path.child('volumeAttributesClassName'), 'update from non-nil value to nil is forbidden');
  }
}

/** The part of a spec that says where the volume lies. */
function sourceOf(spec: PersistentVolumeSpec): PersistentVolumeSource {
  const entries = Object.entries(spec).filter(([name]) => Object.hasOwn(PersistentVolumeSource.fields, name));
  return Object.fromEntries(entries);
}
