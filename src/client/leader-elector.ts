import { messageOf, type Clock, type Component, type Logger, type Random } from '#base';
import { leases, type Lease } from '#api';
import { formatMicroTime, isStatusError } from '#machinery';
import type { Client } from './client.ts';

export interface LeaderElectorOptions {
  client: Client;
  namespace: string;
  /** The Lease's name. */
  name: string;
  /** Who we are; unique among the candidates. */
  identity: string;
  /** What only the leader does; its signal aborts when the lease is lost. */
  lead: Component;
  clock: Clock;
  random: Random;
  log: Logger;
  leaseDurationMs?: number;
  renewDeadlineMs?: number;
  retryPeriodMs?: number;
  /** Gives the lease back at the end, so that the next one need not wait. Default true. */
  releaseOnCancel?: boolean;
}

interface Observed {
  /** What the lease said when it last changed, and when we saw that by our own clock. */
  spec: string;
  atMs: number;
}

/** The share that is added to the retry period at random. */
const jitter = 1.2;

/**
 * Runs a component on one of several candidates, the one that holds a Lease (client-go's leaderelection). Whether a
 * holder is alive is judged by when we saw its lease change, never by comparing its clock with ours.
 */
export class LeaderElector implements Component {
  readonly #options: Required<LeaderElectorOptions>;
  #observed: Observed = { spec: '', atMs: -Infinity };

  constructor(options: LeaderElectorOptions) {
    const defaults = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2000, releaseOnCancel: true };
    this.#options = { ...defaults, ...options };
  }

  /** Resolves when the signal aborts; rejects when the lease is lost, after the component has stopped. */
  async run(signal: AbortSignal): Promise<void> {
    if (!(await this.#acquire(signal))) return;
    const { lead, log, name, releaseOnCancel, renewDeadlineMs } = this.#options;
    log.info({ lease: name }, 'became leader');
    const lost = new AbortController();
    const leading = lead.run(AbortSignal.any([signal, lost.signal]));
    const ended = leading.finally(() => lost.abort());
    try {
      await Promise.all([ended, this.#keepRenewed(AbortSignal.any([signal, lost.signal]), lost)]);
    } finally {
      await leading.catch(() => {});
      if (releaseOnCancel) await this.#within(renewDeadlineMs, this.#release());
    }
  }

  async #acquire(signal: AbortSignal): Promise<boolean> {
    const { clock, random, retryPeriodMs } = this.#options;
    while (!signal.aborted) {
      if (await this.#tryHold()) return true;
      await clock.sleep(retryPeriodMs * (1 + jitter * random.next()), signal).catch(() => {});
    }
    return false;
  }

  async #keepRenewed(signal: AbortSignal, lost: AbortController): Promise<void> {
    const { clock, retryPeriodMs, renewDeadlineMs, name } = this.#options;
    let renewedAt = clock.elapsed();
    for (;;) {
      await clock.sleep(retryPeriodMs, signal).catch(() => {});
      if (signal.aborted) return;
      const askedAt = clock.elapsed();
      const leftMs = renewedAt + renewDeadlineMs - askedAt;
      if (await this.#within(leftMs, this.#tryHold())) renewedAt = askedAt;
      else if (clock.elapsed() - renewedAt >= renewDeadlineMs) {
        lost.abort();
        throw new Error(`leader election lost: ${name}`);
      }
    }
  }

  /** The answer, if it comes in time: a server that hangs must not make a leader of one whose lease is over. */
  async #within(ms: number, answer: Promise<boolean>): Promise<boolean> {
    const answered = new AbortController();
    const late = this.#options.clock.sleep(ms, answered.signal).then(
      () => false,
      () => false, // the answer was first
    );
    try {
      return await Promise.race([answer, late]);
    } finally {
      answered.abort();
    }
  }

  /** Takes or renews the lease; false when somebody else has it or the server could not be asked. */
  async #tryHold(): Promise<boolean> {
    const { name, log } = this.#options;
    try {
      const lease = await this.#read();
      if (!lease) await this.#create();
      else if (this.#heldByOther(lease)) return false;
      else await this.#write(lease, this.#claim(lease));
      return true;
    } catch (error) {
      if (!isStatusError(error, 'Conflict', 'AlreadyExists')) {
        log.warn({ lease: name, error: messageOf(error) }, 'cannot get or renew the lease');
      }
      return false;
    }
  }

  get #calls() {
    return this.#options.client.of(leases).in(this.#options.namespace);
  }

  async #read(): Promise<Lease | undefined> {
    try {
      return await this.#calls.get(this.#options.name);
    } catch (error) {
      if (isStatusError(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  async #create(): Promise<void> {
    const { name, namespace } = this.#options;
    const spec = { ...this.#claim(undefined), leaseTransitions: 0 };
    await this.#calls.create({ metadata: { name, namespace }, spec });
  }

  async #write(lease: Lease, spec: Lease['spec']): Promise<void> {
    await this.#calls.update({ ...lease, spec });
  }

  #heldByOther(lease: Lease): boolean {
    const { clock, identity, leaseDurationMs } = this.#options;
    const spec = JSON.stringify(lease.spec);
    if (spec !== this.#observed.spec) this.#observed = { spec, atMs: clock.elapsed() };
    const holder = lease.spec?.holderIdentity ?? '';
    if (holder === '' || holder === identity) return false;
    return clock.elapsed() < this.#observed.atMs + leaseDurationMs;
  }

  #claim(lease: Lease | undefined): NonNullable<Lease['spec']> {
    const { clock, identity, leaseDurationMs } = this.#options;
    const now = formatMicroTime(clock.now());
    const mine = lease?.spec?.holderIdentity === identity;
    const transitions = lease?.spec?.leaseTransitions ?? 0;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: leaseDurationMs / 1000,
      acquireTime: mine ? (lease?.spec?.acquireTime ?? now) : now,
      renewTime: now,
      leaseTransitions: mine ? transitions : transitions + 1,
    };
  }

  /** Whether it was given back. */
  async #release(): Promise<boolean> {
    const { identity, clock, log, name } = this.#options;
    try {
      const lease = await this.#read();
      if (lease?.spec?.holderIdentity !== identity) return false;
      const now = formatMicroTime(clock.now());
      await this.#write(lease, {
        ...lease.spec,
        holderIdentity: '',
        leaseDurationSeconds: 1,
        acquireTime: now,
        renewTime: now,
      });
      return true;
    } catch (error) {
      log.warn({ lease: name, error: messageOf(error) }, 'cannot give the lease back');
      return false;
    }
  }
}
