import type { WatchItem } from '../registry/rest.ts';
import type { CacheEvent } from './cache-event.ts';
import type { Watcher } from './watcher.ts';

/** All readers of one cache, by what they look at, so that a change finds its readers without asking each. */
export class Watchers {
  readonly #byPrefix = new Map<string, Set<Watcher>>();
  readonly #byKey = new Map<string, Set<Watcher>>();

  add(watcher: Watcher): void {
    const [sets, id] = this.#placeOf(watcher);
    const set = sets.get(id);
    if (set) set.add(watcher);
    else sets.set(id, new Set([watcher]));
  }

  remove(watcher: Watcher): void {
    const [sets, id] = this.#placeOf(watcher);
    const set = sets.get(id);
    set?.delete(watcher);
    if (set?.size === 0) sets.delete(id);
    watcher.close();
  }

  /** Those of everything, of the key's namespace, and of the key itself. */
  tell(event: CacheEvent): void {
    const { key } = event;
    tellAll(this.#byPrefix.get(''), event);
    const slash = key.indexOf('/');
    if (slash >= 0) tellAll(this.#byPrefix.get(key.slice(0, slash + 1)), event);
    tellAll(this.#byKey.get(key), event);
  }

  bookmark(item: WatchItem): void {
    for (const watcher of this.#all()) watcher.bookmark(item);
  }

  /** Ends all: their readers come back with the revision that they have. */
  closeAll(): void {
    for (const watcher of this.#all()) watcher.close();
    this.#byPrefix.clear();
    this.#byKey.clear();
  }

  get wantBookmarks(): boolean {
    return this.#all().some((watcher) => watcher.wantsBookmarks);
  }

  #all(): Watcher[] {
    return [...this.#byPrefix.values(), ...this.#byKey.values()].flatMap((set) => [...set]);
  }

  #placeOf({ scope }: Watcher): [sets: Map<string, Set<Watcher>>, id: string] {
    return 'key' in scope ? [this.#byKey, scope.key] : [this.#byPrefix, scope.prefix];
  }
}

function tellAll(watchers: ReadonlySet<Watcher> | undefined, event: CacheEvent): void {
  if (watchers) for (const watcher of watchers) watcher.tell(event);
}
