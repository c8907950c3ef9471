import { EtcdError } from '../errors.ts';
import type { Alarm } from '../member.ts';
import type { RequestOp, TxnRequest } from '../store.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { Disk } from './disk.ts';

/** What etcd counts for a key and for a lease beside their bytes (`server/storage/quota.go`). */
const keyOverheadBytes = 256;
const leaseOverheadBytes = 64;

/**
 * What is wrong with this member, kept on disk until an operator says that it is over; and the quota, which raises the
 * first of these alarms: from then on only what frees space is let through (etcd's `applierV3Capped`).
 */
export class Alarms {
  readonly #disk: Disk;
  readonly #commits: CommitQueue;
  readonly #quotaBytes: number;
  readonly #raised: Set<Alarm>;

  constructor({ disk, commits, quotaBytes }: { disk: Disk; commits: CommitQueue; quotaBytes: number }) {
    this.#disk = disk;
    this.#commits = commits;
    this.#quotaBytes = quotaBytes;
    this.#raised = new Set(Array.from(disk.bucketEntries('alarm'), ([name]) => name as Alarm)); // nobody else writes there
  }

  list(): Alarm[] {
    return [...this.#raised];
  }

  async raise(alarm: Alarm): Promise<void> {
    this.#raised.add(alarm);
    await this.#commits.write({ records: [], buckets: [{ bucket: 'alarm', key: alarm, value: new Uint8Array() }] });
  }

  async disarm(alarm: Alarm): Promise<void> {
    await this.#commits.write({ records: [], buckets: [{ bucket: 'alarm', key: alarm }] });
    this.#raised.delete(alarm);
  }

  /** Throws `ErrNoSpace` when a transaction that writes does not fit, and raises the alarm. */
  admit(request: TxnRequest): void {
    const bytes = Math.max(costOf(request.success), costOf(request.failure));
    if (bytes > 0) this.#admit(bytes);
  }

  /** The same for a lease. */
  admitLease(): void {
    this.#admit(leaseOverheadBytes);
  }

  /** Throws `ErrCorrupt` while that alarm is raised: nothing that this member says or takes can be trusted. */
  assertSound(): void {
    if (this.#raised.has('corrupt')) throw new EtcdError('ErrCorrupt');
  }

  #admit(bytes: number): void {
    if (this.#raised.has('noSpace')) throw new EtcdError('ErrNoSpace');
    if (this.#disk.totalBytes + bytes < this.#quotaBytes) return;
    this.raise('noSpace').catch(() => this.#raised.delete('noSpace')); // a disk that takes nothing refuses what comes, too
    throw new EtcdError('ErrNoSpace');
  }
}

function costOf(ops: readonly RequestOp[]): number {
  let bytes = 0;
  for (const op of ops) {
    if ('put' in op) bytes += op.put.key.length + op.put.value.length + keyOverheadBytes;
    else if ('txn' in op) bytes += Math.max(costOf(op.txn.success), costOf(op.txn.failure));
  }
  return bytes;
}
