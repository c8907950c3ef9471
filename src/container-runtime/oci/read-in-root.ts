import { lstat, readFile, readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { hasCode } from '#base';

const maxLinks = 40;
const maxBytes = 1 << 20;

/**
 * Where a path of a container lies for us, symbolic links followed as the container would: an image must not lead us to
 * a file of the machine. Undefined when there is nothing.
 */
export async function resolveInRoot(root: string, path: string): Promise<string | undefined> {
  let pending = posix.join('/', path).split('/').filter(Boolean);
  let here = '/';
  for (let links = 0; pending.length > 0;) {
    const [name = '', ...rest] = pending;
    const next = posix.join(here, name); // '..' of the root is the root
    const target = await linkTarget(join(root, next));
    if (target === undefined) return undefined;
    pending = rest;
    if (target === '') here = next;
    else if (++links > maxLinks) return undefined;
    else {
      if (target.startsWith('/')) here = '/';
      pending = [...target.split('/').filter(Boolean), ...rest];
    }
  }
  return join(root, here);
}

/** Undefined: nothing there. Empty: no link. */
async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink() ? await readlink(path) : '';
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** The text of a regular file of a container, undefined when there is none. */
export async function readInRoot(root: string, path: string): Promise<string | undefined> {
  const file = await resolveInRoot(root, path);
  if (file === undefined) return undefined;
  const status = await lstat(file);
  if (!status.isFile() || status.size > maxBytes) return undefined;
  return readFile(file, 'utf8');
}
