import { messageOf, type Clock, type Component, type Logger } from '#base';
import { isStatusError, keyOf, type KubeObject } from '#machinery';
import { apiServerUser } from '../authn/users.ts';
import type { RequestContext, Rest } from '../registry/rest.ts';

export type Change<T> = (old: T | undefined, now: T | undefined) => void;

/**
 * A resource as it is now, kept up by a watch on the registry: what authorization decides by. It differs from an
 * informer in that it stands below the client, inside the API server, and shares the registry's frozen objects.
 */
export class Mirror<T extends KubeObject = KubeObject> implements Component {
  readonly synced: Promise<void>;
  readonly #rest: Rest;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #changed: Change<T> | undefined;
  readonly #objects = new Map<string, T>();
  #markSynced: () => void;

  constructor(options: { rest: Rest; clock: Clock; log: Logger; changed?: Change<T> }) {
    this.#rest = options.rest;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#changed = options.changed;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.synced = promise;
    this.#markSynced = resolve;
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  values(): Iterable<T> {
    return this.#objects.values();
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const resourceVersion = await this.#list(signal);
        this.#markSynced();
        await this.#follow(resourceVersion, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (isStatusError(error, 'Expired', 'Gone')) continue;
        this.#log.warn(
          { resource: this.#rest.resource.plural, error: messageOf(error) },
          'mirror fell behind, listing again',
        );
        await this.#clock.sleep(100, signal).catch(() => undefined);
      }
    }
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { items, resourceVersion } = await this.#rest.list(context(signal), '', {});
    const gone = new Set(this.#objects.keys());
    for (const { object } of items) {
      gone.delete(keyOf(object));
      this.#set(object as T);
    }
    for (const key of gone) this.#remove(key);
    return resourceVersion;
  }

  /** Follows the watch, and picks it up again where it ended, until it is too old. */
  async #follow(start: string, signal: AbortSignal): Promise<void> {
    let resourceVersion = start;
    while (!signal.aborted) {
      const options = { resourceVersion, allowWatchBookmarks: true };
      await this.#rest.watch(context(signal), '', options).forEach(({ type, stored }) => {
        resourceVersion = String(stored.resourceVersion);
        if (type === 'DELETED') this.#remove(keyOf(stored.object));
        else if (type !== 'BOOKMARK') this.#set(stored.object as T);
        return undefined;
      });
    }
  }

  #set(object: T): void {
    const key = keyOf(object);
    const old = this.#objects.get(key);
    this.#objects.set(key, object);
    this.#changed?.(old, object);
  }

  #remove(key: string): void {
    const old = this.#objects.get(key);
    if (this.#objects.delete(key)) this.#changed?.(old, undefined);
  }
}

function context(signal: AbortSignal): RequestContext {
  return { user: apiServerUser, signal, warn: () => undefined, userAgent: 'kedge/mirror' };
}
