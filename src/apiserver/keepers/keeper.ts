import { messageOf, type Clock, type Component, type Logger } from '#base';

const retryMs = 1_000;

export interface KeeperOptions {
  readonly name: string;
  /** Brings what is kept to where it should be. May throw: then it is tried again. */
  readonly reconcile: (signal: AbortSignal) => Promise<void>;
  /** How often to look when nothing has woken it. */
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Keeps objects that are the API server's own (upstream's post-start hooks): reconciles at the start, whenever it is
 * woken, and once in a while.
 */
export class Keeper implements Component {
  readonly #options: KeeperOptions;
  readonly #settled = Promise.withResolvers<void>();
  #pause: AbortController | undefined;
  #isWoken = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Resolves when everything has been as it should be for the first time. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** Something has changed: look soon. */
  wake(): void {
    this.#isWoken = true;
    this.#pause?.abort();
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#isWoken = false;
      const delayMs = (await this.#round(signal)) ? this.#options.intervalMs : retryMs;
      if (!this.#isWoken) await this.#sleep(delayMs, signal);
    }
  }

  async #round(signal: AbortSignal): Promise<boolean> {
    const { name, reconcile, log } = this.#options;
    try {
      await reconcile(signal);
      this.#settled.resolve();
      return true;
    } catch (error) {
      if (!signal.aborted) log.warn({ keeper: name, error: messageOf(error) }, 'will be tried again');
      return false;
    }
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.#pause = new AbortController();
    // Rejects when the pause is cut short, which is what it is for.
    await this.#options.clock.sleep(ms, AbortSignal.any([signal, this.#pause.signal])).catch(() => undefined);
    this.#pause = undefined;
  }
}
