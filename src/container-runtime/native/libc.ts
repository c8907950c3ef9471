import { constants as fileFlags, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import type * as koffiModule from 'koffi';

// The few system calls that Node.js does not offer, called in place: a process for each would be too slow.

type Koffi = typeof koffiModule;

/** koffi is native code: it is loaded when the first container needs it, not with the program. */
export const koffiPath = (): string => createRequire(import.meta.url).resolve('koffi');

type Call = (...args: unknown[]) => number;

interface Libc {
  koffi: Koffi;
  mount: Call;
  umount2: Call;
  mknodat: Call;
  lsetxattr: Call;
  lgetxattr: Call;
  ioctl: Call;
}

let loaded: Libc | undefined;

function libc(): Libc {
  loaded ??= load();
  return loaded;
}

function load(): Libc {
  const koffi = createRequire(import.meta.url)('koffi') as Koffi;
  const library = koffi.load(null); // the C library of this very process, glibc or musl
  const bind = (signature: string): Call => library.func(signature) as Call;
  return {
    koffi,
    mount: bind('int mount(const char *source, const char *target, const char *type, ulong flags, const char *data)'),
    umount2: bind('int umount2(const char *target, int flags)'),
    // by number: the C library exports no mknod before glibc 2.33
    mknodat: bind('long syscall(long number, int directory, const char *path, uint mode, uint device)'),
    lsetxattr: bind('int lsetxattr(const char *path, const char *name, const void *value, size_t size, int flags)'),
    lgetxattr: bind('long lgetxattr(const char *path, const char *name, _Out_ uint8_t *value, size_t size)'),
    ioctl: bind('int ioctl(int fd, ulong request, void *data)'),
  };
}

/** An error of a system call, in the form of those of `node:fs`. */
function check(result: number, call: string, path: string): void {
  if (result >= 0) return;
  const number = libc().koffi.errno();
  const code = Object.entries(constants.errno).find(([, value]) => value === number)?.[0] ?? `errno ${number}`;
  throw Object.assign(new Error(`${code}: ${call} '${path}'`), { code, errno: -number, syscall: call, path });
}

export const mountFlags = {
  readOnly: 1,
  noSuid: 2,
  noDev: 4,
  noExec: 8,
  remount: 32,
  bind: 4096,
  recursive: 16384,
  private: 1 << 18,
  slave: 1 << 19,
  shared: 1 << 20,
} as const;

/** mount(2). Throws an error with the `code` of errno. */
export function mount(source: string, target: string, type: string, flags = 0, data = ''): void {
  check(
    libc().mount(source, target, type, flags, data),
    'mount',
    `${target}' of '${source}' (${type})${data && ` with '${data}`}`,
  );
}

/** Takes a mount away, or hides it until nobody uses it any more. What is not mounted is no error. */
export function unmount(target: string): void {
  const detachNoFollow = 2 | 8;
  try {
    check(libc().umount2(target, detachNoFollow), 'umount', target);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'EINVAL' || error.code === 'ENOENT')))
      throw error;
  }
}

export const fileTypes = { characterDevice: 0o020000, blockDevice: 0o060000, fifo: 0o010000 } as const;

const mknodatNumber = process.arch === 'x64' ? 259 : 33; // arm64 and all younger architectures
const currentDirectory = -100;

/** The number of a device as the kernel packs it. */
export function deviceNumber(major: number, minor: number): number {
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}

/** mknod(2): a device or a fifo. */
export function makeNode(path: string, mode: number, device = 0): void {
  check(libc().mknodat(mknodatNumber, currentDirectory, path, mode, device), 'mknod', path);
}

export function setAttribute(path: string, name: string, value: Uint8Array): void {
  check(libc().lsetxattr(path, name, value, value.length, 0), 'lsetxattr', path);
}

/** Whether a file or folder has an attribute; not, where the file system knows none. */
export function hasAttribute(path: string, name: string): boolean {
  return libc().lgetxattr(path, name, Buffer.alloc(16), 16) >= 0;
}

const ioctls = { getPseudoTerminalNumber: 0x80045430, lockPseudoTerminal: 0x40045431, setWindowSize: 0x5414 };

/** A new pseudo-terminal; both ends are file descriptors to be closed by the caller. */
export function openTerminal(): { master: number; slave: number } {
  const flags = fileFlags.O_RDWR | fileFlags.O_NOCTTY;
  const master = openSync('/dev/ptmx', flags);
  const number = Buffer.alloc(4);
  check(libc().ioctl(master, ioctls.lockPseudoTerminal, number), 'ioctl', '/dev/ptmx');
  check(libc().ioctl(master, ioctls.getPseudoTerminalNumber, number), 'ioctl', '/dev/ptmx');
  return { master, slave: openSync(`/dev/pts/${number.readUInt32LE()}`, flags) };
}

/** Tells a terminal how large its window is. */
export function resizeTerminal(descriptor: number, rows: number, columns: number): void {
  const size = Buffer.alloc(8);
  size.writeUInt16LE(rows, 0);
  size.writeUInt16LE(columns, 2);
  check(libc().ioctl(descriptor, ioctls.setWindowSize, size), 'ioctl', 'TIOCSWINSZ');
}
