import { messageOf, type Clock, type Logger, type Random } from '#base';
import { EtcdError } from '../errors.ts';
import type { Alarm, Buckets, HashKv, Member, MemberWatch, Snapshot } from '../member.ts';
import type {
  CompactRequest,
  DeleteRangeRequest,
  DeleteRangeResponse,
  LeaseGrantRequest,
  LeaseStatus,
  PutRequest,
  PutResponse,
  RangeRequest,
  RangeResponse,
  ResponseHeader,
  StoreStatus,
  TxnRequest,
  TxnResponse,
  WatchRequest,
} from '../store.ts';
import { Alarms } from './alarms.ts';
import { CommitQueue } from './commit-queue.ts';
import { dataFile, Disk, type Batch } from './disk.ts';
import { damaged } from './damaged.ts';
import { LeaseOperations } from './lease-operations.ts';
import { Leases } from './leases.ts';
import { Maintenance } from './maintenance.ts';
import { Mvcc } from './mvcc.ts';
import { findAt, rangeOver } from './range.ts';
import type { Change } from './record.ts';
import { Transaction } from './transaction.ts';
import { WatchHub } from './watch-hub.ts';

export interface EmbeddedStoreOptions {
  /** Where `store.mdb` lies, and its log; made when missing. One process at a time may have it open. */
  directory: string;
  clock: Clock;
  random: Random;
  log: Logger;
  /** Bytes that the file may grow to; default 2 GiB, as etcd's. */
  quotaBytes?: number;
}

const defaultQuotaBytes = 2 * 1024 ** 3;

/** Opens the embedded engine; throws `EtcdError` `ErrCorrupt` when the data file cannot be read. */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<Member> {
  const disk = await Disk.open(options);
  try {
    return new EmbeddedStore(disk, options);
  } catch (error) {
    await disk.abandon();
    const reason = error instanceof EtcdError && error.detail ? error.detail : messageOf(error);
    throw damaged(dataFile(options.directory), `is damaged: ${reason}`, error);
  }
}

class EmbeddedStore implements Member {
  readonly #disk: Disk;
  readonly #log: Logger;
  readonly #mvcc: Mvcc;
  readonly #commits: CommitQueue;
  readonly #hub: WatchHub;
  readonly #leases: Leases;
  readonly #leaseOperations: LeaseOperations;
  readonly #alarms: Alarms;
  readonly #maintenance: Maintenance;
  readonly quotaBytes: number;
  readonly tellsProgress = true;
  #isCompacted: boolean;
  #closed = false;

