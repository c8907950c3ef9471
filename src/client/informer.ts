import { deepFreeze, type Clock, type Component, type Logger, type Random } from '#base';
import { keyOf, isStatusError, type KubeObject } from '#machinery';
import { Backoff } from './backoff.ts';
import type { Client, ListOptions, ResourceClient, TypedResource } from './client.ts';
import { IndexedStore, type IndexFunction, type Lister } from './lister.ts';
import type { WatchEvent } from './request.ts';

/** Called one after the other, in the order in which the server sent the news; must not block. */
export interface InformerHandler<T> {
  added?(object: T): void;
  updated?(before: T, after: T): void;
  /** `object` is the last known state. */
  deleted?(object: T): void;
}

export interface InformerOptions<T> {
  client: Client;
  resource: TypedResource<T>;
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  clock: Clock;
  log: Logger;
  /** Spreads retries; without it they are not spread. */
  random?: Random;
  /** Tells every object as updated again at this interval; 0 (the default) never. */
  resyncMs?: number;
}

/**
 * Keeps a copy of a collection: lists it, then watches from there, lists again when the server has forgotten where we
 * were (410), and retries with backoff for ever. What vanished while nobody looked is told as deleted at the next list.
 */
export class Informer<T extends KubeObject> implements Component {
  readonly lister: Lister<T>;
  /** Resolves when the first list is in the lister and the handlers were told. */
  readonly synced: Promise<void>;
  hasSynced = false;

  readonly #options: InformerOptions<T>;
  readonly #store = new IndexedStore<T>();
  readonly #handlers = new Set<InformerHandler<T>>();
  readonly #backoff: Backoff;
  readonly #markSynced: () => void;
  /** The last revision that we know of; empty forces a consistent list. */
  #resourceVersion = '0';

  constructor(options: InformerOptions<T>) {
    this.#options = options;
    this.lister = this.#store;
    const { clock, random } = options;
    this.#backoff = new Backoff({ clock, random, initialMs: 800, maxMs: 30_000, jitter: 1 });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.synced = promise;
    this.#markSynced = resolve;
  }

  /** Registers a handler, which is told of everything already known at once. Returns how to take it back. */
  on(handler: InformerHandler<T>): () => void {
    this.#handlers.add(handler);
    for (const object of this.#store.list()) this.#tell(() => handler.added?.(object), object);
    return () => void this.#handlers.delete(handler);
  }

  /** Makes `byIndex(name, value)` answer quickly. */
  addIndex(name: string, valuesOf: IndexFunction<T>): void {
    this.#store.addIndex(name, valuesOf);
  }

  byIndex(name: string, value: string): T[] {
    return this.#store.byIndex(name, value);
  }

  async run(signal: AbortSignal): Promise<void> {
    const stopResync = this.#startResync();
    try {
      while (!signal.aborted) {
        try {
          await this.#list(signal);
          await this.#watchOn(signal);
        } catch (error) {
          if (signal.aborted) return;
          await this.#recover(error, signal);
        }
      }
    } finally {
      stopResync();
    }
  }

  get #calls(): ResourceClient<T> {
    const { client, resource, namespace } = this.#options;
    return namespace ? client.of(resource).in(namespace) : client.of(resource);
  }

  get #selectors(): ListOptions {
    const { labelSelector, fieldSelector } = this.#options;
    return { labelSelector, fieldSelector };
  }

  async #list(signal: AbortSignal): Promise<void> {
    let page = await this.#calls.list({ ...this.#selectors, resourceVersion: this.#resourceVersion, signal });
    const items = [...page.items];
    while (page.continue) {
      page = await this.#calls.list({ ...this.#selectors, continue: page.continue, signal });
      items.push(...page.items);
    }
    this.#replace(items);
    this.#resourceVersion = page.resourceVersion;
    this.#backoff.reset();
    if (this.hasSynced) return;
    this.hasSynced = true;
    this.#markSynced();
  }

  /** Makes the store what the list says. An object of the same name but another uid is another object. */
  #replace(items: readonly T[]): void {
    const gone = new Set(this.#store.keys());
    for (const item of items) gone.delete(keyOf(item));
    for (const key of gone) this.#deleted(key);
    for (const item of items) this.#put(item);
  }

  /** Watches until the server forgot our revision (throws 410) or something broke. */
  async #watchOn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const startedAt = this.#options.clock.elapsed();
      let events = 0;
      const watch = this.#calls.watch({
        ...this.#selectors,
        resourceVersion: this.#resourceVersion,
        allowWatchBookmarks: true,
        signal,
      });
      for await (const event of watch) {
        this.#apply(event);
        events++;
      }
      // A server that ends watches as fast as we start them is in trouble: client-go's "very short watch".
      if (events === 0 && this.#options.clock.elapsed() - startedAt < 1000 && !signal.aborted) {
        await this.#options.clock.sleep(this.#backoff.failed(), signal);
      }
    }
  }

  #apply({ type, object }: WatchEvent<T>): void {
    this.#resourceVersion = object.metadata.resourceVersion ?? this.#resourceVersion;
    if (type === 'DELETED') this.#deleted(keyOf(object), object);
    else if (type !== 'BOOKMARK') this.#put(object);
  }

  #put(object: T): void {
    const frozen = deepFreeze(object);
    const key = keyOf(frozen);
    const known = this.#store.get(key);
    if (known && known.metadata.resourceVersion === frozen.metadata.resourceVersion) return;
    if (known && known.metadata.uid !== frozen.metadata.uid) this.#deleted(key);
    const before = this.#store.put(key, frozen);
    for (const handler of this.#handlers) {
      this.#tell(() => (before ? handler.updated?.(before, frozen) : handler.added?.(frozen)), frozen);
    }
  }

  #deleted(key: string, last?: T): void {
    const known = this.#store.remove(key);
    if (!known) return;
    const object = last ? deepFreeze(last) : known;
    for (const handler of this.#handlers) this.#tell(() => handler.deleted?.(object), object);
  }

  #tell(call: () => void, object: T): void {
    try {
      call();
    } catch (error) {
      const { log, resource } = this.#options;
      log.error({ error, resource: resource.plural, key: keyOf(object) }, 'informer handler failed');
    }
  }

  /** Waits before the next try. */
  async #recover(error: unknown, signal: AbortSignal): Promise<void> {
    const { log, resource, clock } = this.#options;
    const expired = isStatusError(error, 'Expired', 'Gone');
    // What the watch cache offers is known to be too old, or not to be trusted: ask for the latest.
    if (expired || isStatusError(error, 'Timeout')) this.#resourceVersion = '';
    if (expired) log.debug({ resource: resource.plural }, 'watch expired, listing again');
    else log.warn({ error, resource: resource.plural }, 'list or watch failed');
    await pause(clock, this.#backoff.failed(), signal);
  }

  #startResync(): () => void {
    const { clock, resyncMs = 0 } = this.#options;
    if (resyncMs <= 0) return () => {};
    const resync = (): void => {
      for (const object of this.#store.list()) {
        for (const handler of this.#handlers) this.#tell(() => handler.updated?.(object, object), object);
      }
      timer = clock.timer(resyncMs, resync);
    };
    let timer = clock.timer(resyncMs, resync);
    return () => timer.cancel();
  }
}

/** Sleeps; an abort ends it early and quietly. */
async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
