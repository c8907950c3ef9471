import { readFile } from 'node:fs/promises';
import { execute } from '#base';

/** The mounts that the kubelet makes itself. Injected, so that tests and simulated nodes need no root. */
export interface Mounter {
  tmpfs(path: string, options: string): Promise<void>;
  isMountPoint(path: string): Promise<boolean>;
  unmount(path: string): Promise<void>;
}

/** Mounts of the machine. */
export const hostMounter: Mounter = {
  async tmpfs(path, options) {
    await execute(['mount', '-t', 'tmpfs', ...(options ? ['-o', options] : []), 'tmpfs', path]);
  },
  async isMountPoint(path) {
    const table = await readFile('/proc/self/mountinfo', 'utf8');
    return table.split('\n').some((line) => line.split(' ')[4] === path);
  },
  async unmount(path) {
    await execute(['umount', '-l', path]);
  },
};
