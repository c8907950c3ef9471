import { isDns1123Label, type FieldErrors, type FieldPath } from '#machinery';
import type {
  AzureDiskVolumeSource,
  FCVolumeSource,
  FlexVolumeSource,
  FlockerVolumeSource,
  GCEPersistentDiskVolumeSource,
  QuobyteVolumeSource,
  StorageOSVolumeSource,
} from '../in-tree-volumes.ts';
import { validateNoBacksteps } from './paths.ts';

/** The rules of each kind of source beyond those of the schema, in the order in which upstream looks for them. */
export type SourceChecks<Sources extends object> = {
  readonly [K in keyof Sources]-?: (source: NonNullable<Sources[K]>, errors: FieldErrors, path: FieldPath) => void;
};

/** What upstream calls a source by where a rule of its own is broken, and where it is one too many. */
const namesInside: Readonly<Record<string, string>> = { gcePersistentDisk: 'persistentDisk' };
const namesBeside: Readonly<Record<string, string>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' };

/** The one source that a volume has; returns its kind, if there is any. */
export function validateOneSource<Sources extends object>(
  checks: SourceChecks<Sources>,
  volume: Sources,
  errors: FieldErrors,
  path: FieldPath,
): keyof Sources | undefined {
  const [first, ...more] = kindsOf(checks, volume);
  const source = first && volume[first];
  if (first && source) checks[first](source, errors, path.child(namesInside[first] ?? first));
  else errors.required(path, 'must specify a volume type');
  for (const kind of more) {
    errors.forbidden(path.child(namesBeside[kind] ?? kind), 'may not specify more than 1 volume type');
    errors.ignoreSchemaAt(path.child(kind));
  }
  return first;
}

/** The sources of a volume in the order of the checks; of thirty kinds a volume has one, so it is asked and not the kinds. */
function kindsOf<Sources extends object>(checks: SourceChecks<Sources>, volume: Sources): (keyof Sources & string)[] {
  const isSource = (name: string): name is keyof Sources & string => Object.hasOwn(checks, name);
  const kinds = Object.keys(volume)
    .filter(isSource)
    .filter((kind) => volume[kind] !== undefined);
  if (kinds.length < 2) return kinds;
  const order = Object.keys(checks);
  return kinds.sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

/** For a kind whose rules are all in the schema. */
export function schemaOnly(): void {}

export function validateHostPath({ path: text }: { path: string }, errors: FieldErrors, path: FieldPath): void {
  validateNoBacksteps(text, errors, path.child('path'));
}

export function validateNfs({ path: text }: { path: string }, errors: FieldErrors, path: FieldPath): void {
  if (!text.startsWith('/')) errors.invalid(path.child('path'), text, 'must be an absolute path');
}

export function validatePartition(
  { partition = 0 }: { partition?: number | undefined },
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (partition < 0 || partition > 255) {
    errors.invalid(path.child('partition'), partition, 'must be between 1 and 255, inclusive');
  }
}

export function validateGceDisk(
  { pdName, partition }: GCEPersistentDiskVolumeSource,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (pdName === '') errors.required(path.child('pdName'));
  validatePartition({ partition }, errors, path);
}

export function validateMonitors(
  { monitors }: { monitors: readonly string[] },
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (monitors.length === 0) errors.required(path.child('monitors'));
}

export function validateScaleIo({ volumeName }: { volumeName?: string }, errors: FieldErrors, path: FieldPath): void {
  if (!volumeName) errors.required(path.child('volumeName'));
}

export function validateFlocker(
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

export function validateQuobyte(
  { registry, tenant = '' }: QuobyteVolumeSource,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const why = 'must be a host:port pair or multiple pairs separated by commas';
  if (registry === '') return errors.required(path.child('registry'), why);
  if (tenant.length >= 65) {
    return errors.required(path.child('tenant'), 'must be a UUID and may not exceed a length of 64 characters');
  }
  const bad = registry.split(',').filter((pair) => !/^(\[[^\]]*\]|[^:]*):[^:]*$/.test(pair));
  for (const _ of bad) errors.invalid(path.child('registry'), registry, why);
}

export function validateFibreChannel(
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

/** The options of a plugin, none of which may look like one that Kubernetes gives it. */
export function validateFlex(
  { options = {} }: Pick<FlexVolumeSource, 'options'>,
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const key of Object.keys(options)) {
    const space = `.${(key.includes('/') ? (key.split('/')[0] ?? '') : key).toLowerCase()}`;
    if (!space.endsWith('.kubernetes.io') && !space.endsWith('.k8s.io')) continue;
    errors.invalid(path.child('options').key(key), key, 'kubernetes.io and k8s.io namespaces are reserved');
  }
}

const managedDisk = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
const blobDisk = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';

export function validateAzureDisk(disk: AzureDiskVolumeSource, errors: FieldErrors, path: FieldPath): void {
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

export function validateStorageOs(
  { volumeName = '', volumeNamespace = '' }: Pick<StorageOSVolumeSource, 'volumeName' | 'volumeNamespace'>,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const name = path.child('volumeName');
  if (volumeName === '') errors.required(name);
  else for (const why of isDns1123Label(volumeName)) errors.invalid(name, volumeName, why);
  if (volumeNamespace === '') return;
  const at = path.child('volumeNamespace');
  for (const why of isDns1123Label(volumeNamespace)) errors.invalid(at, volumeNamespace, why);
}

/** A reference to a Secret that has to say these of its fields. */
export function validateSecretNamed<Reference extends object>(
  secret: Reference | undefined,
  fields: readonly (keyof Reference & string)[],
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (!secret) return;
  for (const field of fields) if (!secret[field]) errors.required(path.child('secretRef', field));
}
