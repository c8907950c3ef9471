import { readFile } from 'node:fs/promises';
import type { ContainerConfig, LinuxContainerSecurityContext, PodSandboxConfig } from '#cri';
import type { ImageConfig } from '../images/manifest.ts';
import { allowedOomScore, type Machine } from '../machine.ts';
import { capabilitySets } from './capabilities.ts';
import { allDevices, givenDevices, type Devices } from './devices.ts';
import {
  baseMounts,
  bindMount,
  defaultMaskedPaths,
  defaultReadonlyPaths,
  orderMounts,
  rootPropagation,
  volumeMount,
} from './mounts.ts';
import { commandLine, environment } from './process.ts';
import { specResources } from './resources.ts';
import { defaultSeccomp } from './seccomp.ts';
import type { Seccomp, Spec, SpecMount } from './types.ts';
import type { ContainerUserIds } from './user.ts';

export interface SpecInput {
  config: ContainerConfig;
  sandbox: PodSandboxConfig;
  image: ImageConfig;
  user: ContainerUserIds;
  machine: Machine;
  rootfs: string;
  cgroupsPath: string;
  cgroupVersion: 1 | 2;
  /** What the container shares with its pod or the node; a namespace that is missing here is the node's. */
  namespaces: { type: string; path?: string }[];
  /** Files and folders of the sandbox at their places in the container. */
  sandboxFiles: { source: string; destination: string }[];
}

/** The OCI specification of a container: what the pod says, what the image says, and the runtime's defaults. */
export async function makeSpec(input: SpecInput): Promise<Spec> {
  const { config, image, machine } = input;
  const security: Partial<LinuxContainerSecurityContext> = config.linux?.securityContext ?? {};
  const privileged = security.privileged ?? false;
  const capabilities = capabilitySets(security.capabilities, { privileged, available: machine.capabilities });
  const [{ devices, rules }, seccomp, mounts] = await Promise.all([
    devicesOf(config, privileged),
    seccompOf(security, capabilities.bounding),
    mountsOf(input, privileged),
  ]);
  const resources = config.linux?.resources;
  const propagation = rootPropagation(config.mounts);
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: config.tty,
      user: input.user,
      args: commandLine(config, image),
      env: environment(config, image, input.sandbox.hostname || machine.hostname),
      cwd: config.workingDir || image.config?.WorkingDir || '/',
      capabilities,
      noNewPrivileges: security.noNewPrivs ?? false,
      oomScoreAdj: allowedOomScore(machine, resources?.oomScoreAdj ?? 0),
      ...appArmorOf(security, machine, privileged),
    },
    root: { path: input.rootfs, readonly: security.readonlyRootfs ?? false },
    mounts,
    linux: {
      namespaces: withCgroupNamespace(input, privileged),
      cgroupsPath: input.cgroupsPath,
      resources: { ...specResources(resources), devices: rules },
      devices,
      maskedPaths: privileged ? [] : pathsOr(security.maskedPaths, defaultMaskedPaths),
      readonlyPaths: privileged ? [] : pathsOr(security.readonlyPaths, defaultReadonlyPaths),
      ...(propagation && { rootfsPropagation: propagation }),
      ...(seccomp && !privileged && { seccomp }),
    },
  };
}

/** The kubelet always sends its lists; other clients leave the defaults to us. */
function pathsOr(paths: readonly string[] | undefined, defaults: readonly string[]): string[] {
  return [...(paths && paths.length > 0 ? paths : defaults)];
}

/** Only v2 lets a container see its own cgroup as the root of all. */
function withCgroupNamespace(input: SpecInput, privileged: boolean): { type: string; path?: string }[] {
  return input.cgroupVersion === 2 && !privileged ? [...input.namespaces, { type: 'cgroup' }] : input.namespaces;
}

function devicesOf(config: ContainerConfig, privileged: boolean): Promise<Devices> {
  return privileged ? allDevices() : givenDevices(config.devices);
}

async function mountsOf(input: SpecInput, privileged: boolean): Promise<SpecMount[]> {
  const { config } = input;
  const readonlyRoot = config.linux?.securityContext?.readonlyRootfs ?? false;
  const files = input.sandboxFiles.map(({ source, destination }) =>
    bindMount(source, destination, readonlyRoot && destination.startsWith('/etc/')),
  );
  const volumes = await Promise.all(config.mounts.map((mount) => volumeMount(mount)));
  return orderMounts([...baseMounts({ privileged }), ...files], volumes);
}

function appArmorOf(
  security: Partial<LinuxContainerSecurityContext>,
  machine: Machine,
  privileged: boolean,
): { apparmorProfile?: string } {
  const profile = security.apparmor;
  if (profile?.profileType !== 'Localhost' || privileged) return {};
  if (!machine.appArmor) throw new Error('apparmor is not enabled on this machine');
  return { apparmorProfile: profile.localhostRef };
}

async function seccompOf(
  security: Partial<LinuxContainerSecurityContext>,
  capabilities: readonly string[],
): Promise<Seccomp | undefined> {
  const profile = security.seccomp;
  if (profile?.profileType === 'RuntimeDefault') return defaultSeccomp(capabilities);
  if (profile?.profileType !== 'Localhost') return undefined;
  try {
    return JSON.parse(await readFile(profile.localhostRef, 'utf8')) as Seccomp; // runc judges what is in it
  } catch (error) {
    throw new Error(`cannot load seccomp profile "${profile.localhostRef}"`, { cause: error });
  }
}
