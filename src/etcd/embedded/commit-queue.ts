import type { BucketChange } from '../member.ts';
import type { Batch, Disk, DiskRecord } from './disk.ts';

/** Batches that go to the disk together, and the one promise of all who wait for them. */
class Group {
  readonly batches: Batch[] = [];
  readonly written = Promise.withResolvers<void>();
}

/**
 * Group commit: while one batch is on its way to the disk, what arrives is gathered into the next. Batches reach the
 * disk in the order of their revisions, one at a time, so that what is on disk is always a prefix of what was asked for.
 */
export class CommitQueue {
  readonly #disk: Disk;
  readonly #onDurable: (revision: number) => void;
  readonly #onFailed: () => void;
  /** What is written next. */
  #gathered: Group | undefined;
  #running: Promise<void> | undefined;

  /**
   * `onDurable` is told the newest durable revision before the writers are; `onFailed` takes back in memory everything
   * that is not durable, before the writers hear of the failure.
   */
  constructor(options: { disk: Disk; onDurable: (revision: number) => void; onFailed: () => void }) {
    this.#disk = options.disk;
    this.#onDurable = options.onDurable;
    this.#onFailed = options.onFailed;
  }

  /** Resolves when the batch is durable; rejects with `ErrWriteFailed` or `ErrNoSpace` when it is not and never will be. */
  write(batch: Batch): Promise<void> {
    this.#gathered ??= new Group();
    const { batches, written } = this.#gathered;
    batches.push(batch);
    this.#running ??= this.#run();
    return written.promise;
  }

  /** Resolves when everything asked for until now is durable or has failed. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** Resolves when what is in memory now is durable: the answer to a read that saw it may then be given. */
  async barrier(): Promise<void> {
    if (this.#running) await this.write({ records: [] });
  }

  async #run(): Promise<void> {
    await Promise.resolve(); // all writes of this turn of the event loop share the first batch
    while (this.#gathered) await this.#commit(this.#take(this.#gathered));
    this.#running = undefined;
  }

  #take(group: Group): Group {
    this.#gathered = undefined;
    return group;
  }

  async #commit(group: Group): Promise<void> {
    const batch = merge(group.batches);
    try {
      if (!isEmpty(batch)) await this.#disk.commit(batch);
    } catch (error) {
      this.#fail(group, error);
      return;
    }
    if (batch.revision !== undefined) this.#onDurable(batch.revision);
    group.written.resolve();
  }

  /** What arrived behind a failed batch was computed upon it, and fails with it. */
  #fail(group: Group, error: unknown): void {
    const behind = this.#gathered;
    this.#gathered = undefined;
    this.#onFailed();
    const failure = error instanceof Error ? error : new Error(String(error));
    group.written.reject(failure);
    behind?.written.reject(failure);
  }
}

function merge(batches: readonly Batch[]): Batch {
  const [first, second] = batches;
  if (first && !second) return first;
  const records: DiskRecord[] = [];
  const removed: number[] = [];
  const leases: NonNullable<Batch['leases']>[number][] = [];
  const buckets: BucketChange[] = [];
  let compactRevision: number | undefined;
  let revision: number | undefined;
  for (const batch of batches) {
    addAll(records, batch.records);
    addAll(removed, batch.removed);
    addAll(leases, batch.leases);
    addAll(buckets, batch.buckets);
    compactRevision = batch.compactRevision ?? compactRevision;
    revision = batch.revision ?? revision;
  }
  return { records, removed, leases, buckets, compactRevision, revision };
}

/** A compaction changes more than a call takes arguments. */
function addAll<T>(to: T[], from: readonly T[] = []): void {
  for (const one of from) to.push(one);
}

function isEmpty(batch: Batch): boolean {
  const { records, removed = [], leases = [], buckets = [], compactRevision } = batch;
  return records.length + removed.length + leases.length + buckets.length === 0 && compactRevision === undefined;
}
