import type { FieldErrors, FieldPath } from '#machinery';
import type { PodSpec } from '../pod-spec.ts';
import type { AppArmorProfile, SeccompProfile, SecurityContext, Sysctl } from '../security-context.ts';
import { validateDescendingPath } from './paths.ts';
import { validateWindowsOptions } from './windows-options.ts';

/** The longest path, without the byte that ends it. */
const maxProfileBytes = 4095;
const maxId = 2 ** 31 - 1;

/** The number of a user or of a group. */
export function validateId(id: number | undefined, errors: FieldErrors, path: FieldPath): void {
  if (id !== undefined && (id < 0 || id > maxId)) {
    errors.invalid(path, id, `must be between 0 and ${maxId}, inclusive`);
  }
}

/** Users, capabilities and profiles of one container. */
export function validateSecurityContext(
  context: SecurityContext,
  hostUsers: boolean,
  errors: FieldErrors,
  path: FieldPath,
): void {
  validateId(context.runAsUser, errors, path.child('runAsUser'));
  validateId(context.runAsGroup, errors, path.child('runAsGroup'));
  if (hostUsers && context.procMount === 'Unmasked') {
    errors.invalid(path.child('procMount'), context.procMount, '`hostUsers` must be false to use `Unmasked`');
  }
  if (context.seccompProfile) validateSeccomp(context.seccompProfile, errors, path.child('seccompProfile'));
  if (context.appArmorProfile) validateAppArmor(context.appArmorProfile, errors, path.child('appArmorProfile'));
  const { windowsOptions } = context;
  if (windowsOptions) validateWindowsOptions(windowsOptions, errors, path.child('windowsOptions'));
  if (context.allowPrivilegeEscalation !== false) return;
  const cannot = (what: string): void =>
    errors.invalid(path, context, `cannot set \`allowPrivilegeEscalation\` to false and ${what}`);
  if (context.privileged) cannot('`privileged` to true');
  if (context.capabilities?.add?.includes('CAP_SYS_ADMIN')) cannot('`capabilities.Add` CAP_SYS_ADMIN');
}

/** Users, groups, profiles and kernel settings of a pod. */
export function validatePodSecurityContext(spec: PodSpec, errors: FieldErrors, path: FieldPath): void {
  const { securityContext: context, shareProcessNamespace, hostPID } = spec;
  const at = path.child('securityContext');
  if (shareProcessNamespace && hostPID) {
    const why = 'ShareProcessNamespace and HostPID cannot both be enabled';
    errors.invalid(at.child('shareProcessNamespace'), true, why);
  }
  if (!context) return;
  validateId(context.fsGroup, errors, at.child('fsGroup'));
  validateId(context.runAsUser, errors, at.child('runAsUser'));
  validateId(context.runAsGroup, errors, at.child('runAsGroup'));
  for (const [index, gid] of (context.supplementalGroups ?? []).entries()) {
    validateId(gid, errors, at.child('supplementalGroups').index(index));
  }
  const { sysctls, seccompProfile, windowsOptions, seLinuxChangePolicy: policy } = context;
  if (sysctls) validateSysctls(sysctls, spec, errors, at.child('sysctls'));
  if (seccompProfile) validateSeccomp(seccompProfile, errors, at.child('seccompProfile'));
  if (windowsOptions) validateWindowsOptions(windowsOptions, errors, at.child('windowsOptions'));
  if (policy !== undefined && policy !== 'Recursive') {
    // Mounting with a label is behind a feature gate that is off by default (`SELinuxMount`).
    errors.notSupported(at.child('seLinuxChangePolicy'), policy, ['Recursive']);
  }
  if (context.appArmorProfile) validateAppArmor(context.appArmorProfile, errors, at.child('appArmorProfile'));
}

/** A pod with users of its own shares no other namespace with the node. */
export function validateHostUsers(spec: PodSpec, errors: FieldErrors, path: FieldPath): void {
  if (spec.hostUsers !== false) return;
  const why = 'when `hostUsers` is false';
  if (spec.hostNetwork) errors.forbidden(path.child('hostNetwork'), why);
  // Upstream spells these two so.
  if (spec.hostPID) errors.forbidden(path.child('HostPID'), why);
  if (spec.hostIPC) errors.forbidden(path.child('HostIPC'), why);
}

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function validateSeccomp({ type, localhostProfile }: SeccompProfile, errors: FieldErrors, path: FieldPath): void {
  const at = path.child('localhostProfile');
  validateProfileType(type, 'seccompProfile', errors, path.child('type'));
  if (type !== 'Localhost') {
    if (localhostProfile === undefined) return;
    errors.invalid(at, { type, localhostProfile }, 'can only be set when seccomp type is Localhost');
  } else if (localhostProfile === undefined) {
    errors.required(at, 'must be set when seccomp type is Localhost');
  } else validateDescendingPath(localhostProfile, errors, at);
}

function validateProfileType(type: string, field: string, errors: FieldErrors, path: FieldPath): void {
  if (type === '') errors.required(path, `type is required when ${field} is set`);
  else if (!profileTypes.includes(type)) errors.notSupported(path, type, profileTypes);
}

function validateAppArmor({ type, localhostProfile }: AppArmorProfile, errors: FieldErrors, path: FieldPath): void {
  const at = path.child('localhostProfile');
  validateProfileType(type, 'appArmorProfile', errors, path.child('type'));
  if (!profileTypes.includes(type)) return;
  if (type !== 'Localhost') {
    const why = 'can only be set when AppArmor type is Localhost';
    if (localhostProfile !== undefined) errors.invalid(at, localhostProfile, why);
  } else if (localhostProfile === undefined || localhostProfile === '') {
    errors.required(at, 'must be set when AppArmor type is Localhost');
  } else if (localhostProfile.trim() !== localhostProfile) {
    errors.invalid(at, localhostProfile, 'must not be padded with whitespace');
  }
  if (Buffer.byteLength(localhostProfile ?? '') > maxProfileBytes) errors.tooLong(at, maxProfileBytes);
}

const sysctlSegment = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const sysctlName = `^(${sysctlSegment}[\\./])*${sysctlSegment}$`;
const sysctlRegex = new RegExp(sysctlName);
const maxSysctlLength = 253;

function validateSysctls(
  sysctls: readonly Sysctl[],
  { hostNetwork, hostIPC }: PodSpec,
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const [at, { name }] of sysctls.entries()) {
    const here = path.index(at).child('name');
    if (name === '') continue;
    if (name.length > maxSysctlLength || !sysctlRegex.test(name)) {
      errors.invalid(here, name, `must have at most ${maxSysctlLength} characters and match regex ${sysctlName}`);
    } else if (sysctls.slice(0, at).some((one) => one.name === name)) errors.duplicate(here, name);
    const plain = name.replaceAll('/', '.');
    const isIpc = /^kernel\.(shm|msg|sem)|^fs\.mqueue\./.test(plain);
    if (hostNetwork && plain.startsWith('net.')) {
      errors.invalid(here, name, "may not be specified when 'hostNetwork' is true");
    } else if (hostIPC && isIpc) errors.invalid(here, name, "may not be specified when 'hostIPC' is true");
  }
}
