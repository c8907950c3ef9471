import type { Bucket, BucketChange } from '../member.ts';
import type { Batch, DiskReader, DiskRecord, MetaName } from './environment.ts';
import { metaNames } from './environment.ts';
import type { LoggedAt } from './log/read-log.ts';

/** Batches as one: of everything that they write, the last word. */
export class Layer {
  /** Undefined: it is removed. */
  readonly records = new Map<number, Uint8Array | undefined>();
  readonly leases = new Map<bigint, number | undefined>();
  /** By their path. */
  readonly buckets = new Map<string, BucketChange>();
  readonly meta: Partial<Record<MetaName, number>> = {};
  /** Bytes of the log. */
  bytes = 0;

  add(batch: Batch): void {
    for (const { revision, record } of batch.records) this.records.set(revision, record);
    for (const revision of batch.removed ?? []) this.records.set(revision, undefined);
    for (const { id, ttlSeconds } of batch.leases ?? []) this.leases.set(id, ttlSeconds);
    for (const { bucket, key, value } of batch.buckets ?? [])
      this.buckets.set(pathOf({ bucket, key }), { bucket, key, ...(value && { value: Uint8Array.from(value) }) });
    for (const name of metaNames) this.meta[name] = batch[name] ?? this.meta[name];
  }

  /** The same for the data file. */
  toBatch(): Batch {
    const records: DiskRecord[] = [];
    const removed: number[] = [];
    for (const [revision, record] of this.records) {
      if (record) records.push({ revision, record });
      else removed.push(revision);
    }
    const leases = Array.from(this.leases, ([id, ttlSeconds]) => ({ id, ttlSeconds }));
    return { records, removed, leases, buckets: [...this.buckets.values()], ...this.meta };
  }

  /** Number of things that it changes. */
  get size(): number {
    return this.records.size + this.leases.size + this.buckets.size;
  }
}

/**
 * What is in the log and not yet in the data file. One layer takes what is written; while a checkpoint writes what there is
 * to the data file, that is a layer of its own.
 */
export class Overlay {
  #newest = new Layer();
  #leaving: Layer | undefined;

  add({ batch, sequence, bytes }: LoggedAt): void {
    this.#newest.add({ ...batch, sequence });
    this.#newest.bytes += bytes;
  }

  /** Bytes of the log that hold it. */
  get bytes(): number {
    return this.#newest.bytes + (this.#leaving?.bytes ?? 0);
  }

  /** What waits for a checkpoint to begin. */
  get waiting(): { bytes: number; operations: number } {
    return { bytes: this.#newest.bytes, operations: this.#newest.size };
  }

  get isEmpty(): boolean {
    return this.bytes === 0;
  }

  /** Everything, for the data file. It stays readable here until `left`. */
  leave(): Layer {
    this.#leaving = this.#leaving ? this.#all() : this.#newest;
    this.#newest = new Layer();
    return this.#leaving;
  }

  /** What `leave` gave is in the data file now. */
  left(): void {
    this.#leaving = undefined;
  }

  /**
   * The record of a revision; `otherwise` is asked when it is not here. It is a copy: here records share buffers, which
   * a reader would keep with the value that it keeps.
   */
  record(revision: number, otherwise: (revision: number) => Uint8Array | undefined): Uint8Array | undefined {
    const layer = [this.#newest, this.#leaving].find((one) => one?.records.has(revision));
    if (!layer) return otherwise(revision);
    const record = layer.records.get(revision);
    return record && new Uint8Array(record);
  }

  /** An entry of a bucket, likewise. */
  bucketEntry(at: { bucket: Bucket; key: string }, otherwise: () => Uint8Array | undefined): Uint8Array | undefined {
    const path = pathOf(at);
    const change = this.#newest.buckets.get(path) ?? this.#leaving?.buckets.get(path);
    return change ? change.value : otherwise();
  }

  /** A data file with what is here now laid over it; what is added later is not seen. */
  over(base: DiskReader): DiskReader {
    const { records, leases, buckets, meta } = this.#all();
    return {
      records: (from, to) => recordsOver(base.records(from, to), records, from, to),
      *leases() {
        const all = new Map<bigint, number | undefined>();
        for (const { id, ttlSeconds } of base.leases()) all.set(id, ttlSeconds);
        for (const [id, ttlSeconds] of leases) all.set(id, ttlSeconds);
        for (const [id, ttlSeconds] of all) if (ttlSeconds !== undefined) yield { id, ttlSeconds };
      },
      *bucketEntries(bucket) {
        const all = new Map<string, Uint8Array | undefined>(base.bucketEntries(bucket));
        for (const change of buckets.values()) if (change.bucket === bucket) all.set(change.key, change.value);
        for (const key of [...all.keys()].sort()) {
          const value = all.get(key);
          if (value) yield [key, value];
        }
      },
      meta: (name) => meta[name] ?? base.meta(name),
    };
  }

  /** The same of all records alone. */
  recordsOver(base: Iterable<DiskRecord>): Iterable<DiskRecord> {
    return recordsOver(base, this.#all().records, 0, Infinity);
  }

  #all(): Layer {
    const all = new Layer();
    for (const layer of [this.#leaving, this.#newest]) {
      if (layer) all.add(layer.toBatch());
    }
    all.bytes = this.bytes;
    return all;
  }
}

function recordsOver(
  base: Iterable<DiskRecord>,
  changes: ReadonlyMap<number, Uint8Array | undefined>,
  from: number,
  to: number,
): Iterable<DiskRecord> {
  return changes.size === 0 ? base : merged(base, changes, from, to);
}

function* merged(
  base: Iterable<DiskRecord>,
  changes: ReadonlyMap<number, Uint8Array | undefined>,
  from: number,
  to: number,
): Generator<DiskRecord> {
  const changed = [...changes.keys()].filter((revision) => revision >= from && revision <= to).sort((a, b) => a - b);
  let next = 0;
  const changesBelow = function* (end: number): Generator<DiskRecord> {
    for (let revision = changed[next]; revision !== undefined && revision < end; revision = changed[++next]) {
      const record = changes.get(revision);
      if (record) yield { revision, record };
    }
  };
  for (const entry of base) {
    yield* changesBelow(entry.revision);
    if (!changes.has(entry.revision)) yield entry;
  }
  yield* changesBelow(Infinity);
}

function pathOf({ bucket, key }: { bucket: Bucket; key: string }): string {
  return `${bucket}/${key}`;
}
