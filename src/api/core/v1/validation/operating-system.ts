import { isEqualJson, type FieldErrors, type FieldPath } from '#machinery';
import { containersOf } from '../placed-containers.ts';
import type { PodSpec } from '../pod-spec.ts';

/** A pod that says what system it is for has nothing of the other (`validateOS`, `validateLinux`, `validateWindows`). */
export function validateOperatingSystem(spec: PodSpec, errors: FieldErrors, path: FieldPath): void {
  if (!spec.os) return;
  const name: string = spec.os.name;
  if (name === '') errors.required(path.child('os', 'name'));
  else if (name === 'linux') forbidWindowsOptions(spec, errors, path);
  else if (name === 'windows') forbidLinuxFields(spec, errors, path);
  else errors.notSupported(path.child('os'), name, ['linux', 'windows']);
}

function forbidWindowsOptions(spec: PodSpec, errors: FieldErrors, path: FieldPath): void {
  for (const { container, path: at } of [{ container: spec, path }, ...containersOf(spec, path)]) {
    if (!container.securityContext?.windowsOptions) continue;
    errors.forbidden(at.child('securityContext', 'windowsOptions'), 'windows options cannot be set for a linux pod');
  }
}

const ofPod = ['hostUsers', 'hostPID', 'hostIPC', 'shareProcessNamespace'] as const;
const ofBoth = ['appArmorProfile', 'seLinuxOptions', 'seccompProfile', 'runAsUser', 'runAsGroup'] as const;
const ofPodContext = [
  ...ofBoth,
  'fsGroup',
  'fsGroupChangePolicy',
  'sysctls',
  'supplementalGroups',
  'supplementalGroupsPolicy',
  'seLinuxChangePolicy',
] as const;
const ofContainerContext = [
  ...ofBoth,
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
] as const;
const why = 'cannot be set for a windows pod';

function forbidLinuxFields(spec: PodSpec, errors: FieldErrors, path: FieldPath): void {
  forbidFields(spec, ofPod, errors, path);
  forbidFields(spec.securityContext ?? {}, ofPodContext, errors, path.child('securityContext'));
  for (const { container, path: at } of containersOf(spec, path)) {
    forbidFields(container.securityContext ?? {}, ofContainerContext, errors, at.child('securityContext'));
  }
}

/** What Go holds by value, as `hostPID`, is only there where it is true; an empty list of sysctls is none. */
function forbidFields<Fields extends object>(
  object: Fields,
  fields: readonly (keyof Fields & string)[],
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const field of fields) {
    const value: unknown = object[field];
    const isPlain = field === 'hostPID' || field === 'hostIPC';
    if (value === undefined || (isPlain && value === false) || (field === 'sysctls' && isEqualJson(value, [])))
      continue;
    errors.forbidden(path.child(field), why);
  }
}
