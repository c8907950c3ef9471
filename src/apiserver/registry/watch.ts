import type { Timer } from '#base';
import { EtcdError, type WatchEvent } from '#etcd';
import { gone, isStatusError } from '#machinery';
import { bookmarkAt, CacheEvent, inScope, StoredObject, type Snapshot, type Watcher } from '../watch-cache/index.ts';
import { cacheIsNewest, checkReadable, newestRevision, parseRevision } from './freshness.ts';
import type { Parts } from './parts.ts';
import type { ListOptions, RequestContext, TakeEvent, TakeEvents, WatchItem, WatchStream } from './rest.ts';
import { selectionOf, type Selection } from './selection.ts';
import { newestSnapshot, snapshotFrom } from './snapshots.ts';
import { turns } from './turns.ts';

/** How long before its end a watch tells its reader how far it got (`storage/cacher/cache_watcher.go`). */
const lastBookmarkMs = 2_000;

/**
 * Answers a watch. Without a revision, or with 0, it begins with an ADDED for everything that is there; with
 * `sendInitialEvents` a bookmark then says that this was all. From a revision on it tells every later change, from the
 * cache's history or, where that does not reach back, from the store's.
 */
export class ResourceWatch implements WatchStream {
  readonly #parts: Parts;
  readonly #context: RequestContext;
  readonly #options: ListOptions;
  readonly #selection: Selection;
  /** The namespace that it is about, as keys have it. */
  readonly #within: string;
  readonly #revision: number | undefined;

