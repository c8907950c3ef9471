import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '#base';

const root = '/sys/fs/cgroup';

/**
 * Removes a cgroup (`/kedge/NAME`) and what is below it from every hierarchy: that of cgroup v2, and each controller's of
 * v1. A parent that is empty then goes too. There must be no process left in them.
 */
export async function removeCgroup(path: string): Promise<void> {
  const hierarchies = (await folders(root)).map((name) => join(root, name));
  for (const hierarchy of [root, ...hierarchies]) {
    await removeTree(join(hierarchy, path));
    await removeIfEmpty(join(hierarchy, path, '..'));
  }
}

async function removeTree(folder: string): Promise<void> {
  for (const name of await folders(folder)) await removeTree(join(folder, name));
  await rmdir(folder).catch(ignoreMissing);
}

/** Another cluster may be using the parent. */
async function removeIfEmpty(folder: string): Promise<void> {
  if ((await folders(folder)).length > 0) return;
  await rmdir(folder).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT', 'EBUSY', 'ENOTEMPTY')) throw error;
  });
}

async function folders(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

function ignoreMissing(error: unknown): void {
  if (!hasCode(error, 'ENOENT')) throw error;
}
