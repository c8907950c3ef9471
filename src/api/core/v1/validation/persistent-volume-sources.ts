import { isDns1123Label, isDns1123Subdomain, type FieldErrors, type FieldPath } from '#machinery';
import type {
  CSIPersistentVolumeSource,
  FlexPersistentVolumeSource,
  GlusterfsPersistentVolumeSource,
  ISCSIPersistentVolumeSource,
  StorageOSPersistentVolumeSource,
} from '../persistent-volume-sources.ts';
import type { PersistentVolumeSource } from '../persistent-volume.ts';
import type {
  AzureDiskVolumeSource,
  FCVolumeSource,
  FlockerVolumeSource,
  QuobyteVolumeSource,
} from '../in-tree-volumes.ts';
import type { SecretReference } from '../references.ts';
import { validateNoBacksteps } from './paths.ts';
import { validateCsiDriverName } from './storage.ts';

type Source = keyof PersistentVolumeSource;
type Check<K extends Source> = (
  source: NonNullable<PersistentVolumeSource[K]>,
  errors: FieldErrors,
  path: FieldPath,
) => void;

/** The kinds in the order in which upstream looks for them, each with its rules beyond those of the schema. */
const checks: { readonly [K in Source]: Check<K> } = {
  hostPath: ({ path: text }, errors, path) => void validateNoBacksteps(text, errors, path.child('path')),
  gcePersistentDisk: validatePartition,
  awsElasticBlockStore: validatePartition,
  glusterfs: validateGlusterfs,
  flocker: validateFlocker,
  nfs({ path: text }, errors, path) {
    if (!text.startsWith('/')) errors.invalid(path.child('path'), text, 'must be an absolute path');
  },
  rbd: validateMonitors,
  quobyte: validateQuobyte,
  cephfs: validateMonitors,
  iscsi: validateIscsi,
  cinder: ({ secretRef }, errors, path) => validateSecretNamed(secretRef, errors, path),
  fc: validateFibreChannel,
  flexVolume: validateFlex,
  azureFile({ secretNamespace }, errors, path) {
    if (secretNamespace === '') errors.required(path.child('secretNamespace'));
  },
  vsphereVolume: schemaOnly,
  photonPersistentDisk: schemaOnly,
  portworxVolume: schemaOnly,
  azureDisk: validateAzureDisk,
  scaleIO({ volumeName }, errors, path) {
    if (!volumeName) errors.required(path.child('volumeName'));
  },
  local: ({ path: text }, errors, path) => void validateNoBacksteps(text, errors, path.child('path')),
  storageos: validateStorageOs,
  csi: validateCsi,
};

const kinds = Object.keys(checks) as Source[]; // its keys are those of its type

/** The one source that a volume has; returns its kind, if there is any. */
export function validatePersistentVolumeSource(
  volume: PersistentVolumeSource,
  errors: FieldErrors,
  path: FieldPath,
): Source | undefined {
  const [first, ...more] = kinds.filter((kind) => volume[kind] !== undefined);
  if (first) validateOne(first, volume, errors, path);
  else errors.required(path, 'must specify a volume type');
  for (const kind of more) errors.forbidden(path.child(kind), 'may not specify more than 1 volume type');
  return first;
}

function validateOne(kind: Source, volume: PersistentVolumeSource, errors: FieldErrors, path: FieldPath): void {
  const check: (source: never, errors: FieldErrors, path: FieldPath) => void = checks[kind];
  check(volume[kind] as never, errors, path.child(kind)); // a check is beside the kind of its own source
}

function schemaOnly(): void {}

function validatePartition({ partition = 0 }: { partition?: number }, errors: FieldErrors, path: FieldPath): void {
  if (partition < 0 || partition > 255) {
    errors.invalid(path.child('partition'), partition, 'must be between 1 and 255, inclusive');
  }
}

function validateMonitors({ monitors }: { monitors: readonly string[] }, errors: FieldErrors, path: FieldPath): void {
  if (monitors.length === 0) errors.required(path.child('monitors'));
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

function validateFlocker(
  { datasetName = '', datasetUUID = '' }: FlockerVolumeSource,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (datasetName === '' && datasetUUID === '') {
    errors.required(path, 'one of datasetName and datasetUUID is required');
  }
  if (datasetName !== '' && datasetUUID !== '') {
    errors.invalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously');
  }
  if (datasetName.includes('/')) errors.invalid(path.child('datasetName'), datasetName, "must not contain '/'");
}

function validateQuobyte({ registry, tenant = '' }: QuobyteVolumeSource, errors: FieldErrors, path: FieldPath): void {
  if (tenant.length >= 65) {
    errors.required(path.child('tenant'), 'must be a UUID and may not exceed a length of 64 characters');
    return;
  }
  const bad = registry.split(',').filter((pair) => !/^(\[[^\]]*\]|[^:]*):[^:]*$/.test(pair));
  const why = 'must be a host:port pair or multiple pairs separated by commas';
  for (const _ of bad) errors.invalid(path.child('registry'), registry, why);
}