  /** Throws BadRequest for options that make no sense, and TooManyRequests while the cache cannot follow the store. */
  constructor(parts: Parts, context: RequestContext, ns: string, options: ListOptions) {
    this.#parts = parts;
    this.#context = context;
    this.#options = options;
    this.#selection = selectionOf(parts.resource, ns, options);
    this.#within = ns === '' ? '' : `${ns}/`;
    this.#revision = parseRevision(options.resourceVersion);
    checkReadable(parts.cache);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WatchItem, void> {
    using ending = new Ending(this.#parts, this.#context, this.#options);
    try {
      using watching = await this.#begin(ending);
      for await (const items of watching.past()) yield* items;
      yield* watching.watcher.items;
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    }
  }

  async forEach(take: TakeEvent, takePast: TakeEvents = oneByOne(take)): Promise<void> {
    using ending = new Ending(this.#parts, this.#context, this.#options);
    try {
      using watching = await this.#begin(ending);
      for await (const items of watching.past()) {
        await turns.next();
        await takePast(items);
      }
      await watching.watcher.forEach(take);
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    }
  }

  /** Subscribes, once the cache is as fresh as the watch must begin. */
  async #begin(ending: Ending): Promise<Watching> {
    const { cache } = this.#parts;
    await cache.tried;
    checkReadable(cache);
    const initial = this.#options.sendInitialEvents ?? (this.#revision ?? 0) === 0;
    const { after, snapshot } = initial
      ? await this.#fromState(ending.signal)
      : await this.#fromRevision(ending.signal);
    const { watcher, replayed } = this.#subscribe(after);
    ending.watch(watcher);
    const { signal } = ending;
    const parts = this.#parts;
    const past = { parts, selection: this.#selection, options: this.#options, snapshot, after, replayed, signal };
    return new Watching(watcher, past);
  }

  /** A state to begin with, as new as was asked for, and everything after it. */
  async #fromState(signal: AbortSignal): Promise<{ after: number; snapshot: Snapshot }> {
    const snapshot = await this.#state(signal);
    return { after: snapshot.revision, snapshot };
  }

  async #state(signal: AbortSignal): Promise<Snapshot> {
    const parts = this.#parts;
    const within = this.#within;
    if (this.#revision === undefined) return newestSnapshot(parts, within, signal);
    if (this.#options.sendInitialEvents) return snapshotFrom(parts, this.#revision, within, signal);
    return parts.cache.snapshot();
  }

  /** Everything after the revision that was asked for, or after now. */
  async #fromRevision(signal: AbortSignal): Promise<{ after: number; snapshot: undefined }> {
    const { cache } = this.#parts;
    if (this.#revision) return { after: this.#revision, snapshot: undefined };
    const isNewest = await cacheIsNewest(this.#parts, signal);
    return { after: isNewest ? cache.revision : await newestRevision(this.#parts), snapshot: undefined };
  }

  /** A watcher; where the cache's history does not reach back far enough, the revision up to which the store must tell. */
  #subscribe(after: number): { watcher: Watcher; replayed?: number } {
    const { cache } = this.#parts;
    const { scope, matches } = this.#selection;
    const wantsBookmarks = this.#options.allowWatchBookmarks ?? false;
    const watcher = cache.subscribe({ scope, matches, after, wantsBookmarks });
    if (watcher !== 'too old') return { watcher };
    const now = cache.revision;
    // Who cannot be asked how far a watch has got tells no end of the past (as upstream, where that is always refused).
    if (!this.#parts.store.tellsProgress) throw tooOld(after, now);
    const later = cache.subscribe({ scope, matches, after: now, wantsBookmarks });
    if (later === 'too old') throw new Error(`the watch cache forgot its own revision ${now}`);
    return { watcher: later, replayed: now };
  }
}

/** What a watch tells before the changes that its watcher hears of. */
interface Past {
  parts: Parts;
  selection: Selection;
  options: ListOptions;
  /** The state to begin with. */
  snapshot: Snapshot | undefined;
  /** Else the changes since this revision, up to `replayed`. */
  after: number;
  replayed: number | undefined;
  signal: AbortSignal;
}

/** A watch under way; given back, it hears of nothing more. */
class Watching implements Disposable {
  readonly watcher: Watcher;
  readonly #past: Past;

  constructor(watcher: Watcher, past: Past) {
    this.watcher = watcher;
    this.#past = past;
  }

  async *past(): AsyncGenerator<readonly WatchItem[], void> {
    const { parts, selection, options, snapshot, after, replayed, signal } = this.#past;
    if (snapshot) yield* initialItems(parts, selection, snapshot, options);
    if (replayed) yield* replay(parts, selection, after, replayed, signal);
  }

  [Symbol.dispose](): void {
    this.#past.parts.cache.unsubscribe(this.watcher);
  }
}

function oneByOne(take: TakeEvent): TakeEvents {
  return async (items) => {
    for (const item of items) await take(item);
  };
}

function* initialItems(
  { resource }: Parts,
  { scope, matches, all }: Selection,
  { objects, revision }: Snapshot,
  { sendInitialEvents, allowWatchBookmarks }: ListOptions,
): Generator<readonly WatchItem[]> {
  let items: WatchItem[] = [];
  for (const [, stored] of objects.entries(scope)) {
    if (all || matches(stored)) items.push({ type: 'ADDED', stored });
    if (items.length < initialItemsAtOnce) continue;
    yield items;
    items = [];
  }
  if (sendInitialEvents && allowWatchBookmarks) {
    const stored = bookmarkAt(revision, resource, { 'k8s.io/initial-events-end': 'true' });
    items.push({ type: 'BOOKMARK', stored });
  }
  if (items.length > 0) yield items;
}

const initialItemsAtOnce = 100;

/** The changes after `after` up to and with `until`, from the store. */
async function* replay(
  { store, prefix }: Parts,
  { scope, matches }: Selection,
  after: number,
  until: number,
  signal: AbortSignal,
): AsyncGenerator<readonly WatchItem[], void> {
  const range = { key: Buffer.from(prefix), rangeEnd: Buffer.from(`${prefix.slice(0, -1)}0`) };
  const history = store.watch({ ...range, startRevision: after + 1, prevKv: true });
  const cancel = (): void => history.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    history.requestProgress();
    for await (const { events, header, compactRevision } of history) {
      if (compactRevision) throw tooOld(after, compactRevision);
      const told = events.filter(({ kv }) => kv.modRevision <= until).map((event) => cacheEventOf(event, prefix));
      const items = told.filter(({ key }) => inScope(scope, key)).map((event) => event.seenBy(matches));
      yield items.filter((item) => item !== undefined);
      if ((events.at(-1)?.kv.modRevision ?? header.revision) >= until) return;
    }
  } catch (error) {
    if (error instanceof EtcdError && error.code === 'ErrCompacted') throw tooOld(after, until);
    // What was before may be sealed with a key that is gone; what is now can be read, or the cache would not follow it.
    if (isStatusError(error, 'InternalError')) throw tooOld(after, until);
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
    history.cancel();
  }
}

function cacheEventOf({ type, kv, prevKv }: WatchEvent, prefix: string): CacheEvent {
  return new CacheEvent({
    revision: kv.modRevision,
    key: Buffer.from(kv.key).toString().slice(prefix.length),
    current: type === 'put' ? storedOf(kv) : undefined,
    previous: prevKv && storedOf(prevKv),
  });
}

function storedOf({ modRevision, value }: { modRevision: number; value: Uint8Array }): StoredObject {
  return new StoredObject(modRevision, Buffer.from(value));
}

function tooOld(revision: number, oldest: number): Error {
  return gone(`too old resource version: ${revision} (${oldest})`);
}

/** The end of a watch: the client left, or its time is over. A reader that asks for bookmarks gets one just before. */
class Ending implements Disposable {
  readonly signal: AbortSignal;
  readonly #parts: Parts;
  readonly #timeoutMs: number;
  readonly #timers: Timer[] = [];
  #close: (() => void) | undefined;

  constructor(parts: Parts, context: RequestContext, { timeoutSeconds = 0 }: ListOptions) {
    this.#parts = parts;
    this.#timeoutMs = timeoutSeconds * 1000;
    if (this.#timeoutMs === 0) {
      this.signal = context.signal;
      return;
    }
    const over = new AbortController();
    this.#timers.push(parts.clock.timer(this.#timeoutMs, () => over.abort()));
    this.signal = AbortSignal.any([context.signal, over.signal]);
  }

  /** Closes the watcher at the end. */
  watch(watcher: Watcher): void {
    this.#close = () => watcher.close();
    this.signal.addEventListener('abort', this.#close, { once: true });
    if (this.signal.aborted) watcher.close();
    if (!watcher.wantsBookmarks || this.#timeoutMs <= lastBookmarkMs) return;
    const { cache, clock, resource } = this.#parts;
    const tell = (): void => watcher.bookmark({ type: 'BOOKMARK', stored: bookmarkAt(cache.revision, resource) });
    this.#timers.push(clock.timer(this.#timeoutMs - lastBookmarkMs, tell));
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) timer.cancel();
    if (this.#close) this.signal.removeEventListener('abort', this.#close);
  }
}
