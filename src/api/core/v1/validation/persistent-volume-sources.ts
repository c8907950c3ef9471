import { isDns1123Label, isDns1123Subdomain, type FieldErrors, type FieldPath } from '#machinery';
import type { CSIPersistentVolumeSource, GlusterfsPersistentVolumeSource } from '../persistent-volume-sources.ts';
import type { PersistentVolumeSource } from '../persistent-volume.ts';
import type { SecretReference } from '../references.ts';
import { validateIscsi, validateIscsiLength } from './iscsi.ts';
import { validateCsiDriverName } from './storage.ts';
import {
  schemaOnly,
  validateAzureDisk,
  validateFibreChannel,
  validateFlex,
  validateFlocker,
  validateGceDisk,
  validateHostPath,
  validateMonitors,
  validateNfs,
  validateOneSource,
  validatePartition,
  validateQuobyte,
  validateScaleIo,
  validateSecretNamed,
  validateStorageOs,
  type SourceChecks,
} from './volume-sources.ts';

/** A Secret of any namespace is told with it. */
const inNamespace = ['name', 'namespace'] as const;

const checks: SourceChecks<PersistentVolumeSource> = {
  hostPath: validateHostPath,
  gcePersistentDisk: validateGceDisk,
  awsElasticBlockStore: validatePartition,
  glusterfs: validateGlusterfs,
  flocker: validateFlocker,
  nfs: validateNfs,
  rbd: validateMonitors,
  quobyte: validateQuobyte,
  cephfs: validateMonitors,
  iscsi(iscsi, errors, path) {
    validateIscsi(iscsi, 'must be valid format', errors, path);
    if (iscsi.secretRef && !iscsi.secretRef.name) errors.required(path.child('secretRef', 'name'));
  },
  cinder: ({ secretRef }, errors, path) => validateSecretNamed(secretRef, inNamespace, errors, path),
  fc: validateFibreChannel,
  flexVolume: validateFlex,
  azureFile({ secretNamespace }, errors, path) {
    if (secretNamespace === '') errors.required(path.child('secretNamespace'));
  },
  vsphereVolume: schemaOnly,
  photonPersistentDisk: schemaOnly,
  portworxVolume: schemaOnly,
  azureDisk: validateAzureDisk,
  scaleIO: validateScaleIo,
  local: validateHostPath,
  storageos(storageos, errors, path) {
    validateStorageOs(storageos, errors, path);
    validateSecretNamed(storageos.secretRef, inNamespace, errors, path);
  },
  csi: validateCsi,
};

/** The one source of a volume that is called `name`; returns its kind, if there is any. */
export function validatePersistentVolumeSource(
  volume: PersistentVolumeSource,
  name: string,
  errors: FieldErrors,
  path: FieldPath,
): keyof PersistentVolumeSource | undefined {
  const kind = validateOneSource(checks, volume, errors, path);
  if (kind === 'iscsi' && volume.iscsi) {
    const { targetPortal } = volume.iscsi;
    validateIscsiLength(volume.iscsi, name, targetPortal, errors, path.child('iscsi', 'targetportal'));
  }
  return kind;
}

function validateGlusterfs(
  { endpointsNamespace: namespace }: GlusterfsPersistentVolumeSource,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (namespace === undefined) return;
  const at = path.child('endpointsNamespace');
  const why = 'if the endpointnamespace is set, it must be a valid namespace name';
  if (namespace === '') errors.invalid(at, namespace, why);
  else for (const problem of isDns1123Label(namespace)) errors.invalid(at, namespace, problem);
}

/** The secrets that upstream checks: not the one for staging. */
const csiSecrets = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
] as const;

function validateCsi(csi: CSIPersistentVolumeSource, errors: FieldErrors, path: FieldPath): void {
  validateCsiDriverName(csi.driver, errors, path.child('driver'));
  for (const field of csiSecrets) {
    const secret = csi[field];
    if (secret) validateSecret(secret, errors, path.child(field));
  }
}

function validateSecret({ name = '', namespace = '' }: SecretReference, errors: FieldErrors, path: FieldPath): void {
  if (name === '') errors.required(path.child('name'));
  else for (const why of isDns1123Subdomain(name)) errors.invalid(path.child('name'), name, why);
  if (namespace === '') errors.required(path.child('namespace'));
  else for (const why of isDns1123Label(namespace)) errors.invalid(path.child('namespace'), namespace, why);
}
