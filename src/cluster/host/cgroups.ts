import { rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findCgroups, hasCode } from '#base';
import { removeCgroup } from '#container-runtime';

/**
 * Removes a cluster's cgroup (`/kedge/NAME`) and what is below it, and its parent once no cluster has one there.
 * @throws Error when processes are left in it
 */
export async function removeClusterCgroup(path: string): Promise<void> {
  const cgroups = await findCgroups();
  const kept = await removeCgroup(cgroups, path);
  if (kept.length > 0) throw new Error(`processes are left in ${kept.join(', ')}`);
  for (const root of cgroups.roots) await removeIfEmpty(join(root, dirname(path)));
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT', 'EBUSY', 'ENOTEMPTY')) throw error;
  });
}
