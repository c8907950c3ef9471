import { readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, type Cgroups } from '#base';

/** Removes a cgroup with all below it from every tree. One that still has processes stays, and is returned. */
export async function removeCgroup(cgroups: Cgroups, cgroup: string): Promise<string[]> {
  const kept = await Promise.all(cgroups.roots.map((root) => removeTree(join(root, cgroup))));
  return kept.flat();
}

async function removeTree(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const kept: string[] = [];
  for (const entry of entries) if (entry.isDirectory()) kept.push(...(await removeTree(join(folder, entry.name))));
  try {
    await rmdir(folder);
  } catch (error) {
    if (hasCode(error, 'EBUSY', 'ENOTEMPTY')) kept.push(folder);
    else if (!hasCode(error, 'ENOENT')) throw error;
  }
  return kept;
}

/** The processes of a cgroup and of all below it. */
export async function processesOf(cgroups: Cgroups, cgroup: string): Promise<number[]> {
  const found = await Promise.all(cgroups.roots.map((root) => processesBelow(join(root, cgroup))));
  return [...new Set(found.flat())];
}

async function processesBelow(folder: string): Promise<number[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const own = await readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '');
  const below = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map((entry) => processesBelow(join(folder, entry.name))),
  );
  return [...own.split('\n').filter(Boolean).map(Number), ...below.flat()];
}

/** How many processes of a cgroup the kernel killed for want of memory. */
export async function oomKills(cgroups: Cgroups, cgroup: string): Promise<number> {
  const file = cgroups.version === 2 ? 'memory.events' : 'memory.oom_control';
  const text = await readFile(join(cgroups.path('memory', cgroup), file), 'utf8').catch(() => '');
  return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
}
