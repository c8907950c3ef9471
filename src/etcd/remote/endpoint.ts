import { messageOf, type Clock, type Logger } from '#base';
import { GrpcChannel, type GrpcTarget } from '#wire';
import {
  kvService,
  leaseService,
  maintenanceService,
  watchService,
  type KvService,
  type LeaseService,
  type MaintenanceService,
  type WatchService,
} from '../rpc/services.ts';

/** PEM. Who signed the members' certificates, and who we are towards them. */
export interface EtcdTls {
  ca?: string;
  cert?: string;
  key?: string;
}

/** Members answer with the whole of a range, however much it is (`client/v3/options.go`). */
const maxMessageLength = 2 ** 31 - 1;
/** Members hang up on who pings them more often (`--grpc-keepalive-min-time`). */
const keepAlive = { intervalMs: 5_000, timeoutMs: 3_000 };
/** A member ends a stream that says so when it loses its leader, and refuses a call (`rpctypes.MetadataRequireLeaderKey`). */
const needsLeader = { metadata: { hasleader: 'true' } };

const probeIntervalMs = 2_000;
const probeTimeoutMs = 2_000;

/** Why a member should not be asked now. */
type Trouble = 'unreachable' | 'silent' | 'no leader' | 'learner';

/**
 * One member. It is asked how it is every two seconds: pings of the connection may not be sent often enough to find
 * within seconds that it was paused, and never show that it was cut off from the other members.
 */
export class Endpoint {
  readonly url: string;
  readonly kv: KvService;
  /** For reads that need no leader. */
  readonly anyKv: KvService;
  readonly lease: LeaseService;
  readonly watch: WatchService;
  readonly maintenance: MaintenanceService;
  readonly #channel: GrpcChannel;
  readonly #clock: Clock;
  readonly #log: Logger;
  #trouble: Trouble | undefined = 'unreachable';
  #version = '';
  #lost = new AbortController();
  #pause = new AbortController();
  readonly #listeners = new Set<() => void>();

  constructor(url: string, options: { tls?: EtcdTls | undefined; clock: Clock; log: Logger }) {
    this.url = url;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#channel = new GrpcChannel({ ...targetOf(url, options.tls), maxMessageLength, keepAlive, userAgent: 'kedge' });
    this.kv = this.#channel.of(kvService, needsLeader);
    this.anyKv = this.#channel.of(kvService);
    this.lease = this.#channel.of(leaseService, needsLeader);
    this.watch = this.#channel.of(watchService, needsLeader);
    this.maintenance = this.#channel.of(maintenanceService);
  }

  /** Undefined when the member can be asked. */
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** As the member told it last; empty when it never did. */
  get version(): string {
    return this.#version;
  }

  /** Aborts when the member falls silent: what it was asked before is not waited for. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Calls when the trouble changed; returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Asks the member how it is, until the signal aborts and the endpoint is closed. */
  async watchOver(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#askOverAndOver(signal), this.#noticeBreaks(signal)]);
  }

  close(): Promise<void> {
    return this.#channel.close();
  }

  async #askOverAndOver(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const timer = this.#clock.timer(probeTimeoutMs, () => this.#report('unreachable'));
      await this.#connected();
      timer.cancel();
      if (signal.aborted) return;
      const trouble = await this.#probe(signal);
      if (signal.aborted) return;
      this.#report(trouble);
      const pause = (this.#pause = new AbortController());
      await this.#clock.sleep(probeIntervalMs, AbortSignal.any([signal, pause.signal])).catch(() => {}); // cut short
    }
  }

  /** A connection that breaks is noticed at once. */
  async #noticeBreaks(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#connected();
      await this.#channel.disconnected();
      if (signal.aborted) return;
      this.#report('unreachable');
      this.#pause.abort();
    }
  }

  /** Resolves when there is a connection, and when there will be none. */
  async #connected(): Promise<void> {
    await this.#channel.connected().catch(() => {}); // rejects when the channel is closed
  }

  async #probe(signal: AbortSignal): Promise<Trouble | undefined> {
    const late = new AbortController();
    const timer = this.#clock.timer(probeTimeoutMs, () => late.abort());
    try {
      const status = await this.maintenance.status({}, AbortSignal.any([signal, late.signal]));
      this.#version = status.version;
      if (status.isLearner) return 'learner';
      return status.leader === 0n ? 'no leader' : undefined;
    } catch (error) {
      this.#log.debug({ endpoint: this.url, error: messageOf(error) }, 'an etcd member did not tell how it is');
      return late.signal.aborted ? 'silent' : 'unreachable';
    } finally {
      timer.cancel();
    }
  }

  #report(trouble: Trouble | undefined): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    if (trouble) this.#log.warn({ endpoint: this.url, trouble }, 'an etcd member is left out');
    else this.#log.info({ endpoint: this.url, version: this.#version }, 'an etcd member can be asked');
    if (trouble === 'silent') {
      this.#lost.abort();
      this.#lost = new AbortController();
    }
    for (const listener of this.#listeners) listener();
  }
}

/** `https://host:2379`, `http://host:2379`, `unix:///path`, or `host:port` without TLS. */
export function targetOf(url: string, tls: EtcdTls | undefined): GrpcTarget {
  const [, scheme = '', rest = ''] = /^(?:(https?|unix):\/\/)?(.*?)\/?$/.exec(url) ?? [];
  if (scheme === 'unix') return { address: `unix:/${rest.replace(/^\//, '')}` };
  return scheme === 'https' ? { address: rest, tls: tls ?? {} } : { address: rest };
}
