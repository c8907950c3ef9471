import { AsyncQueue, systemClock } from '#base';
import type { ListOptions, ResourceClient, WatchEvent } from '#client';

/** How long an event that must come may take. */
const withinMs = 30_000;

/** A watch that goes on while a test does things, and is asked afterwards what it saw. */
export class Watching<T> implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #queue = new AsyncQueue<WatchEvent<T>>();
  readonly #events: AsyncIterator<WatchEvent<T>, void>;
  readonly #running: Promise<void>;
  readonly #seen: string[] = [];

  constructor(calls: ResourceClient<T>, options: ListOptions = {}) {
    this.#events = this.#queue[Symbol.asyncIterator]();
    this.#running = this.#collect(calls.watch({ ...options, signal: this.#stop.signal }));
  }

  /** The next event; fails when none comes. */
  async next(): Promise<WatchEvent<T>> {
    return this.#within(() => this.#take());
  }

  /** The next `count` events. */
  async take(count: number): Promise<WatchEvent<T>[]> {
    const events: WatchEvent<T>[] = [];
    while (events.length < count) events.push(await this.next());
    return events;
  }

  /** The object of the first event of this type that passes; what comes before it is skipped. */
  async until(type: WatchEvent<T>['type'], passes: (object: T) => unknown = () => true): Promise<T> {
    return this.#within(async () => {
      for (;;) {
        const event = await this.#take();
        if (event.type === type && passes(event.object)) return event.object;
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #within<R>(find: () => Promise<R>): Promise<R> {
    const timer = systemClock.timer(withinMs, () => {
      this.#queue.close(new Error(`what was waited for did not come; seen: ${this.#seen.join(', ') || 'nothing'}`));
    });
    return find().finally(() => timer.cancel());
  }

  async #take(): Promise<WatchEvent<T>> {
    const { value, done } = await this.#events.next();
    if (done) throw new Error(`the watch ended; seen: ${this.#seen.join(', ') || 'nothing'}`);
    this.#seen.push(value.type);
    return value;
  }

  async #collect(events: AsyncIterable<WatchEvent<T>>): Promise<void> {
    try {
      for await (const event of events) this.#queue.push(event);
      this.#queue.close();
    } catch (error) {
      this.#queue.close(error);
    }
  }
}
