import type { Clock, Random } from '#base';
import { EtcdError } from '../errors.ts';
import type { Endpoint } from './endpoint.ts';
import type { Endpoints } from './endpoints.ts';
import { mayRepeat, toEtcdError, type RetryPolicy } from './errors.ts';

/** Between rounds over a majority of the members (`client/v3/options.go`). */
const backoffMs = 25;
const backoffJitter = 0.1;

export interface CallsOptions {
  endpoints: Endpoints;
  clock: Clock;
  random: Random;
  /** How long a call may take, with all its repetitions. */
  requestTimeoutMs: number;
}

type Ask<T> = (endpoint: Endpoint, signal: AbortSignal) => Promise<T>;

/** Calls of the cluster: to one member after another, as far as that is safe, within a time. All throw `EtcdError`. */
export class Calls {
  readonly #options: CallsOptions;
  readonly #closed = new AbortController();
  #isClosed = false;
  readonly #writing = new Set<Promise<unknown>>();

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /** What must not be done twice is only repeated when it was certainly not done. */
  async write<T>(ask: Ask<T>): Promise<T> {
    const writing = this.#call('write', ask);
    this.#writing.add(writing);
    try {
      return await writing;
    } finally {
      this.#writing.delete(writing);
    }
  }

  /** What may be asked as often as one likes. */
  read<T>(ask: Ask<T>): Promise<T> {
    return this.#call('read', ask);
  }

  /** What a member may answer out of what it has, also when it was cut off from the others. */
  readAnywhere<T>(ask: Ask<T>): Promise<T> {
    return this.#call('anywhere', ask);
  }

  /** Refuses the calls that come, waits for the writes under way, and ends the reads. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#writing);
    this.#closed.abort();
  }

  async #call<T>(policy: RetryPolicy, ask: Ask<T>): Promise<T> {
    if (this.#isClosed) throw new EtcdError('ErrStopped');
    const { clock, requestTimeoutMs } = this.#options;
    const late = new AbortController();
    const timer = clock.timer(requestTimeoutMs, () => late.abort());
    try {
      return await this.#attempts(policy, ask, AbortSignal.any([late.signal, this.#closed.signal]));
    } finally {
      timer.cancel();
    }
  }

  async #attempts<T>(policy: RetryPolicy, ask: Ask<T>, signal: AbortSignal): Promise<T> {
    let last: EtcdError | undefined;
    for (let attempt = 1; ; attempt++) {
      const endpoint = await this.#options.endpoints.available(signal, policy !== 'anywhere');
      if (!endpoint || this.#closed.signal.aborted) throw this.#nobody(last);
      const { lost } = endpoint;
      try {
        return await ask(endpoint, AbortSignal.any([signal, lost]));
      } catch (error) {
        last = this.#failure(error, endpoint, lost, signal);
        if (signal.aborted || !(mayRepeat(error, policy) || (lost.aborted && policy !== 'write'))) throw last;
      }
      await this.#pause(attempt, signal);
    }
  }

  #failure(error: unknown, { url }: Endpoint, lost: AbortSignal, signal: AbortSignal): EtcdError {
    if (this.#closed.signal.aborted) return new EtcdError('ErrStopped', { cause: error });
    if (signal.aborted) return new EtcdError('ErrTimeout', { detail: `${url} did not answer`, cause: error });
    if (!lost.aborted) return toEtcdError(error);
    return new EtcdError('ErrTimeoutDueToConnectionLost', { detail: `${url} fell silent`, cause: error });
  }

  /** The call was never begun, or was refused before it was done. */
  #nobody(last: EtcdError | undefined): EtcdError {
    if (this.#closed.signal.aborted) return new EtcdError('ErrStopped');
    const { all } = this.#options.endpoints;
    const detail = this.#options.endpoints.troubles();
    if (all.some(({ trouble }) => trouble === 'no leader'))
      return new EtcdError('ErrNoLeader', { detail, cause: last });
    return new EtcdError('ErrTimeoutDueToConnectionLost', { detail, cause: last });
  }

  async #pause(attempt: number, signal: AbortSignal): Promise<void> {
    const { endpoints, random, clock } = this.#options;
    if (attempt % endpoints.quorum !== 0) return;
    const ms = backoffMs * (1 + backoffJitter * (2 * random.next() - 1));
    await clock.sleep(ms, signal).catch(() => {}); // rejects when the time is over, which the next attempt sees
  }
}
