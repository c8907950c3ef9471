import type { Capability } from '#cri';
import type { Process } from './types.ts';

/** Every capability of Linux, by number. */
export const allCapabilities = (
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE ' +
  'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN ' +
  'SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE ' +
  'MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
)
  .split(' ')
  .map((name) => `CAP_${name}`);

/** What a container may do unless told otherwise: the set of Docker and containerd. */
const defaultCapabilities =
  'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE'
    .split(' ')
    .map((name) => `CAP_${name}`);

/** The capabilities of `/proc/self/status` (`CapEff`) by name: more than these cannot be given. */
export function capabilitiesOfMask(mask: bigint): Set<string> {
  return new Set(allCapabilities.filter((_, number) => (mask >> BigInt(number)) & 1n));
}

/**
 * The capability sets of a process. Inheritable ones are not given unless they are to be ambient: a set that an exec
 * could bring back to life is no default (containerd, CVE-2022-24769).
 */
export function capabilitySets(
  wanted: Capability | undefined,
  options: { privileged: boolean; available: ReadonlySet<string> },
): Process['capabilities'] {
  const base = options.privileged ? allCapabilities : change(defaultCapabilities, wanted);
  const given = base.filter((name) => options.available.has(name));
  const ambient = (wanted?.addAmbientCapabilities ?? []).map(fullName).filter((name) => given.includes(name));
  return { bounding: given, effective: given, permitted: given, inheritable: ambient, ambient };
}

/** `ALL` first, then names: `drop: [ALL], add: [NET_RAW]` leaves one. */
function change(
  base: readonly string[],
  { addCapabilities = [], dropCapabilities = [] }: Partial<Capability> = {},
): string[] {
  const add = addCapabilities.map(fullName);
  const drop = dropCapabilities.map(fullName);
  let set = new Set(base);
  if (add.includes('CAP_ALL')) set = new Set(allCapabilities);
  if (drop.includes('CAP_ALL')) set = new Set();
  for (const name of add) if (allCapabilities.includes(name)) set.add(name);
  for (const name of drop) set.delete(name);
  return [...set];
}

function fullName(name: string): string {
  const upper = name.toUpperCase();
  return upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
}
