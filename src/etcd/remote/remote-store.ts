import type { Clock, Logger, Random } from '#base';
import { EtcdError } from '../errors.ts';
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
  Store,
  StoreStatus,
  TxnRequest,
  TxnResponse,
  Watch,
  WatchRequest,
} from '../store.ts';
import * as rpc from '../rpc/index.ts';
import { deleteRangeAnswer, headerOf, putAnswer, rangeAnswer, txnAnswer } from './answers.ts';
import { Calls } from './calls.ts';
import { CompactRevision, isReadable } from './compact-revision.ts';
import { saveSnapshotFrom } from '../snapshot/save-snapshot.ts';
import type { EtcdTls } from './endpoint.ts';
import { Endpoints } from './endpoints.ts';
import { RemoteWatch } from './remote-watch.ts';
import { rangeMessage, txnMessage } from './requests.ts';
import { answersProgress } from './versions.ts';

export interface RemoteStoreOptions {
  /** URLs of the members: `https://10.0.0.1:2379`. */
  endpoints: readonly string[];
  tls?: EtcdTls;
  clock: Clock;
  random: Random;
  log: Logger;
  /** How long a first member is waited for. Default: 20 seconds, as kube-apiserver. */
  dialTimeoutMs?: number;
  /** How long a call may take, repetitions included. Default: 10 seconds; members give up after 7. */
  requestTimeoutMs?: number;
}

const defaultDialTimeoutMs = 20_000;
const defaultRequestTimeoutMs = 10_000;
/** Where nothing is: for reads that are only about the revision. */
const nothing = Buffer.of(0);

/** Connects to a cluster of etcd; throws `EtcdError` when none of its members can be asked in time. */
export async function openRemoteStore(options: RemoteStoreOptions): Promise<RemoteStore> {
  const endpoints = new Endpoints(options);
  const late = new AbortController();
  const timer = options.clock.timer(options.dialTimeoutMs ?? defaultDialTimeoutMs, () => late.abort());
  try {
    if (await endpoints.available(late.signal)) return new RemoteStore(endpoints, options);
  } finally {
    timer.cancel();
  }
  const detail = endpoints.troubles();
  await endpoints.close();
  throw new EtcdError('ErrTimeoutDueToConnectionLost', { detail });
}

/** A cluster of etcd. What it has can be saved, which a `Store` of its own leaves to its `Member`. */
export class RemoteStore implements Store {
  readonly #endpoints: Endpoints;
  readonly #calls: Calls;
  readonly #tls: EtcdTls | undefined;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #watches = new Set<RemoteWatch>();
  readonly #compacted: CompactRevision;
  #closed = false;

