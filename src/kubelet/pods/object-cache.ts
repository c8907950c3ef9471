import { configMaps, secrets, type ConfigMap, type Secret } from '#api';
import type { Clock, Logger, Random } from '#base';
import { Informer, type Client, type TypedResource } from '#client';
import { isStatusError, notFound, type KubeObject } from '#machinery';
import type { ObjectReader } from '../env/container-env.ts';

interface Watched<T extends KubeObject> {
  readonly informer: Informer<T>;
  readonly stop: AbortController;
  readonly stopped: Promise<void>;
  readonly users: Set<string>;
}

export interface ObjectCacheOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Something that a pod uses has changed. */
  readonly changed: (podUid: string) => void;
}

/**
 * The ConfigMaps and Secrets that pods of this node use, each watched by its name while a pod uses it: a node sees no others,
 * and hears of changes at once (upstream's `WatchChangeDetectionStrategy`).
 */
export class ObjectCache {
  readonly #options: ObjectCacheOptions;
  readonly #configMaps: NamedWatches<ConfigMap>;
  readonly #secrets: NamedWatches<Secret>;

  constructor(options: ObjectCacheOptions) {
    this.#options = options;
    this.#configMaps = new NamedWatches(options, configMaps, 'configmap');
    this.#secrets = new NamedWatches(options, secrets, 'secret');
  }

  /** Reads for one pod, which from then on is told of changes. */
  readerFor(podUid: string): ObjectReader {
    return {
      configMap: (namespace, name) => this.#configMaps.get(podUid, namespace, name),
      secret: (namespace, name) => this.#secrets.get(podUid, namespace, name),
    };
  }

  /** The pod uses nothing any more. */
  release(podUid: string): void {
    this.#configMaps.release(podUid);
    this.#secrets.release(podUid);
  }

  async close(): Promise<void> {
    this.#options.log.debug({}, 'object watches end');
    await Promise.all([this.#configMaps.close(), this.#secrets.close()]);
  }
}

class NamedWatches<T extends KubeObject> {
  readonly #options: ObjectCacheOptions;
  readonly #resource: TypedResource<T>;
  readonly #word: string;
  readonly #watched = new Map<string, Watched<T>>();

  constructor(options: ObjectCacheOptions, resource: TypedResource<T>, word: string) {
    this.#options = options;
    this.#resource = resource;
    this.#word = word;
  }

  /** The object as it is now; throws NotFound in the kubelet's words (`configmap "x" not found`). */
  async get(podUid: string, namespace: string, name: string): Promise<T> {
    const key = `${namespace}/${name}`;
    const { informer, users } = this.#watched.get(key) ?? this.#watch(key, namespace, name);
    users.add(podUid);
    // The copy may be behind, so that what is missing in it is asked for once more.
    const known = informer.lister.get(key);
    if (known) return known;
    try {
      return await this.#options.client.of(this.#resource).in(namespace).get(name);
    } catch (error) {
      if (isStatusError(error, 'NotFound')) throw notFound({ group: '', plural: this.#word }, name);
      throw error;
    }
  }

  release(podUid: string): void {
    for (const [key, watched] of this.#watched) {
      watched.users.delete(podUid);
      if (watched.users.size > 0) continue;
      watched.stop.abort();
      this.#watched.delete(key);
    }
  }

  async close(): Promise<void> {
    const all = [...this.#watched.values()];
    for (const { stop } of all) stop.abort();
    await Promise.all(all.map(({ stopped }) => stopped));
    this.#watched.clear();
  }

  #watch(key: string, namespace: string, name: string): Watched<T> {
    const { client, clock, random, log, changed } = this.#options;
    const fieldSelector = `metadata.name=${name}`;
    const informer = new Informer<T>({
      client,
      resource: this.#resource,
      namespace,
      fieldSelector,
      clock,
      random,
      log,
    });
    const users = new Set<string>();
    const tell = (): void => users.forEach(changed);
    informer.on({ added: tell, updated: tell, deleted: tell });
    const stop = new AbortController();
    const watched = { informer, stop, stopped: informer.run(stop.signal), users };
    this.#watched.set(key, watched);
    return watched;
  }
}
