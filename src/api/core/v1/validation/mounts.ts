import type { FieldErrors, FieldPath } from '#machinery';
import type { Container, VolumeMount } from '../container.ts';
import type { EphemeralContainer } from '../ephemeral-container.ts';
import type { Volume } from '../volume.ts';
import { validateDescendingPath } from './paths.ts';

/** The volumes of a pod by their names. */
export type Volumes = ReadonlyMap<string, Volume>;

/** Where a container mounts which volume. */
export function validateMounts(
  container: Container | EphemeralContainer,
  volumes: Volumes,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const { volumeMounts = [], volumeDevices = [] } = container;
  const taken = new Set<string>();
  volumeMounts.forEach((mount, at) => {
    const here = path.index(at);
    const { name, mountPath } = mount;
    if (!volumes.has(name)) errors.notFound(here.child('name'), name);
    if (taken.has(mountPath)) errors.invalid(here.child('mountPath'), mountPath, 'must be unique');
    taken.add(mountPath);
    if (volumeDevices.some((one) => one.name === name)) {
      errors.invalid(here.child('name'), name, 'must not already exist in volumeDevices');
    }
    if (volumeDevices.some((one) => one.devicePath === mountPath)) {
      errors.invalid(here.child('mountPath'), mountPath, 'must not already exist as a path in volumeDevices');
    }
    validateSubPath(mount, errors, here, path);
    validatePropagation(mount, container, errors, path);
  });
}

/** `list` is the path of all mounts, which is where upstream puts some of the problems of one. */
function validateSubPath(
  { subPath = '', subPathExpr = '' }: VolumeMount,
  errors: FieldErrors,
  path: FieldPath,
  list: FieldPath,
): void {
  if (subPath !== '') validateDescendingPath(subPath, errors, list.child('subPath'));
  if (subPathExpr === '') return;
  if (subPath !== '') {
    errors.invalid(path.child('subPathExpr'), subPathExpr, 'subPathExpr and subPath are mutually exclusive');
  }
  validateDescendingPath(subPathExpr, errors, list.child('subPathExpr'));
}

const propagations = ['Bidirectional', 'HostToContainer', 'None'];
const recursions = ['Disabled', 'Enabled', 'IfPossible'];

/** Told of the list of mounts and not of one, as upstream has it. */
function validatePropagation(
  mount: VolumeMount,
  { securityContext }: Container | EphemeralContainer,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const { mountPropagation, recursiveReadOnly } = mount;
  if (mountPropagation !== undefined && !propagations.includes(mountPropagation)) {
    errors.notSupported(path.child('mountPropagation'), mountPropagation, propagations);
  } else if (mountPropagation === 'Bidirectional' && securityContext?.privileged !== true) {
    const why = 'Bidirectional mount propagation is available only to privileged containers';
    errors.forbidden(path.child('mountPropagation'), why);
  }
  if (recursiveReadOnly !== undefined)
    validateRecursion(mount, recursiveReadOnly, errors, path.child('recursiveReadOnly'));
}

function validateRecursion(
  { mountPropagation, readOnly }: VolumeMount,
  recursiveReadOnly: string,
  errors: FieldErrors,
  at: FieldPath,
): void {
  if (recursiveReadOnly === 'Disabled') return;
  if (!recursions.includes(recursiveReadOnly)) return errors.notSupported(at, recursiveReadOnly, recursions);
  if (readOnly !== true) errors.forbidden(at, 'may only be specified when readOnly is true');
  if (mountPropagation !== undefined && mountPropagation !== 'None') {
    errors.forbidden(at, 'may only be specified when mountPropagation is None or not specified');
  }
}

/** The block devices that a container gets; only claims can be devices. */
export function validateDevices(
  { volumeMounts = [], volumeDevices = [] }: Container | EphemeralContainer,
  volumes: Volumes,
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const [at, { name, devicePath }] of volumeDevices.entries()) {
    const here = path.index(at);
    const before = volumeDevices.slice(0, at);
    const volume = volumes.get(name);
    if (before.some((one) => one.name === name)) errors.invalid(here.child('name'), name, 'must be unique');
    if (!volume) errors.notFound(here.child('name'), name);
    else if (!volume.persistentVolumeClaim && !volume.ephemeral) {
      const why = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
      errors.invalid(here.child('name'), name, why);
    }
    const pathProblem = devicePathProblem(devicePath, before);
    if (pathProblem !== '') errors.invalid(here.child('devicePath'), devicePath, pathProblem);
    if (volumeMounts.some((one) => one.name === name)) {
      errors.invalid(here.child('name'), name, 'must not already exist in volumeMounts');
    }
    if (volumeMounts.some((one) => one.mountPath === devicePath)) {
      errors.invalid(here.child('devicePath'), devicePath, 'must not already exist as a path in volumeMounts');
    }
  }
}

function devicePathProblem(devicePath: string, before: readonly { devicePath: string }[]): string {
  if (devicePath.split('/').includes('..')) return "can not contain backsteps ('..')";
  return before.some((one) => one.devicePath === devicePath) ? 'must be unique' : '';
}
