import { open, type Database, type RangeOptions, type RootDatabase, type Transaction } from 'lmdb';
import { messageOf } from '#base';
import type { Bucket, BucketChange } from '../member.ts';
import { decodeBucketEntry, encodeBucketEntry } from './bucket-entry.ts';
import { damaged } from './damaged.ts';
import { decodeNumber, encodeNumber } from './number-entry.ts';

/** A revision and its encoded record. */
export interface DiskRecord {
  revision: number;
  record: Uint8Array;
}

/**
 * The numbers that a store keeps of itself: what was compacted, its newest revision, the newest batch of the log that is in
 * the data file, and the number by which data file and log know each other.
 */
export type MetaName = 'compactRevision' | 'revision' | 'sequence' | 'id';

export const metaNames: readonly MetaName[] = ['compactRevision', 'revision', 'sequence', 'id'];

/** What one commit writes. The newest revision survives even when compaction removes its record. */
export interface Batch extends Partial<Record<MetaName, number>> {
  records: readonly DiskRecord[];
  removed?: readonly number[];
  /** Without seconds it has ended. */
  leases?: readonly { id: bigint; ttlSeconds?: number | undefined }[];
  buckets?: readonly BucketChange[];
}

/** What can be read of a data file: as it is now, or through a `View` as it was at one moment. */
export interface DiskReader {
  /** Records of revisions in [from, to], in order. */
  records(from: number, to: number): Iterable<DiskRecord>;
  leases(): Iterable<{ id: bigint; ttlSeconds: number }>;
  bucketEntries(bucket: Bucket): Iterable<[key: string, value: Uint8Array]>;
  meta(name: MetaName): number | undefined;
}

/** A moment of a data file, held until `end`: what is written meanwhile is not seen. */
export interface View extends DiskReader {
  end(): void;
}

/** `mdb_stat` of a table; lmdb's own types leave it open. */
interface LmdbStats {
  pageSize: number;
  treeBranchPageCount: number;
  treeLeafPageCount: number;
  overflowPages: number;
}

type FileStats = LmdbStats & { lastPageNumber: number };

/** The tables of one data file: records by revision, leases, small buckets, and a few numbers (https://github.com/kriszyp/lmdb-js). */
export class Environment implements DiskReader {
  readonly #root: RootDatabase;
  readonly #records: Database<Buffer, number>;
  /** The same table, whose values are read where lmdb-js puts each of them. */
  readonly #recordsInPlace: Database<Buffer, number>;
  readonly #leases: Database<Buffer, string>;
  readonly #buckets: Database<Buffer, string>;
  readonly #meta: Database<Buffer, string>;
  #openViews = 0;
  #allViewsEnded: (() => void) | undefined;

  constructor(path: string) {
    this.#root = openDataFile(path);
    this.#records = this.#root.openDB({ name: 'records', encoding: 'binary' });
    this.#recordsInPlace = this.#root.openDB({ name: 'records', ...inPlace });
    this.#leases = this.#root.openDB({ name: 'leases', encoding: 'binary' });
    this.#buckets = this.#root.openDB({ name: 'buckets', encoding: 'binary' });
    this.#meta = this.#root.openDB({ name: 'meta', encoding: 'binary' });
  }

