import { isDns1123Subdomain, Quantity, type FieldErrors, type FieldPath } from '#machinery';
import type { KeyToPath } from '../projected-volume.ts';
import type { CSIVolumeSource, EmptyDirVolumeSource, EphemeralVolumeSource, VolumeSource } from '../volume.ts';
import { validateClaimTemplate } from './claim-spec.ts';
import { validateIscsi } from './iscsi.ts';
import { validateDescendingPath, validateFileMode } from './paths.ts';
import { validateDownwardFiles, validateKeyedFiles, validateProjected } from './projected.ts';
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
  validatePartition,
  validateQuobyte,
  validateScaleIo,
  validateSecretNamed,
  validateStorageOs,
  type SourceChecks,
} from './volume-sources.ts';

/** The rules of what a pod mounts, in the order of upstream's `validateVolumeSource`. */
export const podVolumeChecks: SourceChecks<VolumeSource> = {
  emptyDir: validateEmptyDir,
  hostPath: validateHostPath,
  gitRepo: ({ directory = '' }, errors, path) => validateDescendingPath(directory, errors, path.child('directory')),
  gcePersistentDisk: validateGceDisk,
  awsElasticBlockStore: validatePartition,
  secret: (secret, errors, path) => validateKeys(secret, 'secretName', secret.secretName, errors, path),
  nfs: validateNfs,
  iscsi(iscsi, errors, path) {
    validateIscsi(iscsi, 'must be valid format starting with iqn, eui, or naa', errors, path);
  },
  glusterfs: schemaOnly,
  flocker: validateFlocker,
  persistentVolumeClaim: schemaOnly,
  rbd: validateMonitors,
  cinder: ({ secretRef }, errors, path) => validateSecretNamed(secretRef, ['name'], errors, path),
  cephfs: validateMonitors,
  quobyte: validateQuobyte,
  downwardAPI({ defaultMode, items }, errors, path) {
    validateFileMode(defaultMode, errors, path.child('defaultMode'));
    validateDownwardFiles(items, errors, path);
  },
  fc: validateFibreChannel,
  flexVolume: validateFlex,
  configMap: (configMap, errors, path) => validateKeys(configMap, 'name', configMap.name, errors, path),
  azureFile: schemaOnly,
  vsphereVolume: schemaOnly,
  photonPersistentDisk: schemaOnly,
  portworxVolume: schemaOnly,
  azureDisk: validateAzureDisk,
  storageos(storageos, errors, path) {
    validateStorageOs(storageos, errors, path);
    validateSecretNamed(storageos.secretRef, ['name'], errors, path);
  },
  projected: validateProjected,
  scaleIO: validateScaleIo,
  csi: validateCsi,
  ephemeral: validateEphemeral,
  image: schemaOnly,
};

function validateEmptyDir({ sizeLimit }: EmptyDirVolumeSource, errors: FieldErrors, path: FieldPath): void {
  if (sizeLimit === undefined || Quantity.parse(sizeLimit).sign() >= 0) return;
  errors.forbidden(path.child('sizeLimit'), 'SizeLimit field must be a valid resource quantity');
}

/** The values of a Secret or of a ConfigMap, which is named in `field`. */
function validateKeys(
  { items, defaultMode }: { items?: KeyToPath[]; defaultMode?: number },
  field: string,
  name: string | undefined,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (!name) errors.required(path.child(field));
  validateFileMode(defaultMode, errors, path.child('defaultMode'));
  validateKeyedFiles(items, errors, path.child('items'));
}

function validateCsi({ driver, nodePublishSecretRef }: CSIVolumeSource, errors: FieldErrors, path: FieldPath): void {
  validateCsiDriverName(driver, errors, path.child('driver'));
  if (!nodePublishSecretRef) return;
  const { name } = nodePublishSecretRef;
  if (!name) errors.required(path.child('nodePublishSecretRef', 'name'));
  else for (const why of isDns1123Subdomain(name)) errors.invalid(path.child('name'), name, why);
}

function validateEphemeral({ volumeClaimTemplate }: EphemeralVolumeSource, errors: FieldErrors, path: FieldPath): void {
  const at = path.child('volumeClaimTemplate');
  if (volumeClaimTemplate) validateClaimTemplate(volumeClaimTemplate, errors, at);
  else errors.required(at);
}
