import { messageOf, type Clock, type Component, type Logger } from '#base';
import type { KeyValue, Store, Watch, WatchEvent, WatchResponse } from '#etcd';
import { isStatusError, type KubeObject, type Resource } from '#machinery';
import { CacheEvent, type Matches } from './cache-event.ts';
import { History } from './history.ts';
import { OwnWrites } from './own-writes.ts';
import { RevisionGate } from './revision-gate.ts';
import { prefixEnd, type Scope } from './scope.ts';
import { ObjectTree, type Snapshot } from './snapshot.ts';
import { bookmarkAt, StoredObject } from './stored.ts';
import { Watcher } from './watcher.ts';
import { Watchers } from './watchers.ts';

/** Changes kept for watches that start in the past; older ones are read from the store. */
const historyCapacity = 2_000;
const bookmarkIntervalMs = 60_000;
const retryMs = 1_000;
/** A lagging member of a cluster may answer a request for progress late, or not at all. */
const progressRetryMs = 100;
const pageSize = 5_000;

export interface CacheOptions {
  resource: Pick<Resource, 'apiVersion' | 'kindName' | 'kind'>;
  store: Pick<Store, 'range' | 'watch' | 'tellsProgress'>;
  /** `/registry/pods/`. */
  prefix: string;
  clock: Clock;
  log: Logger;
  /** Changes kept for watches that start in the past; default: 2,000. */
  historyCapacity?: number;
}

/**
 * All objects of one resource in memory, kept fresh by one watch of the store. It answers lists and feeds every
 * watcher, so that the store sees one reader however many there are.
 */
export class WatchCache implements Component {
  readonly #options: CacheOptions;
  readonly #gate = new RevisionGate();
  readonly #watchers = new Watchers();
  readonly #loaded = Promise.withResolvers<void>();
  readonly #tried = Promise.withResolvers<void>();
  readonly writes = new OwnWrites();
  #objects = new ObjectTree();
  /** The same, for who asks for one object. */
  #byKey = new Map<string, StoredObject>();
  #all: readonly KubeObject[] | undefined;
  #history: History;
  #watch: Watch | undefined;
  #unreadable: Error | undefined;

  constructor(options: CacheOptions) {
    this.#options = options;
    this.#history = this.#historyFrom(0);
  }

  /** Settles when all objects have been read for the first time. */
  get ready(): Promise<void> {
    return this.#loaded.promise;
  }

  /** Settles when all objects have been read for the first time, or one of them cannot be. */
  get tried(): Promise<void> {
    return this.#tried.promise;
  }

  /**
   * Why not all objects can be read: one of them is sealed, and does not open. It is tried again and again; meanwhile
   * what is here grows old, and whoever wants the newest has to ask the store.
   */
  get unreadable(): Error | undefined {
    return this.#unreadable;
  }

  /** Everything up to this revision is here. */
  get revision(): number {
    return this.#gate.revision;
  }

