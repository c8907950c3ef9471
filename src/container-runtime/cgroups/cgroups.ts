import { readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, readTextIfExists } from '#base';

/** How the machine's cgroups are mounted: one v2 tree, or a v1 tree for each controller (beside an unused v2 tree: hybrid). */
export interface Cgroups {
  readonly version: 1 | 2;
  /** The folder of a cgroup for a controller; in v2 the same for all. */
  path(controller: string, cgroup: string): string;
  /** The folders of all trees. */
  readonly roots: readonly string[];
  /** The controllers that can be used; none when no cgroups are mounted. */
  readonly controllers: ReadonlySet<string>;
}

/** Reads from `/proc/self/mountinfo` where cgroups are. */
export async function findCgroups(mountInfo?: string): Promise<Cgroups> {
  const text = mountInfo ?? (await readFile('/proc/self/mountinfo', 'utf8'));
  const v1 = new Map<string, string>();
  const roots: string[] = [];
  let unified: string | undefined;
  for (const line of text.split('\n')) {
    const [front = '', back = ''] = line.split(' - ');
    const folder = front.split(' ')[4] ?? '';
    const [type, , options = ''] = back.split(' ');
    if (type !== 'cgroup' && type !== 'cgroup2') continue;
    roots.push(folder);
    if (type === 'cgroup2') unified ??= folder;
    else for (const option of options.split(',')) v1.set(option, folder);
  }
  const version = v1.has('memory') || unified === undefined ? 1 : 2;
  const rootOf = (controller: string): string =>
    version === 2 ? (unified ?? '') : (v1.get(controller) ?? `/sys/fs/cgroup/${controller}`);
  const controllers = version === 2 ? await controllersBelow(unified ?? '') : new Set(v1.keys());
  return { version, roots, controllers, path: (controller, cgroup) => join(rootOf(controller), cgroup) };
}

async function controllersBelow(root: string): Promise<ReadonlySet<string>> {
  return new Set((await readTextIfExists(join(root, 'cgroup.controllers')))?.trim().split(' ') ?? []);
}

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
