/** A watch that has been asked for. */
export interface Begun {
  /** Rejects, or resolves with what the server said, when the watch is over. */
  ended: Promise<unknown>;
  cancel: () => void;
}

/** A server ended a watch that nobody had called off. */
export class WatchEndedError extends Error {
  constructor(answer: unknown) {
    super(`a watch ended with ${String(answer)}`);
  }
}

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

  /** Adds one; `begin` is given what is to be called with the number of events that came. */
  add(begin: (told: (events: number) => void) => Begun): void {
    let seen = 0;
    const { ended, cancel } = begin((events) => {
      for (let n = 0; n < events; n++) this.#saw(++seen);
    });
    this.#cancels.push(cancel);
    const broke = (why: unknown): void => {
      if (!this.#stopping) this.#failed.reject(why);
    };
    ended.then((answer) => broke(new WatchEndedError(answer)), broke);
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
