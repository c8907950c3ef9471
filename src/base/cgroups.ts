import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTextIfExists } from './files.ts';

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
