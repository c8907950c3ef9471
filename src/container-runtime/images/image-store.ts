import { mkdir, readdir, readFile, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { hasCode, KeyedMutex, writeFileAtomic, type Logger } from '#base';
import { collectGarbage } from './collect-garbage.ts';
import { ContentStore } from './content-store.ts';
import { findImage, normalized, type ImageRecord } from './image-record.ts';
import { LayerStore } from './layer-store.ts';
import { loadArchive } from './load-archive.ts';

export interface ImageStoreOptions {
  /** The folder of the machine's images, shared by all nodes and clusters. */
  directory: string;
  /** Where the names are that this store adds and removes; by default those of the machine, which every node sees. */
  references?: string;
  log: Logger;
}

/**
 * The images of a machine, or of one node of it. Content (blobs, unpacked layers) is shared by all; names are not: a
 * node pulls and removes for itself, and sees besides what was loaded for the whole machine, as `kedge image load` does.
 *
 *     IMAGES/blobs/sha256/HEX      manifests and configurations
 *            layers/ID, ID.json    unpacked layers
 *            references/           the machine's images, one file each
 *            roots/                which other folders of references there are, for the garbage collector
 *            ingest/               what is being written
 */
export class ImageStore {
  readonly content: ContentStore;
  readonly layers: LayerStore;
  readonly log: Logger;
  readonly images: string;
  readonly references: string;
  readonly #machine: string;
  readonly #mutex = new KeyedMutex();
  readonly #cache = new Map<string, { stamp: bigint; records: ImageRecord[] }>();

  constructor(options: ImageStoreOptions) {
    this.images = options.directory;
    this.#machine = join(options.directory, 'references');
    this.references = options.references ?? this.#machine;
    this.content = new ContentStore(options.directory);
    this.layers = new LayerStore(options.directory);
    this.log = options.log;
  }

  /** All images that are seen here. */
  async list(): Promise<ImageRecord[]> {
    const own = await this.#read(this.references);
    if (this.references === this.#machine) return own;
    const shared = await this.#read(this.#machine);
    return mergeRecords(own, shared);
  }

  /** The image of a name, digest or ID. */
  async find(name: string): Promise<ImageRecord | undefined> {
    return findImage(await this.list(), name);
  }

  /** Adds an image under the names in it; a name that stood for another image now stands for this one. */
  async add(record: ImageRecord): Promise<ImageRecord> {
    return this.#mutex.run('references', async () => {
      const others = await this.#read(this.references);
      const known = others.find(({ id }) => id === record.id);
      const names = [...new Set([...(known?.names ?? []), ...record.names])];
      const digests = [...new Set([...(known?.digests ?? []), ...record.digests])];
      const added = { ...record, names, digests };
      await this.#write(added);
      for (const other of others) if (other.id !== record.id) await this.#takeNames(other, names);
      return added;
    });
  }

  /**
   * Removes the image that a name, digest or ID stands for, with all its names, as CRI does. Returns false when there is
   * none. What nobody holds any more leaves the disk.
   */
  async remove(name: string): Promise<boolean> {
    const removed = await this.#mutex.run('references', async () => {
      const record = findImage(await this.#read(this.references), name);
      if (record) await rm(this.#file(record.id), { force: true });
      return record !== undefined;
    });
    if (removed) await this.collect();
    return removed;
  }

  /** Takes a name away; the image is removed with its last one. Returns false when nothing bears the name. */
  async untag(name: string): Promise<boolean> {
    const full = normalized(name);
    const isOneOfSeveral = await this.#mutex.run('references', async () => {
      const record = (await this.#read(this.references)).find(({ names }) => names.includes(full));
      if (!record || record.names.length === 1) return false;
      await this.#takeNames(record, [full]);
      return true;
    });
    return isOneOfSeveral || this.remove(name);
  }

  /** Loads an archive as `docker save` or OCI tools write it; returns the names of the images in it. */
  loadArchive(archive: Readable): Promise<string[]> {
    return loadArchive(this, archive);
  }

  /** Removes blobs and layers that no image, container or pull of any node holds. */
  collect(): Promise<void> {
    return this.#mutex.run('collect', () => collectGarbage(this));
  }

  /** The file system of the images. */
  async usage(): Promise<{ mountpoint: string; usedBytes: number; inodesUsed: number; freeBytes: number }> {
    await mkdir(this.images, { recursive: true });
    const facts = await Promise.all(
      (await this.layers.list()).map((layer) => this.layers.facts(layer).catch(() => ({ bytes: 0, entries: 0 }))),
    );
    const { bavail, bsize } = await statfs(this.images);
    return {
      mountpoint: this.images,
      usedBytes: facts.reduce((sum, { bytes }) => sum + bytes, 0),
      inodesUsed: facts.reduce((sum, { entries }) => sum + entries, 0),
      freeBytes: bavail * bsize,
    };
  }

  /** Takes names away from an image; one that nothing names any more is forgotten. */
  async #takeNames(record: ImageRecord, taken: readonly string[]): Promise<void> {
    const names = record.names.filter((name) => !taken.includes(name));
    if (names.length === record.names.length) return;
    if (names.length > 0 || record.digests.length > 0) await this.#write({ ...record, names });
    else await rm(this.#file(record.id), { force: true });
  }

  #file(id: string): string {
    return join(this.references, `${id.slice(id.indexOf(':') + 1)}.json`);
  }

  #write(record: ImageRecord): Promise<void> {
    return writeFileAtomic(this.#file(record.id), JSON.stringify(record));
  }

  /** The records of a folder. Every change renames a file into it, so an unchanged folder needs no reading. */
  async #read(folder: string): Promise<ImageRecord[]> {
    const stamp = await stat(folder, { bigint: true }).then(
      ({ mtimeNs }) => mtimeNs,
      () => undefined,
    );
    if (stamp === undefined) return [];
    const cached = this.#cache.get(folder);
    if (cached?.stamp === stamp) return cached.records;
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
    const records = (await Promise.all(names.map((name) => this.#readRecord(join(folder, name))))).flat();
    this.#cache.set(folder, { stamp, records });
    return records;
  }

  async #readRecord(file: string): Promise<ImageRecord[]> {
    try {
      return [JSON.parse(await readFile(file, 'utf8')) as ImageRecord]; // written by #write alone
    } catch (error) {
      if (!hasCode(error, 'ENOENT'))
        this.log.warn({ error, file }, 'an image record cannot be read; the image is pulled again');
      return [];
    }
  }
}

/** A node's own images and those of the machine; where both have an image, the node sees all its names. */
function mergeRecords(own: readonly ImageRecord[], shared: readonly ImageRecord[]): ImageRecord[] {
  const taken = new Set(own.flatMap(({ names }) => names));
  const merged = new Map(own.map((record) => [record.id, record]));
  for (const record of shared) {
    const mine = merged.get(record.id);
    const names = [...(mine?.names ?? []), ...record.names.filter((name) => !taken.has(name))];
    const digests = [...new Set([...(mine?.digests ?? []), ...record.digests])];
    merged.set(record.id, { ...record, names, digests, pinned: true });
  }
  return [...merged.values()];
}
