import {
  chmodSync,
  closeSync,
  lchownSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { hasCode } from '#base';
import { deviceNumber, fileTypes, makeNode, setAttribute } from '../native/libc.ts';
import { LayerTree } from './layer-tree.ts';
import { tarEntries, type TarEntry } from './tar.ts';

/** What came out of a layer. */
export interface UnpackedLayer {
  /** Bytes of all files. */
  bytes: number;
  entries: number;
  /** Folders that the archive did not name; what is below decides about them. */
  implicit: ReadonlySet<string>;
}

const whiteoutPrefix = '.wh.';
const opaqueMarker = '.wh..wh..opq';
const opaqueAttribute = 'trusted.overlay.opaque';
const xattrPrefix = 'SCHILY.xattr.';

/**
 * Unpacks the tar archive of one layer into a folder that overlayfs can take as a lower one: what the layer deletes becomes
 * a character device 0/0, a folder that hides the one below gets the `opaque` attribute (OCI image spec, `layer.md`;
 * kernel, `overlayfs.rst`). Files are written synchronously: a chunk at a time costs less than a thread does.
 */
export async function unpackLayer(archive: AsyncIterable<Uint8Array>, root: string): Promise<UnpackedLayer> {
  const unpacker = new Unpacker(root);
  for await (const entry of tarEntries(archive)) await unpacker.entry(entry);
  return unpacker.finish();
}

class Unpacker {
  readonly #tree: LayerTree;
  #bytes = 0;
  #entries = 0;
  readonly #folderTimes: { path: string; mtime: Date }[] = [];

  constructor(root: string) {
    this.#tree = new LayerTree(root);
  }

  async entry(entry: TarEntry): Promise<void> {
    this.#entries++;
    const path = this.#tree.place(entry.header.name);
    const name = basename(path);
    if (path !== this.#tree.root && name.startsWith(whiteoutPrefix)) this.#whiteout(path, name);
    else await this.#make(entry, path);
  }

  /** Folders get their times last: every file that was made in them changed them. */
  finish(): UnpackedLayer {
    for (const { path, mtime } of this.#folderTimes.reverse()) {
      try {
        lutimesSync(path, mtime, mtime);
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) throw error; // the layer itself replaced it
      }
    }
    return { bytes: this.#bytes, entries: this.#entries, implicit: this.#tree.implicit };
  }

  #whiteout(path: string, name: string): void {
    if (name === opaqueMarker) return setAttribute(dirname(path), opaqueAttribute, Buffer.from('y'));
    if (name.startsWith('.wh..wh.')) return; // bookkeeping of aufs
    const hidden = join(dirname(path), name.slice(whiteoutPrefix.length));
    const status = lstat(hidden);
    // the layer hides what is below and brings its own of the same name
    if (status?.isDirectory()) setAttribute(hidden, opaqueAttribute, Buffer.from('y'));
    else if (!status) makeNode(hidden, fileTypes.characterDevice);
  }

  async #make(entry: TarEntry, path: string): Promise<void> {
    const { header } = entry;
    this.#tree.implicit.delete(this.#tree.relative(path));
    const replacesWhiteout = this.#clear(path, header.type === 'directory');
    switch (header.type) {
      case 'directory':
        if (path !== this.#tree.root && !lstat(path)) mkdirSync(path);
        if (replacesWhiteout) setAttribute(path, opaqueAttribute, Buffer.from('y'));
        break;
      case 'symlink':
        symlinkSync(header.linkname, path);
        break;
      case 'link':
        linkSync(this.#tree.place(header.linkname), path);
        return; // it has the mode, owner and times of the file it links to
      case 'character-device':
      case 'block-device':
      case 'fifo':
        makeSpecial(header, path);
        break;
      case 'file':
      case 'contiguous-file':
        await this.#file(entry, path);
        break;
      default:
        return; // headers that carry no file
    }
    this.#attributes(header, path);
  }

  /** Makes room for an entry; says whether a whiteout stood there. Two folders of the same name are one. */
  #clear(path: string, isFolder: boolean): boolean {
    const status = path === this.#tree.root ? undefined : lstat(path);
    if (!status || (isFolder && status.isDirectory())) return false;
    rmSync(path, { recursive: true, force: true });
    this.#tree.forget();
    return status.isCharacterDevice() && status.rdev === 0;
  }

  async #file(entry: TarEntry, path: string): Promise<void> {
    const file = openSync(path, 'wx', 0o600);
    try {
      for await (const chunk of entry.content) {
        for (let written = 0; written < chunk.length;) written += writeSync(file, chunk, written);
        this.#bytes += chunk.length;
      }
    } finally {
      closeSync(file);
    }
  }

  #attributes(header: TarEntry['header'], path: string): void {
    const { pax } = header;
    lchownSync(path, Number(pax?.['uid'] ?? header.uid), Number(pax?.['gid'] ?? header.gid));
    if (header.type !== 'symlink') chmodSync(path, header.mode & 0o7777); // after chown, which takes set-uid away
    for (const [key, value] of Object.entries(pax ?? {}))
      if (key.startsWith(xattrPrefix)) setXattr(path, key.slice(xattrPrefix.length), value);
    const mtime = pax?.['mtime'] ? new Date(Number(pax['mtime']) * 1000) : header.mtime;
    if (header.type === 'directory') this.#folderTimes.push({ path, mtime });
    else lutimesSync(path, mtime, mtime);
  }
}

function lstat(path: string): ReturnType<typeof lstatSync> | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function makeSpecial(header: TarEntry['header'], path: string): void {
  if (header.type === 'fifo') return makeNode(path, fileTypes.fifo | 0o600);
  const type = header.type === 'block-device' ? fileTypes.blockDevice : fileTypes.characterDevice;
  makeNode(path, type | 0o600, deviceNumber(header.devmajor, header.devminor));
}

/** Sets an attribute that the archive brings; those of overlayfs are ours to set. A file system without attributes is no error. */
function setXattr(path: string, name: string, value: string): void {
  if (name.startsWith('trusted.overlay.')) return;
  try {
    setAttribute(path, name, Buffer.from(value));
  } catch (error) {
    if (!hasCode(error, 'ENOTSUP', 'EOPNOTSUPP', 'EPERM')) throw error;
  }
}
