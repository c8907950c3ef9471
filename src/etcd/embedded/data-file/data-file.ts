import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KeyedMutex, messageOf } from '#base';
import { EtcdError } from '../../errors.ts';
import type { Bucket } from '../../member.ts';
import { Environment, type Batch, type DiskReader, type DiskRecord, type MetaName, type View } from '../environment.ts';
import { syncFile } from '../sync-file.ts';
import { checkDataFile } from './check-data-file.ts';

/** What a defragmentation or a snapshot is writing; left behind when the process ended in it. */
const temporary = /^(defragmented|snapshot)-/;

/** The data file of a store, whatever LMDB does to it, and what happens to it as a whole. */
export class DataFile implements DiskReader {
  readonly path: string;
  readonly #directory: string;
  readonly #swap = new KeyedMutex();
  #environment: Environment;
  /** What was committed since a copy of the file began: the copy may not have it. */
  #sinceCopy: Batch[] | undefined;
  #copies = 0;
  #totalBytes: number;
  #reopening: Promise<void> | undefined;
  /** Files that were replaced, and wait for who still reads them. */
  readonly #closing: Promise<void>[] = [];

  private constructor(directory: string, path: string) {
    this.#directory = directory;
    this.path = path;
    this.#environment = new Environment(path);
    this.#totalBytes = this.#environment.size().total;
  }

  /** Opens or creates a file in a directory. Throws `ErrCorrupt` when it is there but cannot be read. */
  static async open(directory: string, path: string): Promise<DataFile> {
    await checkDataFile(path);
    for (const name of await readdir(directory)) if (temporary.test(name)) await rm(join(directory, name));
    return new DataFile(directory, path);
  }

  /** Writes a batch, all or nothing; resolves when it is durable. Throws `ErrWriteFailed` when it is not. */
  async commit(batch: Batch): Promise<void> {
    await this.#swap.run('file', async () => {
      try {
        if (this.#reopening) await this.#reopening;
        await this.#environment.commit(batch);
      } catch (error) {
        if (this.#reopening || this.#environment.isLost()) await this.#reopen();
        throw new EtcdError('ErrWriteFailed', { detail: `${this.#directory}: ${messageOf(error)}`, cause: error });
      }
      this.#totalBytes = this.#environment.totalBytes;
      this.#sinceCopy?.push(batch);
    });
  }

  /**
   * Runs what reads the file, once more if LMDB had given it up (`Environment.isLost`): then it is opened anew, as after a
   * crash, which takes a moment in which nothing can be read. Otherwise nobody waits.
   */
  reading<T>(work: () => T): T | Promise<T> {
    if (this.#reopening) return this.#reopening.then(() => this.reading(work));
    try {
      return work();
    } catch (error) {
      if (!this.#environment.isLost()) throw error;
      return this.#reopen().then(work);
    }
  }

  #reopen(): Promise<void> {
    this.#reopening ??= this.#openAnew().finally(() => (this.#reopening = undefined));
    return this.#reopening;
  }

  async #openAnew(): Promise<void> {
    await this.#environment.close();
    this.#environment = new Environment(this.path);
  }

  read(revision: number): Uint8Array | undefined {
    return this.#environment.read(revision);
  }

  records(from: number, to: number): Iterable<DiskRecord> {
    return this.#environment.records(from, to);
  }

  /** All of them, for who looks at each and keeps none (`Environment.recordsInPlace`). */
  recordsInPlace(): Iterable<DiskRecord> {
    return this.#environment.recordsInPlace();
  }

  leases(): Iterable<{ id: bigint; ttlSeconds: number }> {
    return this.#environment.leases();
  }

  bucketEntries(bucket: Bucket): Iterable<[string, Uint8Array]> {
    return this.#environment.bucketEntries(bucket);
  }

  bucketEntry(bucket: Bucket, key: string): Uint8Array | undefined {
    return this.#environment.bucketEntry(bucket, key);
  }

  meta(name: MetaName): number | undefined {
    return this.#environment.meta(name);
  }

  /** The file as it is now, until the view is ended. */
  view(): View {
    return this.#environment.view();
  }

  /** Bytes of the file, without a look at the disk. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** Bytes of the file, and of the pages that hold data. */
  size(): { total: number; inUse: number } {
    return this.#environment.size();
  }

  /** A path for a file that is gone at the next start if nobody removes it. */
  temporaryPath(kind: 'snapshot' | 'defragmented'): string {
    return join(this.#directory, `${kind}-${this.#copies++}.mdb`);
  }

  /**
   * Puts a copy without free pages in the place of the file. Reads go on throughout, writes while the copy is made; they
   * wait only while what was written meanwhile is added to it.
   */
  async defragment(): Promise<void> {
    if (this.#sinceCopy) throw new EtcdError('ErrWriteFailed', { detail: 'a defragmentation is under way' });
    const path = this.temporaryPath('defragmented');
    this.#sinceCopy = [];
    try {
      await this.#environment.copyTo(path);
      await this.#swap.run('file', () => this.#putInPlace(path, this.#sinceCopy ?? []));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      this.#sinceCopy = undefined;
    }
  }

  /** Before the rename the old file has everything, after it the new one has: a crash in between loses nothing. */
  async #putInPlace(path: string, missing: readonly Batch[]): Promise<void> {
    await syncFile(path);
    const copy = new Environment(path);
    await copy.commit(...missing);
    // LMDB gives a copy one state and an empty page where the one before should be, which is not always the page that the
    // next commit writes: with two further commits it is as any other file.
    for (let commits = 0; commits < 2; commits++)
      await copy.commit({ records: [], sequence: copy.meta('sequence') ?? 0 });
    await rename(path, this.path);
    await syncFile(this.#directory);
    const old = this.#environment;
    this.#environment = copy;
    this.#totalBytes = copy.totalBytes;
    this.#closing.push(old.close());
    await rm(`${path}-lock`, { force: true });
  }

  async close(): Promise<void> {
    await this.#swap.run('file', () => this.#environment.close());
    await Promise.all(this.#closing);
  }
}
