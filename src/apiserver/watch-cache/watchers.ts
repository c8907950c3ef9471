import type { WatchItem } from '../registry/rest.ts';
import type { CacheEvent } from './cache-event.ts';
import { scopeId, scopesOf } from './scope.ts';
import type { Watcher } from './watcher.ts';

/** All readers of one cache, by what they look at, so that a change finds its readers without asking each. */
export class Watchers {
  readonly #byScope = new Map<string, Set<Watcher>>();

  add(watcher: Watcher): void {
    const id = scopeId(watcher.scope);
    const set = this.#byScope.get(id);
    if (set) set.add(watcher);
    else this.#byScope.set(id, new Set([watcher]));
  }

  remove(watcher: Watcher): void {
    const id = scopeId(watcher.scope);
    const set = this.#byScope.get(id);
    set?.delete(watcher);
    if (set?.size === 0) this.#byScope.delete(id);
    watcher.close();
  }

  tell(event: CacheEvent): void {
    for (const id of scopesOf(event.key)) {
      for (const watcher of this.#byScope.get(id) ?? []) watcher.tell(event);
    }
  }

  bookmark(item: WatchItem): void {
    for (const watcher of this.#all()) watcher.bookmark(item);
  }

  /** Ends all: their readers come back with the revision that they have. */
  closeAll(): void {
    for (const watcher of this.#all()) watcher.close();
    this.#byScope.clear();
  }

  get wantBookmarks(): boolean {
    return this.#all().some((watcher) => watcher.wantsBookmarks);
  }

  #all(): Watcher[] {
    return [...this.#byScope.values()].flatMap((set) => [...set]);
  }
}
