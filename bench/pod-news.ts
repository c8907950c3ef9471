import { pods, type Pod } from '#api';
import { silentLogger, systemClock } from '#base';
import { Informer, type Client } from '#client';

/** How long a pod may take before a measurement is given up. */
const patienceMs = 120_000;

/** Follows the pods of a namespace by watch, to the millisecond at which news arrives. */
export class PodNews implements AsyncDisposable {
  readonly #namespace: string;
  readonly #informer: Informer<Pod>;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #checks = new Set<() => void>();

  private constructor(client: Client, namespace: string) {
    this.#namespace = namespace;
    this.#informer = new Informer({ client, resource: pods, namespace, clock: systemClock, log: silentLogger });
    const check = (): void => this.#checks.forEach((one) => one());
    this.#informer.on({ added: check, updated: check, deleted: check });
    this.#running = this.#informer.run(this.#stop.signal).catch(() => {});
  }

  static async follow(client: Client, namespace: string): Promise<PodNews> {
    const news = new PodNews(client, namespace);
    await news.#informer.synced;
    return news;
  }

  /** Resolves when all these pods are in a phase; rejects when one has failed instead, or on the signal. */
  reached(phase: string, names: readonly string[], signal: AbortSignal): Promise<void> {
    return this.#when(`${names.length} pods ${phase}`, signal, () => {
      const found = names.map((name) => this.#informer.lister.get(`${this.#namespace}/${name}`));
      const failed = found.find((pod) => pod?.status.phase === 'Failed');
      if (failed) throw new Error(`pod ${failed.metadata.name} failed: ${failed.status.message ?? ''}`);
      return found.every((pod) => pod?.status.phase === phase);
    });
  }

  /** Resolves when there is no pod left. */
  empty(signal: AbortSignal): Promise<void> {
    return this.#when('no pod left', signal, () => this.#informer.lister.list().length === 0);
  }

  #when(what: string, signal: AbortSignal, isSo: () => boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const late = setTimeout(() => reject(new Error(`not within two minutes: ${what}`)), patienceMs);
    const check = (): void => {
      try {
        if (isSo()) resolve();
      } catch (error) {
        reject(error);
      }
    };
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#checks.add(check);
    check();
    return promise.finally(() => {
      clearTimeout(late);
      signal.removeEventListener('abort', onAbort);
      this.#checks.delete(check);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}
