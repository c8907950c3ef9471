import { readFile, statfs } from 'node:fs/promises';
import { cpus, release } from 'node:os';

/** What a node tells of the machine it is. */
export interface MachineFacts {
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly machineId: string;
  readonly systemUuid: string;
  readonly bootId: string;
  readonly kernelVersion: string;
  readonly osImage: string;
  readonly architecture: string;
}

/** Reads the facts of this machine; the disk is that of `directory`. */
export async function readMachine(directory: string): Promise<MachineFacts> {
  const text = (path: string): Promise<string> =>
    readFile(path, 'utf8').then(
      (read) => read.trim(),
      () => '',
    );
  const [meminfo, machineId, systemUuid, bootId, osRelease, disk] = await Promise.all([
    text('/proc/meminfo'),
    text('/etc/machine-id'),
    text('/sys/class/dmi/id/product_uuid'),
    text('/proc/sys/kernel/random/boot_id'),
    text('/etc/os-release'),
    statfs(directory),
  ]);
  return {
    cpus: cpus().length,
    memoryBytes: Number(/^MemTotal:\s+(\d+) kB/m.exec(meminfo)?.[1] ?? 0) * 1024,
    diskBytes: disk.blocks * disk.bsize,
    machineId,
    systemUuid: systemUuid || machineId,
    bootId,
    kernelVersion: release(),
    osImage: /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(osRelease)?.[1] ?? 'Linux',
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
  };
}
