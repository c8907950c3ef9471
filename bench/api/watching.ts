import type { ApiConnection } from '../api-connection.ts';

const lineEnd = 10;

/** Many watches, of which it is known how many events each has been told. */
export class Watching {
  readonly #count: number;
  readonly #cancels: (() => void)[] = [];
  /** How many watchers have had so many events. */
  readonly #reached: number[] = [];
  readonly #waiting = new Map<number, () => void>();
  readonly #failed = Promise.withResolvers<never>();
  #stopping = false;

  /** `count` watchers are to come. */
  constructor(count: number) {
    this.#count = count;
    this.#failed.promise.catch(() => {}); // who waits hears of it
  }

  add(connection: ApiConnection, path: string): void {
    let seen = 0;
    const { ended, cancel } = connection.watch(path, (chunk) => {
      for (let at = chunk.indexOf(lineEnd); at >= 0; at = chunk.indexOf(lineEnd, at + 1)) this.#saw(++seen);
    });
    this.#cancels.push(cancel);
    const broke = (why: unknown): void => {
      if (!this.#stopping) this.#failed.reject(why);
    };
    ended.then((status) => broke(new Error(`a watch ended with ${status}`)), broke);
  }

  /** Resolves when every watcher has been told `events` events; rejects when one breaks off. */
  async reached(events: number): Promise<void> {
    if (this.#reached[events] === this.#count) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(events, resolve);
    await Promise.race([promise, this.#failed.promise]);
  }

  stop(): void {
    this.#stopping = true;
    for (const cancel of this.#cancels) cancel();
  }

  #saw(event: number): void {
    const reached = (this.#reached[event] ?? 0) + 1;
    this.#reached[event] = reached;
    if (reached === this.#count) this.#waiting.get(event)?.();
  }
}
