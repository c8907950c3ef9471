import { lstat, mkdir, realpath } from 'node:fs/promises';
import { posix } from 'node:path';
import { hasCode } from '#base';
import { CriError, type Mount } from '#cri';
import type { SpecMount } from './types.ts';

/** Paths under /proc and /sys that tell of the machine or change it; containerd's list. */
export const defaultMaskedPaths = [
  '/proc/acpi',
  '/proc/asound',
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
export const defaultReadonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

/** What every container sees besides its image. */
export function baseMounts(options: { privileged: boolean }): SpecMount[] {
  const access = options.privileged ? 'rw' : 'ro';
  const safe = ['nosuid', 'noexec', 'nodev'];
  return [
    { destination: '/proc', type: 'proc', source: 'proc', options: safe },
    {
      destination: '/dev',
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
    },
    {
      destination: '/dev/pts',
      type: 'devpts',
      source: 'devpts',
      options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
    },
    { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: safe },
    { destination: '/sys', type: 'sysfs', source: 'sysfs', options: [...safe, access] },
    { destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup', options: [...safe, 'relatime', access] },
  ];
}

/** A file or folder of the machine at a place of the container. */
export function bindMount(source: string, destination: string, readonly = false): SpecMount {
  return { destination, type: 'bind', source, options: ['rbind', 'rprivate', readonly ? 'ro' : 'rw'] };
}

const propagations = {
  PROPAGATION_PRIVATE: 'rprivate',
  PROPAGATION_HOST_TO_CONTAINER: 'rslave',
  PROPAGATION_BIDIRECTIONAL: 'rshared',
} as const;

/** The mount that CRI asks for. A path that is missing on the machine becomes an empty folder, as containerd does it. */
export async function volumeMount(mount: Mount): Promise<SpecMount> {
  checkRecursive(mount);
  const source = await hostSource(mount.hostPath);
  const access = mount.readonly ? (mount.recursiveReadOnly ? ['ro', 'rro'] : ['ro']) : ['rw'];
  return {
    destination: posix.join('/', mount.containerPath),
    type: 'bind',
    source,
    options: ['rbind', propagations[mount.propagation], ...access],
  };
}

/** What is made below a mount later would not be read-only: so it must not appear in the container at all. */
function checkRecursive({ recursiveReadOnly, readonly, propagation, containerPath }: Mount): void {
  if (!recursiveReadOnly) return;
  if (!readonly) throw new CriError('InvalidArgument', `mount ${containerPath}: recursive_read_only requires readonly`);
  if (propagation !== 'PROPAGATION_PRIVATE')
    throw new CriError('InvalidArgument', `mount ${containerPath}: recursive_read_only requires private propagation`);
}

async function hostSource(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw new Error(`failed to resolve symlink "${path}"`, { cause: error });
  }
  const dangling = await lstat(path).catch(() => undefined);
  if (dangling) throw new Error(`failed to resolve symlink "${path}": no such file or directory`);
  await mkdir(path, { recursive: true, mode: 0o755 });
  return path;
}

/** Volumes win over what the runtime brings to the same place; a mount stands after those it lies in. */
export function orderMounts(base: readonly SpecMount[], volumes: readonly SpecMount[]): SpecMount[] {
  const taken = new Set(volumes.map(({ destination }) => destination));
  const kept = base.filter(({ destination }) => !taken.has(destination));
  return [...kept, ...volumes].sort((a, b) => depth(a.destination) - depth(b.destination));
}

function depth(path: string): number {
  return path.split('/').filter(Boolean).length;
}

/** How mounts made later travel into and out of the container as a whole. */
export function rootPropagation(mounts: readonly Mount[]): string | undefined {
  if (mounts.some(({ propagation }) => propagation === 'PROPAGATION_BIDIRECTIONAL')) return 'rshared';
  if (mounts.some(({ propagation }) => propagation === 'PROPAGATION_HOST_TO_CONTAINER')) return 'rslave';
  return undefined;
}