  constructor(disk: Disk, options: EmbeddedStoreOptions) {
    this.#disk = disk;
    this.#log = options.log;
    this.#mvcc = new Mvcc(disk);
    this.#isCompacted = disk.meta('compactRevision') !== undefined;
    this.#hub = new WatchHub(this.#mvcc);
    this.#leases = new Leases({ clock: options.clock, onExpired: (id) => this.#expire(id) });
    this.#commits = new CommitQueue({
      disk,
      onDurable: (revision) => this.#publish(revision),
      onFailed: () => this.#rollBack(),
    });
    this.#leaseOperations = new LeaseOperations({
      leases: this.#leases,
      commits: this.#commits,
      random: options.random,
      write: (changes, leases) => this.#write(changes, leases),
    });
    this.quotaBytes = options.quotaBytes ?? defaultQuotaBytes;
    this.#alarms = new Alarms({ disk, commits: this.#commits, quotaBytes: this.quotaBytes });
    this.#maintenance = new Maintenance({ disk, mvcc: this.#mvcc, commits: this.#commits });
    for (const { id, ttlSeconds } of disk.leases()) this.#leases.grant(id, ttlSeconds);
    this.#attachAllKeys();
  }

  get buckets(): Buckets {
    return this.#maintenance;
  }

  get revision(): number {
    return this.#mvcc.durable;
  }

  async range(request: RangeRequest): Promise<RangeResponse> {
    this.#checkOpen();
    if (!request.serializable) this.#alarms.assertSound();
    if (request.key.length === 0) throw new EtcdError('ErrEmptyKey');
    return this.#disk.reading(() => {
      const durable = this.#mvcc.durable;
      const revision = this.#mvcc.readable(Math.max(0, request.revision ?? 0), durable);
      return rangeOver(request, findAt(this.#mvcc, request, revision), durable);
    });
  }

  async put(request: PutRequest): Promise<PutResponse> {
    const { header, responses } = await this.txn({ compare: [], success: [{ put: request }], failure: [] }, true);
    const [response] = responses;
    return response && 'put' in response ? response.put : { header };
  }

  async deleteRange(request: DeleteRangeRequest): Promise<DeleteRangeResponse> {
    const { header, responses } = await this.txn({ compare: [], success: [{ deleteRange: request }], failure: [] });
    const [response] = responses;
    return response && 'deleteRange' in response ? response.deleteRange : { header, deleted: 0, prevKvs: [] };
  }

  async txn(request: TxnRequest, isLonePut = false): Promise<TxnResponse> {
    this.#checkSound();
    this.#alarms.admit(request);
    const { response, written } = await this.#disk.reading(() => this.#decide(request, isLonePut));
    await written;
    return response;
  }

  /** Nothing comes between the decision and its place in the order. */
  #decide(request: TxnRequest, isLonePut: boolean): { response: TxnResponse; written: Promise<void> } {
    const transaction = new Transaction(this.#mvcc, (id) => this.#leases.has(id), isLonePut);
    const response = transaction.run(request);
    const { changes } = transaction;
    return { response, written: changes.length === 0 ? this.#commits.barrier() : this.#write(changes) };
  }

  watch(request: WatchRequest): MemberWatch {
    this.#checkOpen();
    return this.#hub.watch(request);
  }

  async compact({ revision }: CompactRequest): Promise<{ header: ResponseHeader }> {
    this.#checkSound();
    // etcd's compact revision begins at -1 (`mvcc/kvstore.go`): 0 is taken once, and nothing is forgotten.
    const isAtZero = revision === 0 && !this.#isCompacted;
    const { removed, rewritten } = isAtZero ? { removed: [], rewritten: [] } : this.#mvcc.compact(revision);
    this.#isCompacted = true;
    await this.#commits.write({ records: rewritten, removed, compactRevision: revision });
    this.#log.debug({ revision, removed: removed.length, rewritten: rewritten.length }, 'compacted');
    return { header: this.#header };
  }

  async leaseGrant(request: LeaseGrantRequest): Promise<{ header: ResponseHeader; id: bigint; ttlSeconds: number }> {
    this.#checkSound();
    this.#alarms.admitLease();
    const granted = await this.#leaseOperations.grant(request);
    return { header: this.#header, ...granted };
  }

  async leaseRevoke(id: bigint): Promise<{ header: ResponseHeader }> {
    this.#checkSound();
    await this.#leaseOperations.revoke(id);
    return { header: this.#header };
  }

  async leaseKeepAlive(id: bigint): Promise<{ header: ResponseHeader; ttlSeconds: number }> {
    this.#checkOpen();
    return { header: this.#header, ttlSeconds: this.#leases.renew(id) };
  }

  async leaseTimeToLive(id: bigint): Promise<LeaseStatus> {
    return this.#leaseOperations.timeToLive(id);
  }

  async leases(): Promise<bigint[]> {
    return this.#leases.ids();
  }

  async status(): Promise<StoreStatus> {
    const { total, inUse } = this.#disk.size();
    return { header: this.#header, dbSizeBytes: total, dbSizeInUseBytes: inUse, compactRevision: this.#mvcc.compacted };
  }

  alarms(): Alarm[] {
    return this.#alarms.list();
  }

  async raiseAlarm(alarm: Alarm): Promise<void> {
    this.#checkOpen();
    await this.#alarms.raise(alarm);
  }

  async disarmAlarm(alarm: Alarm): Promise<void> {
    this.#checkOpen();
    await this.#alarms.disarm(alarm);
  }

  async hashKv(revision?: number): Promise<HashKv> {
    this.#checkOpen();
    return this.#maintenance.hashKv(revision);
  }

  async defragment(): Promise<void> {
    this.#checkOpen();
    await this.#maintenance.defragment();
  }

  async snapshot(): Promise<Snapshot> {
    this.#checkOpen();
    return this.#maintenance.snapshot();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#leases.close();
    await this.#commits.idle();
    this.#hub.close();
    await this.#disk.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #header(): ResponseHeader {
    return { revision: this.#mvcc.durable };
  }

  #checkOpen(): void {
    if (this.#closed) throw new EtcdError('ErrStopped');
  }

  #checkSound(): void {
    this.#checkOpen();
    this.#alarms.assertSound();
  }

  /** Makes decided changes the next revision, in memory at once and on disk when this resolves. */
  #write(changes: readonly Change[], leases?: Batch['leases']): Promise<void> {
    if (!this.#leases.isEmpty) this.#moveLeases(changes);
    const record = this.#mvcc.append(changes);
    return this.#commits.write({ records: [record], revision: record.revision, leases });
  }

  /** Before the changes are made. */
  #moveLeases(changes: readonly Change[]): void {
    const before = changes.map((change) => this.#mvcc.index.at(change.key, this.#mvcc.newest)?.lease ?? 0n);
    for (const [at, change] of changes.entries()) this.#leases.move(change.key, before[at] ?? 0n, change.lease);
  }

  #publish(durable: number): void {
    for (const { revision, changes } of this.#mvcc.settle(durable)) this.#hub.publish(revision, changes);
  }

  #rollBack(): void {
    this.#mvcc.rollBack();
    for (const id of this.#leases.ids()) this.#leases.get(id).keys.clear();
    for (const { id, ttlSeconds } of this.#disk.leases()) if (!this.#leases.has(id)) this.#leases.grant(id, ttlSeconds);
    this.#attachAllKeys();
  }

  #attachAllKeys(): void {
    if (this.#leases.isEmpty) return;
    const everything = { start: '', end: undefined, single: false };
    this.#mvcc.index.forRange(everything, this.#mvcc.newest, (key, { lease }) => this.#leases.move(key, 0n, lease));
  }

  #expire(id: bigint): void {
    this.leaseRevoke(id).catch((error: unknown) => {
      if (!this.#closed) this.#log.error({ lease: id.toString(16), error }, 'an expired lease could not be revoked');
    });
  }
}
