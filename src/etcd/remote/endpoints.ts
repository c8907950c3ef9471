import { randomInt, type Clock, type Logger, type Random } from '#base';
import { Endpoint, type EtcdTls } from './endpoint.ts';

export interface EndpointsOptions {
  /** URLs of the members: `https://10.0.0.1:2379`. */
  endpoints: readonly string[];
  tls?: EtcdTls | undefined;
  clock: Clock;
  random: Random;
  log: Logger;
}

/** The members of the cluster, taken in turn; those in trouble are left out as long as others are not. */
export class Endpoints {
  readonly all: readonly Endpoint[];
  readonly #stop = new AbortController();
  readonly #watching: Promise<void>[];
  readonly #changed = new Set<() => void>();
  #turn: number;

  constructor({ endpoints, random, ...options }: EndpointsOptions) {
    if (endpoints.length === 0) throw new Error('a store needs the address of one etcd member at least');
    this.all = endpoints.map((url) => new Endpoint(url, options));
    this.#turn = randomInt(random, endpoints.length);
    for (const endpoint of this.all) endpoint.onChange(() => this.#tell());
    this.#watching = this.all.map((endpoint) => endpoint.watchOver(this.#stop.signal));
  }

  /** How many make a majority. */
  get quorum(): number {
    return Math.floor(this.all.length / 2) + 1;
  }

  /** Waits for a member that can be asked, where `needsLeader` about what all agree on; undefined when the signal aborts first. */
  async available(signal: AbortSignal, needsLeader = true): Promise<Endpoint | undefined> {
    for (;;) {
      const endpoint = this.#next(needsLeader);
      if (endpoint || signal.aborted) return endpoint;
      await this.#change(signal);
    }
  }

  /** Why nobody can be asked: by member. */
  troubles(): string {
    return this.all.map(({ url, trouble }) => `${url} ${trouble ?? 'is well'}`).join(', ');
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.all.map((endpoint) => endpoint.close()));
    await Promise.all(this.#watching);
  }

  #next(needsLeader: boolean): Endpoint | undefined {
    for (let tries = 0; tries < this.all.length; tries++) {
      const endpoint = this.all[this.#turn++ % this.all.length];
      if (endpoint && (!endpoint.trouble || (!needsLeader && endpoint.trouble === 'no leader'))) return endpoint;
    }
    return undefined;
  }

  #tell(): void {
    for (const wake of this.#changed) wake();
  }

  async #change(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    this.#changed.add(wake);
    signal.addEventListener('abort', wake, { once: true });
    await promise;
    this.#changed.delete(wake);
    signal.removeEventListener('abort', wake); // a watch waits with the same signal for as long as it lives
  }
}
