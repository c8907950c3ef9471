import { constants, createReadStream } from 'node:fs';
import { chmod, copyFile, link, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { dirname, join } from 'node:path';
import { pack } from 'tar-stream';
import { hasCode } from '#base';
import type { UnpackedLayer } from '../images/unpack-layer.ts';

/** What lies at a path of an image. */
export type TreeEntry =
  | { type: 'directory'; mode?: number }
  | { type: 'text'; content: string; mode?: number }
  | { type: 'file'; source: string; mode?: number }
  | { type: 'symlink'; target: string };

/** The files of a layer by path. The same files make the same archive, byte for byte, whenever it is made. */
export class FileTree {
  readonly #entries = new Map<string, TreeEntry>();

  add(path: string, entry: TreeEntry): void {
    for (let parent = dirname(path); parent !== '/' && !this.#entries.has(parent); parent = dirname(parent))
      this.#entries.set(parent, { type: 'directory' });
    this.#entries.set(path, entry);
  }

  /** The files of the machine that are in the tree. */
  get sources(): string[] {
    return [...this.#entries.values()].flatMap((entry) => (entry.type === 'file' ? [entry.source] : []));
  }

  /** All but the bytes of files, as one text: what an archive of it would be told by. */
  get outline(): string {
    return JSON.stringify(this.#sorted);
  }

  get #sorted(): [string, TreeEntry][] {
    return [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The tree as a tar archive. */
  archive(): AsyncIterable<Uint8Array> {
    const archive = pack();
    this.#write(archive).catch((error: unknown) =>
      archive.destroy(error instanceof Error ? error : new Error(String(error))),
    );
    return archive as AsyncIterable<Uint8Array>;
  }

  /** Puts the tree into a folder, as unpacking its archive would, but that files of this machine are linked where they can be. */
  async place(root: string): Promise<UnpackedLayer> {
    let bytes = 0;
    for (const [path, entry] of this.#sorted) bytes += await place(join(root, path), entry);
    return { bytes, entries: this.#entries.size, implicit: new Set() };
  }

  async #write(archive: ReturnType<typeof pack>): Promise<void> {
    for (const [path, entry] of this.#sorted) {
      const header = { name: path.slice(1), mtime: new Date(0), uid: 0, gid: 0 };
      if (entry.type === 'directory') archive.entry({ ...header, type: 'directory', mode: entry.mode ?? 0o755 });
      else if (entry.type === 'symlink') archive.entry({ ...header, type: 'symlink', linkname: entry.target });
      else if (entry.type === 'text') archive.entry({ ...header, mode: entry.mode ?? 0o644 }, entry.content);
      else await this.#writeFile(archive, { ...header, mode: entry.mode ?? 0o755 }, entry.source);
    }
    archive.finalize();
  }

  async #writeFile(
    archive: ReturnType<typeof pack>,
    header: { name: string; mode: number },
    source: string,
  ): Promise<void> {
    const { size } = await stat(source);
    // tar-stream's streams are not Node's, but near enough for Node to pipe into
    const sink = archive.entry({ ...header, size }) as unknown as Writable;
    await pipeline(createReadStream(source, { highWaterMark: 1 << 20 }), sink);
  }
}

/** Makes one entry; returns the bytes of its file. Parents come before, since their paths sort before. */
async function place(path: string, entry: TreeEntry): Promise<number> {
  switch (entry.type) {
    case 'directory':
      await mkdir(path, { recursive: true });
      await chmod(path, entry.mode ?? 0o755); // whatever the umask says
      return 0;
    case 'symlink':
      await symlink(entry.target, path);
      return 0;
    case 'text':
      await writeFile(path, entry.content);
      await chmod(path, entry.mode ?? 0o644);
      return Buffer.byteLength(entry.content);
    case 'file':
      return placeFile(path, entry.source, entry.mode ?? 0o755);
  }
}

/**
 * Links a file of this machine, so that it costs no disk, and one copy in memory serves the containers and Kedge itself.
 * Layers are only read: overlayfs copies a file before a container changes it. Programs are replaced on a machine, never
 * written in place, so the layer keeps what it has. A file of another owner or mode, or on another disk, is copied.
 */
async function placeFile(path: string, source: string, mode: number): Promise<number> {
  const { size, uid, gid, mode: has } = await stat(source);
  const isAsWanted = uid === 0 && gid === 0 && (has & 0o7777) === mode;
  if (!isAsWanted || !(await linked(source, path))) {
    await copyFile(source, path, constants.COPYFILE_FICLONE);
    await chmod(path, mode);
  }
  return size;
}

async function linked(source: string, path: string): Promise<boolean> {
  try {
    await link(source, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP')) return false;
    throw error;
  }
}
