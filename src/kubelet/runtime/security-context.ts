import type { Container, Pod } from '#api';
import { LinuxContainerSecurityContext, LinuxSandboxSecurityContext, NamespaceOption, SecurityProfile } from '#cri';

type Seccomp = { type: string; localhostProfile?: string };

/** Paths hidden and write-protected by default, as Docker and containerd do; `procMount: Unmasked` shows them. */
const maskedPaths = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
];
const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

/** Which namespaces the containers of a pod share. */
export function namespaceOptions(pod: Pod, targetId = ''): NamespaceOption {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace } = pod.spec;
  const shared = hostPID ? 'NODE' : shareProcessNamespace ? 'POD' : 'CONTAINER';
  return NamespaceOption.of({
    network: hostNetwork ? 'NODE' : 'POD',
    ipc: hostIPC ? 'NODE' : 'POD',
    pid: targetId !== '' && shared === 'CONTAINER' ? 'TARGET' : shared,
    targetId: shared === 'CONTAINER' ? targetId : '',
  });
}

/** The security of the sandbox itself. */
export function sandboxSecurity(pod: Pod): LinuxSandboxSecurityContext {
  const context = pod.spec.securityContext;
  const privileged = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].some(
    (container) => container.securityContext?.privileged,
  );
  return LinuxSandboxSecurityContext.of({
    namespaceOptions: namespaceOptions(pod),
    privileged,
    ...(context?.runAsUser !== undefined && { runAsUser: { value: context.runAsUser } }),
    ...(context?.runAsGroup !== undefined &&
      context.runAsUser !== undefined && { runAsGroup: { value: context.runAsGroup } }),
    supplementalGroups: supplementalGroups(pod),
    seccomp: seccompOf(context?.seccompProfile, privileged, 'RuntimeDefault'),
    ...(context?.seLinuxOptions && { selinuxOptions: context.seLinuxOptions }),
  });
}

function supplementalGroups(pod: Pod): number[] {
  const context = pod.spec.securityContext;
  return [...(context?.fsGroup === undefined ? [] : [context.fsGroup]), ...(context?.supplementalGroups ?? [])];
}

function seccompOf(
  profile: Seccomp | undefined,
  privileged: boolean,
  fallback: 'RuntimeDefault' | 'Unconfined',
): SecurityProfile {
  if (privileged && !profile) return SecurityProfile.of({ profileType: 'Unconfined' });
  const profileType =
    profile?.type === 'Localhost' || profile?.type === 'Unconfined' || profile?.type === 'RuntimeDefault'
      ? profile.type
      : fallback;
  return SecurityProfile.of({ profileType, localhostRef: profile?.localhostProfile ?? '' });
}

/** The user that the image brings: a number, a name, or neither (root). */
export interface ImageUser {
  readonly uid?: number;
  readonly username: string;
}

/** The number a container is to run as by its pod's and its own settings; undefined leaves it to the image. */
export function runAsUser(pod: Pod, container: Container): number | undefined {
  return container.securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser;
}

/**
 * Holds `runAsNonRoot` against the user that the container would have.
 * @throws Error in the kubelet's words, which becomes a `CreateContainerConfigError`
 */
export function verifyRunAsNonRoot(pod: Pod, container: Container, image: ImageUser): void {
  const nonRoot = container.securityContext?.runAsNonRoot ?? pod.spec.securityContext?.runAsNonRoot;
  if (!nonRoot) return;
  const about = `(pod: "${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})", container: ${container.name})`;
  const user = runAsUser(pod, container);
  if (user !== undefined) {
    if (user === 0) throw new Error(`container's runAsUser breaks non-root policy ${about}`);
    return;
  }
  if (image.uid === undefined && image.username === '') {
    throw new Error(`container has runAsNonRoot and image will run as root ${about}`);
  }
  if (image.uid === 0) throw new Error(`container has runAsNonRoot and image will run as root ${about}`);
  if (image.uid === undefined) {
    throw new Error(
      `container has runAsNonRoot and image has non-numeric user (${image.username}), cannot verify user is non-root ${about}`,
    );
  }
}

/** The security of a container: its own settings before its pod's. */
export function containerSecurity(
  pod: Pod,
  container: Container,
  image: ImageUser,
  targetId: string,
): LinuxContainerSecurityContext {
  const own = container.securityContext ?? {};
  const shared = pod.spec.securityContext ?? {};
  const privileged = own.privileged === true;
  const unmasked = privileged || own.procMount === 'Unmasked';
  const selinuxOptions = own.seLinuxOptions ?? shared.seLinuxOptions;
  return LinuxContainerSecurityContext.of({
    privileged,
    namespaceOptions: namespaceOptions(pod, targetId),
    capabilities: {
      addCapabilities: own.capabilities?.add ?? [],
      dropCapabilities: own.capabilities?.drop ?? [],
    },
    ...identityOf(pod, container, image),
    readonlyRootfs: own.readOnlyRootFilesystem === true,
    supplementalGroups: supplementalGroups(pod),
    supplementalGroupsPolicy: shared.supplementalGroupsPolicy === 'Strict' ? 'Strict' : 'Merge',
    noNewPrivs: own.allowPrivilegeEscalation === false,
    maskedPaths: unmasked ? [] : maskedPaths,
    readonlyPaths: unmasked ? [] : readonlyPaths,
    seccomp: seccompOf(own.seccompProfile ?? shared.seccompProfile, privileged, 'Unconfined'),
    ...(selinuxOptions && { selinuxOptions }),
  });
}

type Identity = { runAsUser?: { value: number }; runAsUsername?: string; runAsGroup?: { value: number } };

/** Who the container runs as: a number where one is known, root's too, else the image's user by name. */
function identityOf(pod: Pod, container: Container, image: ImageUser): Identity {
  const user = runAsUser(pod, container) ?? image.uid ?? (image.username === '' ? 0 : undefined);
  const group = container.securityContext?.runAsGroup ?? pod.spec.securityContext?.runAsGroup;
  return {
    ...(user === undefined ? { runAsUsername: image.username } : { runAsUser: { value: user } }),
    ...(group !== undefined && { runAsGroup: { value: group } }),
  };
}