  constructor(endpoints: Endpoints, { requestTimeoutMs = defaultRequestTimeoutMs, ...options }: RemoteStoreOptions) {
    this.#endpoints = endpoints;
    this.#tls = options.tls;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#calls = new Calls({ endpoints, clock: options.clock, random: options.random, requestTimeoutMs });
    this.#compacted = new CompactRevision((revision) =>
      isReadable(() => this.range({ key: nothing, revision, countOnly: true })),
    );
  }

  get tellsProgress(): boolean {
    return this.#endpoints.all.every(({ version }) => answersProgress(version));
  }

  async range(request: RangeRequest): Promise<RangeResponse> {
    const asked = rpc.RangeRequest.of(rangeMessage(request));
    if (!request.serializable) return rangeAnswer(await this.#calls.read(({ kv }, signal) => kv.range(asked, signal)));
    return rangeAnswer(await this.#calls.readAnywhere(({ anyKv }, signal) => anyKv.range(asked, signal)));
  }

  async put(request: PutRequest): Promise<PutResponse> {
    const asked = rpc.PutRequest.of(request);
    return putAnswer(await this.#calls.write(({ kv }, signal) => kv.put(asked, signal)));
  }

  async deleteRange(request: DeleteRangeRequest): Promise<DeleteRangeResponse> {
    const asked = rpc.DeleteRangeRequest.of(request);
    return deleteRangeAnswer(await this.#calls.write(({ kv }, signal) => kv.deleteRange(asked, signal)));
  }

  async txn(request: TxnRequest): Promise<TxnResponse> {
    const asked = rpc.TxnRequest.of(txnMessage(request));
    return txnAnswer(await this.#calls.write(({ kv }, signal) => kv.txn(asked, signal)));
  }

  watch(request: WatchRequest): Watch {
    if (this.#closed) throw new EtcdError('ErrStopped');
    const watch: RemoteWatch = new RemoteWatch(request, {
      endpoints: this.#endpoints,
      clock: this.#clock,
      log: this.#log,
      newest: () => this.#newest(),
      onEnd: () => this.#watches.delete(watch),
    });
    this.#watches.add(watch);
    return watch;
  }

  async compact({ revision }: CompactRequest): Promise<{ header: ResponseHeader }> {
    const asked = rpc.CompactionRequest.of({ revision });
    const { header } = await this.#calls.write(({ kv }, signal) => kv.compact(asked, signal));
    return { header: headerOf(header) };
  }

  async leaseGrant(request: LeaseGrantRequest): Promise<{ header: ResponseHeader; id: bigint; ttlSeconds: number }> {
    const asked = rpc.LeaseGrantRequest.of({ id: request.id ?? 0n, ttl: request.ttlSeconds });
    const { header, id, ttl } = await this.#calls.write(({ lease }, signal) => lease.leaseGrant(asked, signal));
    return { header: headerOf(header), id, ttlSeconds: ttl };
  }

  async leaseRevoke(id: bigint): Promise<{ header: ResponseHeader }> {
    const { header } = await this.#calls.write(({ lease }, signal) => lease.leaseRevoke({ id }, signal));
    return { header: headerOf(header) };
  }

  async leaseKeepAlive(id: bigint): Promise<{ header: ResponseHeader; ttlSeconds: number }> {
    return this.#calls.read(async ({ lease }, signal) => {
      for await (const { header, ttl } of lease.leaseKeepAlive(once(rpc.LeaseKeepAliveRequest.of({ id })), signal)) {
        if (ttl <= 0) throw new EtcdError('ErrLeaseNotFound');
        return { header: headerOf(header), ttlSeconds: ttl };
      }
      throw new EtcdError('ErrTimeoutDueToConnectionLost', { detail: 'a stream ended without an answer' });
    });
  }

  async leaseTimeToLive(id: bigint): Promise<LeaseStatus> {
    const asked = { id, keys: true };
    const { ttl, grantedTtl, keys } = await this.#calls.read(({ lease }, signal) =>
      lease.leaseTimeToLive(asked, signal),
    );
    return { id, ttlSeconds: ttl, grantedTtlSeconds: grantedTtl, keys };
  }

  async leases(): Promise<bigint[]> {
    const { leases } = await this.#calls.read(({ lease }, signal) => lease.leaseLeases({}, signal));
    return leases.map(({ id }) => id);
  }

  async status(): Promise<StoreStatus> {
    const header = { revision: await this.#newest() };
    const { dbSize, dbSizeInUse } = await this.#calls.read(({ maintenance }, signal) => maintenance.status({}, signal));
    const compactRevision = await this.#compacted.upTo(header.revision);
    return { header, dbSizeBytes: dbSize, dbSizeInUseBytes: dbSizeInUse, compactRevision };
  }

  /**
   * Saves a snapshot to a file, of a member that goes along with the others: one that was cut off would give an older state.
   * Throws `EtcdError` when there is none, and `SnapshotError` when it came damaged.
   */
  async saveSnapshot(path: string): Promise<void> {
    const url = await this.#calls.read(async (endpoint) => endpoint.url);
    await saveSnapshotFrom(url, this.#tls, path);
  }

  /** Ends all watches and the calls under way. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const watch of this.#watches) watch.cancel();
    await this.#calls.close();
    await this.#endpoints.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #newest(): Promise<number> {
    return (await this.range({ key: nothing, countOnly: true })).header.revision;
  }
}

/** A stream of a single request. */
async function* once<T>(request: T): AsyncGenerator<T, void> {
  yield request;
}
