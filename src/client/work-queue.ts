import type { Clock, Timer } from '#base';
import { ItemRateLimiter } from './rate-limiter.ts';

interface Waiting {
  at: number;
  timer: Timer;
}

/**
 * Keys to work on, as client-go's workqueue: a key waits at most once however often it is added, is never worked on by
 * two workers at once, and comes back when it was added while being worked on.
 */
export class WorkQueue<K = string> {
  readonly #clock: Clock;
  readonly #limiter: ItemRateLimiter<K>;
  /** In the order of arrival; a Set keeps it. */
  readonly #queue = new Set<K>();
  readonly #processing = new Set<K>();
  /** Added while being worked on. */
  readonly #dirty = new Set<K>();
  readonly #later = new Map<K, Waiting>();
  #takers: ((key: K | undefined) => void)[] = [];
  #shutDown = false;

  constructor({ clock, baseDelayMs, maxDelayMs }: { clock: Clock; baseDelayMs?: number; maxDelayMs?: number }) {
    this.#clock = clock;
    this.#limiter = new ItemRateLimiter({ clock, baseMs: baseDelayMs, maxMs: maxDelayMs });
  }

  /** Keys that wait for a worker now. */
  get size(): number {
    return this.#queue.size;
  }

  add(key: K): void {
    if (this.#shutDown) return;
    if (this.#processing.has(key)) {
      this.#dirty.add(key);
      return;
    }
    const taker = this.#takers.shift();
    if (!taker) {
      this.#queue.add(key);
      return;
    }
    this.#processing.add(key);
    taker(key);
  }

  /** Adds the key in `ms` milliseconds; of several such wishes the earliest counts. */
  addAfter(key: K, ms: number): void {
    if (this.#shutDown) return;
    if (ms <= 0) {
      this.add(key);
      return;
    }
    const at = this.#clock.elapsed() + ms;
    const known = this.#later.get(key);
    if (known && known.at <= at) return;
    known?.timer.cancel();
    const timer = this.#clock.timer(ms, () => {
      this.#later.delete(key);
      this.add(key);
    });
    this.#later.set(key, { at, timer });
  }

  /** Adds a key that failed, later each time. */
  addRateLimited(key: K): void {
    this.addAfter(key, this.#limiter.failed(key));
  }

  /** Forgets the failures of a key: it went well. */
  forget(key: K): void {
    this.#limiter.forget(key);
  }

  /** How often the key failed since it last went well. */
  retries(key: K): number {
    return this.#limiter.retries(key);
  }

  /** The next key, which the caller gives back with `done`; undefined when the queue was shut down. */
  take(): Promise<K | undefined> {
    for (const key of this.#queue) {
      this.#queue.delete(key);
      this.#processing.add(key);
      return Promise.resolve(key);
    }
    if (this.#shutDown) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** The caller no longer works on the key. */
  done(key: K): void {
    this.#processing.delete(key);
    if (this.#dirty.delete(key)) this.add(key);
  }

  /** Takes no more keys and drops those that wait; workers get undefined. */
  shutDown(): void {
    this.#shutDown = true;
    this.#queue.clear();
    for (const { timer } of this.#later.values()) timer.cancel();
    this.#later.clear();
    for (const taker of this.#takers) taker(undefined);
    this.#takers = [];
  }
}
