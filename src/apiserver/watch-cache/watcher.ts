import { AsyncQueue } from '#base';
import type { TakeEvent, WatchItem } from '../registry/rest.ts';
import type { CacheEvent, Matches } from './cache-event.ts';
import { inScope, type Scope } from './scope.ts';

/** Events that wait for one reader. One that falls further behind is cut off, and starts again from where it was. */
const maxBehind = 10_000;

/**
 * One reader of a cache's changes. The cache pushes without waiting. What the reader cannot take at once waits in a queue;
 * where it keeps up, an event costs a call.
 */
export class Watcher {
  readonly scope: Scope;
  readonly #wantsBookmarks: boolean;
  readonly #matches: Matches;
  readonly #after: number;
  readonly #queue = new AsyncQueue<WatchItem>();
  /** Set while the reader has taken all there was. */
  #ready: TakeEvent | undefined;
  /** Until when the reader has enough. */
  #pause: Promise<void> | undefined;
  #wake: (() => void) | undefined;

  constructor(options: { scope: Scope; matches: Matches; after: number; wantsBookmarks: boolean }) {
    this.scope = options.scope;
    this.#matches = options.matches;
    this.#after = options.after;
    this.#wantsBookmarks = options.wantsBookmarks;
  }

  /** Whether the key is one that this reader looks at. */
  sees(key: string): boolean {
    return inScope(this.scope, key);
  }

  /** Passes on a change if the reader is to see it. */
  tell(event: CacheEvent): void {
    if (event.revision <= this.#after) return;
    const item = event.seenBy(this.#matches);
    if (item) this.#push(item);
  }

  /** Says that everything up to the bookmark's revision was told. */
  bookmark(item: WatchItem): void {
    if (this.#wantsBookmarks && item.stored.resourceVersion > this.#after) this.#push(item);
  }

  /** Ends the reading after what was already pushed. */
  close(): void {
    this.#queue.close();
    this.#wake?.();
  }

  get wantsBookmarks(): boolean {
    return this.#wantsBookmarks;
  }

  get items(): AsyncIterable<WatchItem> {
    return this.#queue;
  }

  /** Gives the reader every event until the watcher is closed: what has gathered, then each as it is pushed. */
  async forEach(take: TakeEvent): Promise<void> {
    for (;;) {
      for (let item = this.#queue.shift(); item; item = this.#queue.shift()) {
        const pause = take(item);
        if (pause) await pause;
      }
      if (this.#queue.closed) return;
      await this.#listen(take);
    }
  }

  /** Hands events over as they are pushed, until the reader has enough or the watcher is closed. */
  async #listen(take: TakeEvent): Promise<void> {
    this.#ready = take;
    await new Promise<void>((resolve) => (this.#wake = resolve));
    const pause = this.#pause;
    this.#ready = this.#wake = this.#pause = undefined;
    await pause;
  }

  #push(item: WatchItem): void {
    if (this.#ready) this.#handOver(this.#ready, item);
    else if (this.#queue.size >= maxBehind) this.close();
    else this.#queue.push(item);
  }

  /** A reader that fails must not fail the cache, whose turn this is: it hears of it in its own. */
  #handOver(take: TakeEvent, item: WatchItem): void {
    let pause: Promise<void> | undefined;
    try {
      pause = take(item);
    } catch (error) {
      pause = Promise.reject(error);
      pause.catch(() => {}); // `forEach` throws it
    }
    if (!pause) return;
    this.#pause = pause;
    this.#ready = undefined;
    this.#wake?.();
  }
}
