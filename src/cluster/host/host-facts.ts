import { readFile, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { findCgroups, hasCode, runProcess } from '#base';
import { thisMachine, type Installed } from './host-needs.mjs';

/** What a machine has to say about running containers. */
export interface HostFacts {
  has: Installed;
  /** The effective capabilities of this process, bit by bit. */
  capabilities: bigint;
  /** The names of the cgroup controllers that are there to be used. */
  controllers: ReadonlySet<string>;
  /** What the kernel can mount. */
  fileSystems: ReadonlySet<string>;
  /** Whether the folder where clusters lie is itself on an overlay, as in a container. */
  homeOnOverlay: boolean;
}

/** `OVERLAYFS_SUPER_MAGIC` of `linux/magic.h`. */
const overlayMagic = 0x794c7630;

/** Looks at this machine; the kernel's module for overlays is loaded when it is not. */
export async function readHostFacts(home: string): Promise<HostFacts> {
  const [status, cgroups, fileSystems, homeType] = await Promise.all([
    readFile('/proc/self/status', 'utf8'),
    findCgroups(),
    readFileSystems(),
    fileSystemType(home),
  ]);
  return {
    has: thisMachine,
    capabilities: BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`),
    controllers: cgroups.controllers,
    fileSystems,
    homeOnOverlay: homeType === overlayMagic,
  };
}

/** A module that is not loaded is not in the kernel's list; a mount would load it, but that comes later. */
async function readFileSystems(): Promise<ReadonlySet<string>> {
  const known = await listFileSystems();
  if (known.has('overlay') || !thisMachine.command('modprobe')) return known;
  await runProcess(['modprobe', '--quiet', 'overlay']);
  return listFileSystems();
}

async function listFileSystems(): Promise<ReadonlySet<string>> {
  const lines = (await readFile('/proc/filesystems', 'utf8')).trim().split('\n');
  return new Set(lines.map((line) => line.split('\t')[1] ?? ''));
}

/** The type of file system that a folder lies on, or will when it is made. */
async function fileSystemType(folder: string): Promise<number> {
  try {
    return (await statfs(folder)).type;
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    return fileSystemType(dirname(folder));
  }
}