  get(key: string): StoredObject | undefined {
    return this.#byKey.get(key);
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** The objects as they are now; later changes do not reach it. */
  snapshot(): Snapshot {
    return { revision: this.revision, objects: this.#objects.clone(), within: '' };
  }

  /** All objects in their order: for who asks again and again for few that seldom change. */
  get all(): readonly KubeObject[] {
    return (this.#all ??= Array.from(this.values(), ({ object }) => object));
  }

  /** All objects, without a copy: only to be read at once. */
  *values(scope: Scope = { prefix: '' }): Generator<StoredObject> {
    for (const [, stored] of this.#objects.entries(scope)) yield stored;
  }

  /** Resolves with true once everything up to `revision` is here, with false when the signal aborts first. */
  async reached(revision: number, signal: AbortSignal): Promise<boolean> {
    await this.ready;
    if (this.revision >= revision) return true;
    const passed = new AbortController();
    const asking = this.#askForProgress(AbortSignal.any([signal, passed.signal]));
    try {
      return await this.#gate.reached(revision, signal);
    } finally {
      passed.abort();
      await asking;
    }
  }

  /** Starts a watcher of all changes after `after`, of which those since then that are known are already pushed. */
  subscribe(options: { scope: Scope; matches: Matches; after: number; wantsBookmarks: boolean }): Watcher | 'too old' {
    const missed = this.#history.since(Math.min(options.after, this.revision));
    if (!missed) return 'too old';
    const watcher = new Watcher(options);
    for (const event of missed) if (watcher.sees(event.key)) watcher.tell(event);
    this.#watchers.add(watcher);
    return watcher;
  }

  unsubscribe(watcher: Watcher): void {
    this.#watchers.remove(watcher);
  }

  async run(signal: AbortSignal): Promise<void> {
    const bookmarks = this.#sendBookmarks(signal);
    while (!signal.aborted) {
      try {
        await this.#follow(signal);
      } catch (error) {
        this.#failed(error);
      }
      if (signal.aborted) break;
      // What was missed is unknown: watchers come back with the revision they have.
      this.#watchers.closeAll();
      await this.#sleep(retryMs, signal);
    }
    this.#watchers.closeAll();
    await bookmarks;
  }

  /** What cannot be read is told once, however often it is tried. */
  #failed(error: unknown): void {
    const { log, prefix } = this.#options;
    const message = messageOf(error);
    if (message !== this.#unreadable?.message) log.warn({ prefix, error: message }, 'watch of the store ended');
    if (!isStatusError(error, 'InternalError')) return;
    this.#unreadable = error;
    this.#tried.resolve();
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { revision, objects } = await this.#load();
    if (signal.aborted) return;
    this.writes.clear();
    this.#objects = objects;
    this.#all = undefined;
    this.#byKey = new Map(objects.entries({ prefix: '' }));
    this.#history = this.#historyFrom(revision);
    const watch = this.#options.store.watch({ ...this.#range(), startRevision: revision + 1 });
    const cancel = (): void => watch.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    this.#watch = watch;
    this.#gate.advance(revision);
    this.#unreadable = undefined;
    this.#loaded.resolve();
    this.#tried.resolve();
    try {
      for await (const response of watch) this.#receive(response);
    } finally {
      this.#watch = undefined;
      signal.removeEventListener('abort', cancel);
    }
  }

  #historyFrom(revision: number): History {
    return new History(revision, this.#options.historyCapacity ?? historyCapacity);
  }

  async #load(): Promise<Snapshot> {
    const objects = new ObjectTree();
    let { key } = this.#range();
    let revision = 0;
    for (;;) {
      const page = await this.#options.store.range({ ...this.#range(), key, revision, limit: pageSize });
      revision ||= page.header.revision;
      for (const kv of page.kvs) objects.set(this.#keyOf(kv), new StoredObject(kv.modRevision, asBuffer(kv.value)));
      const last = page.kvs.at(-1);
      if (!page.more || !last) return { revision, objects, within: '' };
      key = Buffer.concat([last.key, Buffer.of(0)]);
    }
  }

  #receive(response: WatchResponse): void {
    for (const event of response.events) this.#apply(event);
    const last = response.events.at(-1);
    // The header's revision may be ahead of what was told, except where there is nothing to tell.
    this.#gate.advance(last ? last.kv.modRevision : response.header.revision);
  }

  #apply({ type, kv }: WatchEvent): void {
    const key = this.#keyOf(kv);
    const previous = this.#byKey.get(key);
    const current = type === 'put' ? this.#storedOf(key, kv) : undefined;
    this.#keep(key, current);
    const event = new CacheEvent({ revision: kv.modRevision, key, current, previous });
    this.#history.add(event);
    this.#watchers.tell(event);
  }

  #keep(key: string, current: StoredObject | undefined): void {
    this.#all = undefined;
    if (current) {
      this.#objects.set(key, current);
      this.#byKey.set(key, current);
    } else {
      this.#objects.delete(key);
      this.#byKey.delete(key);
    }
  }

  #storedOf(key: string, kv: KeyValue): StoredObject {
    const value = asBuffer(kv.value);
    return this.writes.claim(key, value, kv.modRevision) ?? new StoredObject(kv.modRevision, value);
  }

  async #askForProgress(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#watch?.requestProgress();
      await this.#sleep(progressRetryMs, signal);
    }
  }

  async #sendBookmarks(signal: AbortSignal): Promise<void> {
    while (await this.#sleep(bookmarkIntervalMs, signal)) {
      if (!this.#watchers.wantBookmarks) continue;
      await this.#catchUp(signal);
      if (signal.aborted) return;
      const stored = bookmarkAt(this.revision, this.#options.resource);
      this.#watchers.bookmark({ type: 'BOOKMARK', stored });
    }
  }

  /** Hears of everything up to now, where that can be asked for; else a bookmark tells no more than the last event. */
  async #catchUp(signal: AbortSignal): Promise<void> {
    const { store, prefix, log } = this.#options;
    if (!store.tellsProgress) return;
    try {
      const { header } = await store.range({ ...this.#range(), limit: 1, keysOnly: true });
      await this.reached(header.revision, signal);
    } catch (error) {
      log.debug({ prefix, error: messageOf(error) }, 'bookmarks do not know the newest revision');
    }
  }

  #range(): { key: Uint8Array; rangeEnd: Uint8Array } {
    const { prefix } = this.#options;
    return { key: Buffer.from(prefix), rangeEnd: Buffer.from(prefixEnd(prefix)) };
  }

  #keyOf(kv: KeyValue): string {
    return asBuffer(kv.key).toString('utf8', this.#options.prefix.length);
  }

  /** False when the signal aborted. */
  async #sleep(ms: number, signal: AbortSignal): Promise<boolean> {
    await this.#options.clock.sleep(ms, signal).catch(() => {});
    return !signal.aborted;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
