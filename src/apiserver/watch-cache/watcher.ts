import { AsyncQueue } from '#base';
import type { WatchItem } from '../registry/rest.ts';
import type { CacheEvent, Matches } from './cache-event.ts';
import { inScope, type Scope } from './scope.ts';

/** Events that wait for one reader. One that falls further behind is cut off, and starts again from where it was. */
const maxBehind = 10_000;

/** One reader of a cache's changes. The cache pushes without waiting, the reader iterates at its pace. */
export class Watcher {
  readonly scope: Scope;
  readonly #wantsBookmarks: boolean;
  readonly #matches: Matches;
  readonly #after: number;
  readonly #queue = new AsyncQueue<WatchItem>();

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

  #push(item: WatchItem): void {
    if (this.#queue.size >= maxBehind) this.close();
    else this.#queue.push(item);
  }

  /** Ends the reader's iteration after what was already pushed. */
  close(): void {
    this.#queue.close();
  }

  get wantsBookmarks(): boolean {
    return this.#wantsBookmarks;
  }

  get items(): AsyncIterable<WatchItem> {
    return this.#queue;
  }
}
