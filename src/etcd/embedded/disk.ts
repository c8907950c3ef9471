import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lockOrThrow, messageOf, type Clock, type FileLock, type Logger, type Random } from '#base';
import { EtcdError } from '../errors.ts';
import type { Bucket } from '../member.ts';
import { Checkpoints } from './checkpoints.ts';
import { DataFile } from './data-file/data-file.ts';
import type { Batch, DiskReader, DiskRecord, MetaName, View } from './environment.ts';
import { readLog } from './log/read-log.ts';
import { WriteAheadLog } from './log/write-ahead-log.ts';
import { Overlay } from './overlay.ts';

export type { Batch, DiskReader, DiskRecord, View } from './environment.ts';

/** Where the data lies in the directory of a store. */
export function dataFile(directory: string): string {
  return join(directory, 'store.mdb');
}

/** Where the newest writes lie until they are in the data file, as long as a store is open or after a crash. */
export function logDirectory(directory: string): string {
  return join(directory, 'wal');
}

export interface DiskOptions {
  directory: string;
  clock: Clock;
  random: Random;
  log: Logger;
}

interface Parts {
  directory: string;
  lock: FileLock;
  id: number;
  file: DataFile;
  log: WriteAheadLog;
  overlay: Overlay;
  checkpoints: Checkpoints;
}

/**
 * What a store has on the disk: a data file, and beside it the log of what is not in the data file yet. A batch is durable
 * when it is in the log, for which the disk flushes once; the data file takes many batches at a time, later. Who reads finds
 * the one laid over the other.
 */
export class Disk implements Omit<DiskReader, 'records'> {
  readonly #parts: Parts;
  #isClosed = false;
  #isIdentified = false;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Opens or creates what is in a directory. Throws `ErrCorrupt` when it is there but cannot be read, and an error
   * with the other process's number when another has it open: LMDB would let both in, each with its own idea of the
   * newest revision.
   */
  static async open(options: DiskOptions): Promise<Disk> {
    const { directory } = options;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const lock = await lockOrThrow(directory, `the store in ${directory}`);
    try {
      const file = await DataFile.open(directory, dataFile(directory));
      return await Disk.#withLog(options, lock, file).catch(async (error: unknown) => {
        await file.close();
        throw error;
      });
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  static async #withLog(
    { directory, clock, random, log: logger }: DiskOptions,
    lock: FileLock,
    file: DataFile,
  ): Promise<Disk> {
    const id = file.meta('id') ?? newId(random);
    const found = await readLog(logDirectory(directory), { id, after: file.meta('sequence') ?? 0 });
    const log = new WriteAheadLog(logDirectory(directory), id, found);
    const overlay = new Overlay();
    for (const batch of found.batches) overlay.add(batch);
    const checkpoints = new Checkpoints({ directory, dataFile: file, log, overlay, clock, logger });
    if (!overlay.isEmpty) checkpoints.due();
    return new Disk({ directory, lock, id, file, log, overlay, checkpoints });
  }

  /**
   * Writes a batch, all or nothing; resolves when it is durable. Throws `ErrNoSpace` or `ErrWriteFailed` when it is not
   * and never will be. One at a time.
   */
  async commit(batch: Batch): Promise<void> {
    if (this.#isClosed) throw new EtcdError('ErrStopped');
    const { directory, log, overlay, checkpoints } = this.#parts;
    await checkpoints.room(batch.records.reduce((sum, { record }) => sum + record.length, 0));
    await this.#identify();
    try {
      overlay.add(await log.append(batch));
    } catch (error) {
      const inItsPlace = await log.makeVoid();
      if (inItsPlace) overlay.add(inItsPlace);
      throw new EtcdError('ErrWriteFailed', { detail: `${directory}: ${messageOf(error)}`, cause: error });
    }
    checkpoints.due();
  }

  /** The data file knows its log before there is one. */
  async #identify(): Promise<void> {
    const { id, file } = this.#parts;
    if (this.#isIdentified) return;
    if (file.meta('id') === undefined) await file.commit({ records: [], id });
    this.#isIdentified = true;
  }

  /** Runs what reads the data file, once more if it had to be opened anew (`DataFile.reading`). */
  reading<T>(work: () => T): T | Promise<T> {
    return this.#parts.file.reading(work);
  }

  read(revision: number): Uint8Array | undefined {
    const { overlay, file } = this.#parts;
    return overlay.record(revision, () => file.read(revision));
  }

  /** All records in order; the bytes of one are good until the next is taken (`Environment.recordsInPlace`). */
  recordsInPlace(): Iterable<DiskRecord> {
    const { overlay, file } = this.#parts;
    return overlay.recordsOver(file.recordsInPlace());
  }

  leases(): Iterable<{ id: bigint; ttlSeconds: number }> {
    return this.#reader.leases();
  }

  bucketEntries(bucket: Bucket): Iterable<[string, Uint8Array]> {
    return this.#reader.bucketEntries(bucket);
  }

  bucketEntry(bucket: Bucket, key: string): Uint8Array | undefined {
    const { overlay, file } = this.#parts;
    return overlay.bucketEntry({ bucket, key }, () => file.bucketEntry(bucket, key));
  }

  meta(name: MetaName): number | undefined {
    return this.#reader.meta(name);
  }

  get #reader(): DiskReader {
    return this.#parts.overlay.over(this.#parts.file);
  }

  /** Everything as it is now, until the view is ended. */
  view(): View {
    const view = this.#parts.file.view();
    return { ...this.#parts.overlay.over(view), end: () => view.end() };
  }

  /** Bytes of the data file and of what is about to come into it, without a look at the disk. */
  get totalBytes(): number {
    return this.#parts.file.totalBytes + this.#parts.overlay.bytes;
  }

  /** The same, and how many of them hold data. */
  size(): { total: number; inUse: number } {
    const { total, inUse } = this.#parts.file.size();
    const { bytes } = this.#parts.overlay;
    return { total: total + bytes, inUse: inUse + bytes };
  }

  /** A path for a file that is gone at the next start if nobody removes it. */
  temporaryPath(kind: 'snapshot'): string {
    return this.#parts.file.temporaryPath(kind);
  }

  /** Gives the space of what is gone back to the disk (`DataFile.defragment`). */
  async defragment(): Promise<void> {
    await this.#parts.checkpoints.run(); // what has gone, too
    await this.#parts.file.defragment();
  }

  /** Leaves one data file, which has everything; or else the log beside it, when the disk does not take that. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const { checkpoints, log } = this.#parts;
    if (await checkpoints.close()) await log.remove();
    await this.abandon();
  }

  /** Closes everything as it is, for who cannot make sense of it. */
  async abandon(): Promise<void> {
    this.#isClosed = true;
    const { checkpoints, log, file, lock } = this.#parts;
    checkpoints.stop();
    await log.close();
    await file.close();
    await lock.release();
  }
}

/** A number that another store hardly has, and a f64 holds. */
function newId(random: Random): number {
  return Buffer.from(random.bytes(6)).readUIntLE(0, 6);
}
