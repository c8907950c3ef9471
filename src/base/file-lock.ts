import { open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import type * as koffiModule from 'koffi';
import type { Clock } from './clock.ts';

/** A lock that this process holds. */
export interface FileLock extends AsyncDisposable {
  release(): Promise<void>;
}

const exclusive = 2;
const nonBlocking = 4;
const waitMs = 10;

/**
 * Locks a file or a folder that exists, by flock(2), which Node.js does not offer; undefined when another has it. Nothing
 * is written: the kernel keeps the lock and lets go when this process ends, however it ends. Programs that this process
 * starts do not inherit it.
 */
export async function tryLock(path: string): Promise<FileLock | undefined> {
  const file = await open(path, 'r');
  const { flock, koffi } = libc();
  if (flock(file.fd, exclusive | nonBlocking) === 0) return lockOf(file);
  const errno = koffi.errno();
  await file.close();
  if (errno === constants.errno.EWOULDBLOCK) return undefined;
  throw new Error(`${path} cannot be locked: flock failed with error ${errno}`);
}

/** Locks a file or a folder that exists; throws naming who has it ("... is in use by process 7"). */
export async function lockOrThrow(path: string, name: string): Promise<FileLock> {
  const lock = await tryLock(path);
  if (lock) return lock;
  const pid = await lockHolder(path);
  throw new Error(`${name} is in use by ${pid === undefined ? 'another process' : `process ${pid}`}`);
}

/**
 * Locks a file or a folder that exists, once nobody else has it. It looks again and again: to wait in the kernel takes a
 * thread of the few that Node.js has, and whoever has the lock may need them to come to an end.
 */
export async function waitForLock(path: string, clock: Clock): Promise<FileLock> {
  for (;;) {
    const lock = await tryLock(path);
    if (lock) return lock;
    await clock.sleep(waitMs);
  }
}

/** The process that holds a lock on a file or folder, as far as the kernel tells (Linux, and in our own PID namespace). */
export async function lockHolder(path: string): Promise<number | undefined> {
  const { ino } = await stat(path);
  const locks = await readFile('/proc/locks', 'utf8').catch(() => '');
  const [, pid] = new RegExp(`FLOCK +ADVISORY +WRITE +(\\d+) \\S+:${ino} `).exec(locks) ?? [];
  return pid === undefined ? undefined : Number(pid);
}

function lockOf(file: FileHandle): FileLock {
  const release = (): Promise<void> => file.close();
  return { release, [Symbol.asyncDispose]: release };
}

interface Libc {
  koffi: typeof koffiModule;
  flock: (fd: number, operation: number) => number;
}

let loaded: Libc | undefined;

/** koffi is native code: it is loaded with the first lock, not with the program. */
function libc(): Libc {
  if (!loaded) {
    const koffi = createRequire(import.meta.url)('koffi') as typeof koffiModule;
    loaded = { koffi, flock: koffi.load(null).func('int flock(int fd, int operation)') as Libc['flock'] };
  }
  return loaded;
}
