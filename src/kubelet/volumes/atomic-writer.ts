import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  rmdir,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasCode } from '#base';

/** A file of a projected volume. */
export interface FileProjection {
  readonly data: Uint8Array;
  readonly mode: number;
  /** The owner, where it is not root. */
  readonly user?: number;
}

/** Files by path relative to the volume. */
export type Payload = ReadonlyMap<string, FileProjection>;

const dataLink = '..data';
const newDataLink = '..data_tmp';

/**
 * Makes the directory show exactly these files, all at once: they are written into a directory with a time in its name, the link
 * `..data` is swapped to it by a rename, and what users see are links through `..data` (upstream `pkg/volume/util/atomic_writer.go`).
 * A reader that keeps `..data` open never sees a mixture. Does nothing, and returns false, when the files are there already.
 * @throws Error for a path that would leave the directory
 */
export async function writeAtomically(directory: string, payload: Payload, nowMs: number): Promise<boolean> {
  for (const path of payload.keys()) validatePath(path);
  const old = await readLinkIfExists(join(directory, dataLink));
  if (old !== undefined && (await isCurrent(join(directory, old), payload))) {
    await linkAndPrune(directory, payload);
    return false;
  }
  const fresh = await mkdtemp(join(directory, `..${timestamp(nowMs)}.`));
  await chmod(fresh, 0o755);
  for (const [path, file] of payload) await writeProjection(join(fresh, path), file);
  const name = fresh.slice(directory.length + 1);
  await rm(join(directory, newDataLink), { force: true });
  await symlink(name, join(directory, newDataLink));
  await rename(join(directory, newDataLink), join(directory, dataLink));
  await linkAndPrune(directory, payload);
  if (old !== undefined && old !== name) await rm(join(directory, old), { recursive: true, force: true });
  return true;
}

function validatePath(path: string): void {
  const parts = path.split('/');
  if (path === '' || path.startsWith('/')) throw new Error(`invalid path: must be relative path: ${path}`);
  if (parts.includes('..')) throw new Error(`invalid path: must not contain '..': ${path}`);
  if ((parts[0] ?? '').startsWith('..')) throw new Error(`invalid path: must not start with '..': ${path}`);
}

async function writeProjection(path: string, { data, mode, user }: FileProjection): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, data, { mode });
  await chmod(path, mode); // against the umask
  if (user !== undefined) await chown(path, user, -1);
}

/** Whether a version of the data holds these files and no others. */
async function isCurrent(version: string, payload: Payload): Promise<boolean> {
  const files = await filesUnder(version);
  if (files.length !== payload.size) return false;
  for (const [path, { data, mode }] of payload) {
    if (!files.includes(path)) return false;
    const info = await lstat(join(version, path));
    // fsGroup may have widened the mode; what was asked for must be in it.
    if ((info.mode & mode) !== mode || info.size !== data.length) return false;
    if (Buffer.compare(await readFile(join(version, path)), data) !== 0) return false;
  }
  return true;
}

async function filesUnder(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Links what users see, the first element of each path, and removes links whose files are gone. */
async function linkAndPrune(directory: string, payload: Payload): Promise<void> {
  const wanted = new Set([...payload.keys()].map((path) => path.split('/', 1)[0] ?? path));
  const present = (await readdir(directory)).filter((name) => !name.startsWith('..'));
  for (const name of present) if (!wanted.has(name)) await removeEntry(join(directory, name));
  for (const name of wanted) {
    if (!present.includes(name)) await symlink(join(dataLink, name), join(directory, name));
  }
}

async function removeEntry(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (hasCode(error, 'EISDIR', 'EPERM')) await rmdir(path);
    else throw error;
  }
}

async function readLinkIfExists(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** `2026_01_02_15_04_05`. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace(/[-T:]/g, '_');
}
