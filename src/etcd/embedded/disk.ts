import { statfsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { open, type Database, type RootDatabase } from 'lmdb';
import { lockOrThrow, messageOf, type FileLock } from '#base';
import { EtcdError } from '../errors.ts';
import { damaged } from './damaged.ts';
import { checkDataFile } from './data-file/check-data-file.ts';
import { decodeNumber, encodeNumber } from './number-entry.ts';

/** A revision and its encoded record. */
export interface DiskRecord {
  revision: number;
  record: Uint8Array;
}

/** What one commit writes. */
export interface Batch {
  records: readonly DiskRecord[];
  removed?: readonly number[];
  leases?: readonly { id: bigint; ttlSeconds: number | undefined }[];
  compactRevision?: number;
  /** The newest revision of the batch: it survives even when compaction removes its record. */
  revision?: number;
}

/** `mdb_stat` of a table; lmdb's own types leave it open. */
interface LmdbStats {
  pageSize: number;
  treeBranchPageCount: number;
  treeLeafPageCount: number;
  overflowPages: number;
}

/** Where the data lies in the directory of a store. */
export function dataFile(directory: string): string {
  return join(directory, 'store.mdb');
}

/** The data file: records by revision, leases, and a few numbers. One LMDB environment (https://github.com/kriszyp/lmdb-js). */
export class Disk {
  readonly #directory: string;
  readonly #lock: FileLock;
  readonly #root: RootDatabase;
  readonly #records: Database<Buffer, number>;
  readonly #leases: Database<Buffer, string>;
  readonly #meta: Database<Buffer, string>;

  private constructor(directory: string, lock: FileLock, root: RootDatabase) {
    this.#directory = directory;
    this.#lock = lock;
    this.#root = root;
    this.#records = root.openDB({ name: 'records', encoding: 'binary' });
    this.#leases = root.openDB({ name: 'leases', encoding: 'binary' });
    this.#meta = root.openDB({ name: 'meta', encoding: 'binary' });
  }

  /**
   * Opens or creates the data file in a directory. Throws `ErrCorrupt` when it is there but cannot be read, and an error
   * with the other process's number when another has it open: LMDB would let both in, each with its own idea of the
   * newest revision.
   */
  static async open(directory: string): Promise<Disk> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const lock = await lockOrThrow(directory, `the store in ${directory}`);
    try {
      const path = dataFile(directory);
      await checkDataFile(path);
      return new Disk(directory, lock, openDataFile(path));
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /**
   * Writes a batch, all or nothing; resolves when it is durable. Throws `ErrNoSpace` or `ErrWriteFailed` when it is not
   * and never will be.
   */
  async commit(batch: Batch): Promise<void> {
    this.#checkSpace(batch);
    const writes: Promise<boolean>[] = [];
    try {
      writes.push(this.#root.batch(() => void writes.push(...this.#put(batch))));
      await Promise.all(writes);
    } catch (error) {
      const cause = await commitFailure(error);
      await Promise.allSettled(writes); // each of them rejects
      throw new EtcdError('ErrWriteFailed', { detail: `${this.#directory}: ${messageOf(cause)}`, cause });
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
    const { compactRevision, revision } = batch;
    if (compactRevision !== undefined) yield putNumber(this.#meta, 'compactRevision', compactRevision);
    if (revision !== undefined) yield putNumber(this.#meta, 'revision', revision);
  }

  /**
   * Refuses a write while there is room for it: when a write of LMDB comes back short, lmdb-js tells of it in a text that
   * overruns its buffer (`mdb_page_flush`), and the process may end.
   */
  #checkSpace({ records }: Batch): void {
    const { bavail, bsize } = statfsSync(this.#directory);
    const freeBytes = bavail * bsize;
    const batchBytes = records.reduce((sum, { record }) => sum + record.length, 0);
    if (freeBytes >= reservedBytes + 2 * batchBytes) return;
    throw new EtcdError('ErrNoSpace', { detail: `${freeBytes} bytes are free in ${this.#directory}` });
  }

  read(revision: number): Uint8Array | undefined {
    return this.#records.get(revision);
  }

  /** Records of revisions in [from, to], in order. */
  *records(from: number, to: number): Generator<DiskRecord> {
    for (const { key, value } of this.#records.getRange({ start: from, end: to + 1 })) {
      yield { revision: key, record: value };
    }
  }

  meta(name: 'compactRevision' | 'revision'): number | undefined {
    const entry = this.#meta.get(name);
    return entry && decodeNumber(name, entry);
  }

  *leases(): Generator<{ id: bigint; ttlSeconds: number }> {
    for (const { key, value } of this.#leases.getRange())
      yield { id: BigInt(key), ttlSeconds: decodeNumber(key, value) };
  }

  /** Bytes of the file, and of the pages that hold data. */
  size(): { total: number; inUse: number } {
    const root = this.#root.getStats() as LmdbStats & { lastPageNumber: number };
    const tables = [root, this.#records.getStats(), this.#leases.getStats(), this.#meta.getStats()] as LmdbStats[];
    const pages = tables.map((table) => table.treeBranchPageCount + table.treeLeafPageCount + table.overflowPages);
    return {
      total: (root.lastPageNumber + 1) * root.pageSize,
      inUse: pages.reduce((sum, n) => sum + n, 0) * root.pageSize,
    };
  }

  async close(): Promise<void> {
    await this.#root.close();
    await this.#lock.release();
  }
}

function openDataFile(path: string): RootDatabase {
  try {
    // With overlapping sync a put would resolve before it is on the disk; with batching by event turn a failed commit
    // also rejects a promise that nobody holds. A commit is one explicit batch, which needs neither.
    return open({ path, overlappingSync: false, eventTurnBatching: false, maxDbs: 4, cache: false });
  } catch (error) {
    throw damaged(path, `cannot be opened: ${messageOf(error)}`, error);
  }
}

function putNumber(table: Database<Buffer, string>, key: string, value: number): Promise<boolean> {
  return table.put(key, encodeNumber(key, value));
}

/** No write begins with less than this free: others on the same disk do not fill it before the write has come to its end. */
const reservedBytes = 16 * 1024 * 1024;

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
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