  /** Writes batches, all or nothing; resolves when they are durable. */
  async commit(...batches: readonly Batch[]): Promise<void> {
    const writes: Promise<boolean>[] = [];
    const putAll = (): void => {
      for (const batch of batches) writes.push(...this.#put(batch));
    };
    try {
      writes.push(this.#root.batch(putAll));
      await Promise.all(writes);
    } catch (error) {
      await Promise.allSettled(writes); // each of them rejects
      throw await commitFailure(error);
    }
    this.#root.resetReadTxn();
  }

  *#put(batch: Batch): Generator<Promise<boolean>> {
    for (const { revision, record } of batch.records) yield this.#records.put(revision, asBuffer(record));
    for (const revision of batch.removed ?? []) yield this.#records.remove(revision);
    for (const { id, ttlSeconds } of batch.leases ?? []) {
      const key = id.toString();
      yield ttlSeconds === undefined ? this.#leases.remove(key) : putNumber(this.#leases, key, ttlSeconds);
    }
    for (const { bucket, key, value } of batch.buckets ?? []) {
      const path = `${bucket}/${key}`;
      yield value ? this.#buckets.put(path, encodeBucketEntry(path, value)) : this.#buckets.remove(path);
    }
    for (const name of metaNames) {
      const value = batch[name];
      if (value !== undefined) yield putNumber(this.#meta, name, value);
    }
  }

  read(revision: number): Uint8Array | undefined {
    return this.#records.get(revision);
  }

  *records(from: number, to: number, transaction?: Transaction): Generator<DiskRecord> {
    for (const { key, value } of this.#records.getRange(within({ start: from, end: to + 1 }, transaction))) {
      yield { revision: key, record: value };
    }
  }

  /** All records in order, none of them copied: the bytes of one are good until the next is taken, or anything else is read. */
  *recordsInPlace(): Generator<DiskRecord> {
    for (const { key, value } of this.#recordsInPlace.getRange({ start: 0 })) yield { revision: key, record: value };
  }

  *leases(transaction?: Transaction): Generator<{ id: bigint; ttlSeconds: number }> {
    for (const { key, value } of this.#leases.getRange(within({}, transaction)))
      yield { id: BigInt(key), ttlSeconds: decodeNumber(key, value) };
  }

  *bucketEntries(bucket: Bucket, transaction?: Transaction): Generator<[string, Uint8Array]> {
    const range = within({ start: `${bucket}/`, end: `${bucket}0` }, transaction); // '0' follows '/'
    for (const { key, value } of this.#buckets.getRange(range))
      yield [key.slice(bucket.length + 1), decodeBucketEntry(key, value)];
  }

  bucketEntry(bucket: Bucket, key: string): Uint8Array | undefined {
    const path = `${bucket}/${key}`;
    const entry = this.#buckets.get(path);
    return entry && decodeBucketEntry(path, entry);
  }

  meta(name: MetaName, transaction?: Transaction): number | undefined {
    const entry = this.#meta.get(name, transaction ? { transaction } : {});
    return entry && decodeNumber(name, entry);
  }

  view(): View {
    const transaction = this.#root.useReadTransaction();
    this.#openViews++;
    return {
      records: (from, to) => this.records(from, to, transaction),
      leases: () => this.leases(transaction),
      bucketEntries: (bucket) => this.bucketEntries(bucket, transaction),
      meta: (name) => this.meta(name, transaction),
      end: () => {
        transaction.done();
        if (--this.#openViews === 0) this.#allViewsEnded?.();
      },
    };
  }

  /** Bytes of the file. */
  get totalBytes(): number {
    const { lastPageNumber, pageSize } = this.#root.getStats() as FileStats;
    return (lastPageNumber + 1) * pageSize;
  }

  /** Bytes of the file, and of the pages that hold data. */
  size(): { total: number; inUse: number } {
    const root = this.#root.getStats() as FileStats;
    const all = [this.#records, this.#leases, this.#buckets, this.#meta].map((table) => table.getStats() as LmdbStats);
    const pages = [root, ...all].map(
      (table) => table.treeBranchPageCount + table.treeLeafPageCount + table.overflowPages,
    );
    return {
      total: this.totalBytes,
      inUse: pages.reduce((sum, n) => sum + n, 0) * root.pageSize,
    };
  }

  /** Writes the present state to a new file, without what is free in this one; writes may go on. */
  copyTo(path: string): Promise<void> {
    return this.#root.backup(path, true);
  }

  /**
   * Whether LMDB has given this file up: when the page that completes a commit could not be written, it refuses everything
   * from then on, reads too (`MDB_FATAL_ERROR`), and a further commit would never settle.
   */
  isLost(): boolean {
    try {
      this.#root.resetReadTxn();
      this.#meta.get('revision');
      return false;
    } catch {
      return true;
    }
  }

  /** Waits for views to end, then closes the file. */
  async close(): Promise<void> {
    if (this.#openViews > 0) await new Promise<void>((resolve) => (this.#allViewsEnded = resolve));
    await this.#root.close();
  }
}

/** lmdb-js has one buffer for all values, and hands a decoder that, with the length of the value in it; its own types leave this option out. */
const inPlace = {
  encoder: {
    encode: (value: Buffer): Buffer => value,
    decode: (bytes: Buffer, length: number): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, length),
  },
};

function within(range: RangeOptions, transaction: Transaction | undefined): RangeOptions {
  return transaction ? { ...range, transaction } : range;
}

function openDataFile(path: string): RootDatabase {
  try {
    // With overlapping sync a put would resolve before it is on the disk; with batching by event turn a failed commit
    // also rejects a promise that nobody holds. A commit is one explicit batch, which needs neither.
    return open({ path, overlappingSync: false, eventTurnBatching: false, maxDbs: 5, cache: false, noSubdir: true });
  } catch (error) {
    throw damaged(path, `cannot be opened: ${messageOf(error)}`, error);
  }
}

function putNumber(table: Database<Buffer, string>, key: string, value: number): Promise<boolean> {
  return table.put(key, encodeNumber(key, value));
}

/** lmdb's "Commit failed" carries what went wrong as a promise that rejects, which somebody must take. */
async function commitFailure(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error;
  try {
    return (await error.commitError) ?? error;
  } catch (inner) {
    return inner;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
