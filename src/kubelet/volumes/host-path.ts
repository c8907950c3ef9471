import { mkdir, open, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { dirname } from 'node:path';
import { hasCode } from '#base';

/**
 * Checks that a hostPath is what its `type` says, and makes it for the `...OrCreate` types.
 * @throws Error in the kubelet's words
 */
export async function prepareHostPath(path: string, type: string): Promise<void> {
  if (type === '') return;
  const found = await statIfExists(path);
  if (!found && type === 'DirectoryOrCreate') return void (await mkdir(path, { recursive: true, mode: 0o755 }));
  if (!found && type === 'FileOrCreate') return createFile(path);
  const check = checks[type];
  if (!check) throw new Error(`${JSON.stringify(type)} is an invalid volume type`);
  if (!found || !check.is(found)) throw new Error(`hostPath type check failed: ${path} is not a ${check.name}`);
}

const checks: Record<string, { name: string; is: (info: Stats) => boolean }> = {
  Directory: { name: 'directory', is: (info) => info.isDirectory() },
  DirectoryOrCreate: { name: 'directory', is: (info) => info.isDirectory() },
  File: { name: 'file', is: (info) => info.isFile() },
  FileOrCreate: { name: 'file', is: (info) => info.isFile() },
  Socket: { name: 'socket file', is: (info) => info.isSocket() },
  CharDevice: { name: 'character device', is: (info) => info.isCharacterDevice() },
  BlockDevice: { name: 'block device', is: (info) => info.isBlockDevice() },
};

async function createFile(path: string): Promise<void> {
  // The parent is not made: upstream leaves that to the user too.
  const file = await open(path, 'a', 0o644).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) throw new Error(`hostPath type check failed: ${dirname(path)} is not a directory`);
    throw error;
  });
  await file.close();
}

async function statIfExists(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
