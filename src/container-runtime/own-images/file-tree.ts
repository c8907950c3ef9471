import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { dirname } from 'node:path';
import { pack } from 'tar-stream';

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
