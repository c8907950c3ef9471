import { execFile } from 'node:child_process';
import { statfs, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { hasCode } from '#base';

/** What a figure depends on besides the program. */
export interface MachineDescription {
  date: string;
  cores: number;
  processor: string;
  memoryGiB: number;
  kernel: string;
  node: string;
  /** Type of the file system that stores are on; a store on tmpfs flushes nothing. */
  fileSystem: string;
  /** Load of the last minute, before anything was measured: above 0.5, something else was running. */
  load: number;
}

const fileSystems: Record<number, string> = {
  0xef53: 'ext4',
  0x58465342: 'xfs',
  0x9123683e: 'btrfs',
  0x01021994: 'tmpfs',
  0x794c7630: 'overlayfs',
};

export async function describeMachine(directory: string): Promise<MachineDescription> {
  const { type } = await statfs(directory);
  return {
    date: new Date().toISOString(),
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    fileSystem: fileSystems[type] ?? `0x${type.toString(16)}`,
    load: loadavg()[0] ?? 0,
  };
}

export function machineLine(machine: MachineDescription): string {
  const { date, cores, processor, memoryGiB, kernel, node, fileSystem, load } = machine;
  const day = date.slice(0, 16).replace('T', ' ');
  return `${day} UTC, ${cores} cores (${processor}), ${memoryGiB} GiB, Linux ${kernel}, Node.js ${node}, ${fileSystem}, load ${load.toFixed(1)}`;
}

/** Drops what the machine holds of its disks in memory; false where that is not allowed. */
export async function dropCaches(): Promise<boolean> {
  await promisify(execFile)('sync');
  try {
    await writeFile('/proc/sys/vm/drop_caches', '3');
    return true;
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOENT')) return false;
    throw error;
  }
}