const iscsiNames = [
  /^iqn\.\d{4}-\d{2}\.([A-Za-z0-9.-]+)(:[^,;*&$|\s]+)$/,
  /^eui\.[A-Za-z0-9]{16}$/,
  /^naa\.[A-Za-z0-9]{32}$/,
];

/** The names that initiators and targets have. */
function isIscsiName(name: string): boolean {
  return iscsiNames.some((form) => form.test(name));
}

function validateIscsi(iscsi: ISCSIPersistentVolumeSource, errors: FieldErrors, path: FieldPath): void {
  const { iqn, lun, initiatorName, secretRef } = iscsi;
  const why = 'must be valid format';
  if (iqn !== '' && !isIscsiName(iqn)) errors.invalid(path.child('iqn'), iqn, why);
  if (lun < 0 || lun > 255) errors.invalid(path.child('lun'), lun, 'must be between 0 and 255, inclusive');
  if ((iscsi.chapAuthDiscovery || iscsi.chapAuthSession) && !secretRef) errors.required(path.child('secretRef'));
  if (secretRef && !secretRef.name) errors.required(path.child('secretRef', 'name'));
  if (initiatorName !== undefined && !isIscsiName(initiatorName)) {
    errors.invalid(path.child('initiatorname'), initiatorName, why);
  }
}

function validateFibreChannel(
  { targetWWNs = [], wwids = [], lun }: FCVolumeSource,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const names = path.child('targetWWNs');
  if (targetWWNs.length + wwids.length === 0) {
    errors.required(names, 'must specify either targetWWNs or wwids, but not both');
  }
  if (targetWWNs.length === 0) return;
  if (wwids.length > 0) errors.invalid(names, targetWWNs, 'targetWWNs and wwids can not be specified simultaneously');
  if (lun === undefined) errors.required(path.child('lun'), 'lun is required if targetWWNs is specified');
  else if (lun < 0 || lun > 255) errors.invalid(path.child('lun'), lun, 'must be between 0 and 255, inclusive');
}

function validateFlex({ options = {} }: FlexPersistentVolumeSource, errors: FieldErrors, path: FieldPath): void {
  for (const key of Object.keys(options)) {
    const space = `.${(key.includes('/') ? (key.split('/')[0] ?? '') : key).toLowerCase()}`;
    if (!space.endsWith('.kubernetes.io') && !space.endsWith('.k8s.io')) continue;
    errors.invalid(path.child('options').key(key), key, 'kubernetes.io and k8s.io namespaces are reserved');
  }
}

const managedDisk = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
const blobDisk = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';

function validateAzureDisk(disk: AzureDiskVolumeSource, errors: FieldErrors, path: FieldPath): void {
  const { cachingMode, kind, diskURI } = disk;
  const modes = ['None', 'ReadOnly', 'ReadWrite'];
  const diskKinds = ['Dedicated', 'Managed', 'Shared'];
  if (cachingMode !== undefined && !modes.includes(cachingMode)) {
    errors.notSupported(path.child('cachingMode'), cachingMode, modes);
  }
  if (kind === undefined) return;
  if (!diskKinds.includes(kind)) errors.notSupported(path.child('kind'), kind, diskKinds);
  const [start, form] = kind === 'Managed' ? ['/subscriptions/', managedDisk] : ['https://', blobDisk];
  if (!diskURI.startsWith(start)) errors.notSupported(path.child('diskURI'), diskURI, [form]);
}

function validateStorageOs(
  { volumeName = '', volumeNamespace = '', secretRef }: StorageOSPersistentVolumeSource,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const name = path.child('volumeName');
  if (volumeName === '') errors.required(name);
  else for (const why of isDns1123Label(volumeName)) errors.invalid(name, volumeName, why);
  if (volumeNamespace !== '') {
    const at = path.child('volumeNamespace');
    for (const why of isDns1123Label(volumeNamespace)) errors.invalid(at, volumeNamespace, why);
  }
  validateSecretNamed(secretRef, errors, path);
}

function validateSecretNamed(secret: SecretReference | undefined, errors: FieldErrors, path: FieldPath): void {
  if (!secret) return;
  for (const field of ['name', 'namespace'] as const) {
    if (!secret[field]) errors.required(path.child('secretRef', field));
  }
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
