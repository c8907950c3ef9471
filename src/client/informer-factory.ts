import type { Clock, Component, Logger, Random } from '#base';
import type { KubeObject } from '#machinery';
import { aborted } from './abort.ts';
import type { Client, TypedResource } from './client.ts';
import { Informer } from './informer.ts';

interface FactoryOptions {
  client: Client;
  clock: Clock;
  log: Logger;
  random?: Random;
  namespace?: string;
  resyncMs?: number;
}

interface Running {
  informer: Informer<KubeObject>;
  stopped?: Promise<void>;
  stop: AbortController;
}

/** One informer for each resource, shared by all who ask. Informers asked for while it runs start at once. */
export class InformerFactory implements Component {
  readonly #options: FactoryOptions;
  readonly #informers = new Map<string, Running>();
  #signal: AbortSignal | undefined;

  constructor(options: FactoryOptions) {
    this.#options = options;
  }

  of<T extends KubeObject>(resource: TypedResource<T>): Informer<T> {
    const id = idOf(resource);
    const known = this.#informers.get(id);
    // The id stands for the resource, and the resource for the type of its objects.
    if (known) return known.informer as unknown as Informer<T>;
    const informer = new Informer<T>({ ...this.#options, resource });
    const running: Running = { informer: informer as unknown as Informer<KubeObject>, stop: new AbortController() };
    this.#informers.set(id, running);
    this.#start(running);
    return informer;
  }

  /** Ends the informer of a resource that no longer exists. */
  async drop(resource: TypedResource<unknown>): Promise<void> {
    const running = this.#informers.get(idOf(resource));
    this.#informers.delete(idOf(resource));
    running?.stop.abort();
    await running?.stopped;
  }

  /** Resolves when every informer asked for so far has its first list; rejects when the signal aborts first. */
  async waitForSync(signal: AbortSignal): Promise<void> {
    const all = Promise.all([...this.#informers.values()].map(({ informer }) => informer.synced));
    await Promise.race([all, aborted(signal)]);
    signal.throwIfAborted();
  }

  async run(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    for (const running of this.#informers.values()) this.#start(running);
    await aborted(signal);
    await Promise.all([...this.#informers.values()].map((running) => running.stopped ?? Promise.resolve()));
  }

  #start(running: Running): void {
    if (!this.#signal || running.stopped) return;
    running.stopped = running.informer.run(AbortSignal.any([this.#signal, running.stop.signal]));
  }
}

function idOf(resource: TypedResource<unknown>): string {
  return `${resource.apiVersion}/${resource.plural}`;
}
