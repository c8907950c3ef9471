import { seededRandom, type Clock, type Random } from '#base';
import * as machinery from '#machinery';
import type { KubeObject } from '#machinery';
import type { New, TypedResource } from './client.ts';
import { FakeObjects, matcherOf } from './fake/objects.ts';
import * as rules from './fake/rules.ts';
import { identified } from './objects.ts';
import type { ApiRequest, ApiResource, Transport, WatchEvent, WatchRequest } from './request.ts';

export interface FakeTransportOptions {
  clock: Clock;
  random?: Random;
}

/** Looks at a call before the fake does: throws to fail it, returns a value to answer it, or undefined to let it pass. */
export type Interceptor = (request: ApiRequest) => unknown;

type DeleteBody = Parameters<typeof rules.prepareForDelete>[2];

/**
 * An API server in memory, for tests of what talks to one: creations, updates, patches, deletions with grace and
 * finalizers, status and binding subresources, optimistic locks, watches with history. It decodes as the API server
 * does, neither defaults nor validates, and takes any resource.
 */
export class FakeTransport implements Transport {
  /** Every call so far but watches. */
  readonly calls: ApiRequest[] = [];
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #objects = new FakeObjects();
  #interceptors: Interceptor[] = [];

  constructor({ clock, random = seededRandom(1) }: FakeTransportOptions) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Puts objects there as they are, status included. */
  seed<T>(resource: TypedResource<T>, ...objects: New<T>[]): T[] {
    return objects.map((object) => {
      const prepared = rules.prepareForCreate(resource, structuredClone(object) as rules.Loose, undefined, this.#tools);
      return this.#put(resource, prepared) as T;
    });
  }

  /** All objects of a resource, in the order of their keys. */
  objects<T>(resource: TypedResource<T>, namespace?: string): T[] {
    return this.#objects.list(resource, matcherOf(namespace)) as T[];
  }

  /** One object by `namespace/name` or `name`. */
  object<T>(resource: TypedResource<T>, key: string): T | undefined {
    return this.#objects.collection(resource).get(key) as T | undefined;
  }

  /** Changes an object as it lies there, status included. */
  change<T>(resource: TypedResource<T>, key: string, change: (draft: T) => void): T {
    const draft = structuredClone(this.#found(resource, key)) as T;
    change(draft);
    return this.#store(resource, draft as rules.Loose) as T;
  }

  /** Takes an object away, whatever holds it. */
  remove(resource: ApiResource, key: string): void {
    this.#objects.remove(resource, this.#found(resource, key));
  }

  /** Registers an interceptor before the earlier ones; returns how to take it back. */
  intercept(interceptor: Interceptor): () => void {
    this.#interceptors = [interceptor, ...this.#interceptors];
    return () => void (this.#interceptors = this.#interceptors.filter((one) => one !== interceptor));
  }

  /** Ends all watches, with an error as when the connection breaks or orderly without one. */
  breakWatches(error?: Error): void {
    this.#objects.endWatches(error);
  }

  /** Forgets history, so that watches from before now get 410 Expired. */
  compact(): void {
    this.#objects.compact();
  }

  async request(request: ApiRequest): Promise<unknown> {
    request.signal?.throwIfAborted();
    this.calls.push(request);
    for (const interceptor of this.#interceptors) {
      const answer: unknown = await interceptor(request);
      if (answer !== undefined) return answer;
    }
    return this.#answer(request);
  }

  async *watch(request: WatchRequest): AsyncGenerator<WatchEvent<unknown>, void> {
    const { resource, namespace, options, signal } = request;
    if (signal?.aborted) return;
    const matches = matcherOf(namespace, options);
    const queue = this.#objects.watch(resource, matches, Number(options?.['resourceVersion'] ?? 0));
    const stop = (): void => this.#objects.unwatch(queue);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      yield* queue;
    } finally {
      signal?.removeEventListener('abort', stop);
      stop();
    }
  }

  get #tools(): { clock: Clock; random: Random } {
    return { clock: this.#clock, random: this.#random };
  }

  #answer(request: ApiRequest): unknown {
    switch (request.verb) {
      case 'get':
        return this.#found(request.resource, keyIn(request));
      case 'list':
        return this.#list(request);
      case 'create':
        return request.subresource ? this.#createSubresource(request) : this.#create(request);
      case 'update':
        return this.#update(request, request.body as rules.Loose);
      case 'patch':
        return this.#update(request, this.#patched(request), false);
      case 'delete':
        return this.#delete(request.resource, keyIn(request), request.body ?? {});
      case 'deletecollection':
        return this.#deleteCollection(request);
    }
  }

  #list({ resource, namespace, options }: ApiRequest): unknown {
    const items = this.#objects.list(resource, matcherOf(namespace, options));
    const metadata = { resourceVersion: String(this.#objects.revision) };
    return { apiVersion: resource.apiVersion, kind: resource.listKind, metadata, items };
  }

  #create({ resource, namespace, body }: ApiRequest): KubeObject {
    const sent = structuredClone(body) as rules.Loose;
    const prepared = rules.prepareForCreate(resource, sent, namespace, this.#tools);
    const key = machinery.keyOf(prepared);
    if (this.#objects.collection(resource).has(key))
      throw machinery.alreadyExists(resource, machinery.nameOf(prepared));
    this.#refuseInEndingNamespace(resource, prepared);
    return this.#put(resource, rules.withFreshStatus(resource, prepared));
  }

  #refuseInEndingNamespace(resource: ApiResource, { metadata: { name = '', namespace } }: KubeObject): void {
    if (!namespace) return;
    const owner = this.#objects.collection({ ...resource, group: '', plural: 'namespaces' }).get(namespace);
    if (owner?.metadata.deletionTimestamp === undefined) return;
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    const error = machinery.forbidden(resource, name, why);
    const cause = { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated` };
    const details = { ...error.status.details, causes: [{ ...cause, field: 'metadata.namespace' }] };
    throw new machinery.StatusError({ ...error.status, details });
  }

  #createSubresource(request: ApiRequest): unknown {
    const { resource, subresource, body } = request;
    const old = this.#found(resource, keyIn(request));
    if (subresource === 'binding') {
      const { target } = body as { target: { name: string } };
      if (old.spec?.['nodeName']) throw machinery.conflict(resource, machinery.nameOf(old), 'pod is already assigned');
      const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: this.#now };
      const status = { ...old.status, conditions: [scheduled] };
      this.#put(resource, { ...old, spec: { ...old.spec, nodeName: target.name }, status });
      return machinery.successStatus();
    }
    if (subresource === 'eviction') return this.#delete(resource, keyIn(request), {});
    throw machinery.notFound({ ...resource, plural: `${resource.plural}/${subresource}` }, request.name ?? '');
  }

  get #now(): string {
    return machinery.formatTime(this.#clock.now());
  }

  #update({ resource, namespace, name, subresource }: ApiRequest, body: rules.Loose, locked = true): KubeObject {
    const old = this.#found(resource, keyIn({ resource, namespace, name }));
    const sent = structuredClone(identified(resource, body));
    const { resourceVersion, uid } = sent.metadata;
    const stale = locked && resourceVersion && resourceVersion !== old.metadata.resourceVersion;
    if (stale || (uid && uid !== old.metadata.uid)) {
      throw machinery.conflict(resource, name ?? '', machinery.objectModified);
    }
    return this.#store(resource, rules.prepareForUpdate(resource, old, sent, subresource));
  }

  #put(resource: ApiResource, object: rules.Loose): KubeObject {
    return this.#objects.put(resource, rules.decoded(resource, object));
  }

  #store(resource: ApiResource, object: rules.Loose): KubeObject {
    if (!rules.isFinished(resource, object)) return this.#put(resource, object);
    return this.#objects.remove(resource, object);
  }

  #patched(request: ApiRequest): rules.Loose {
    const { resource, body, patchType, name = '' } = request;
    const old = this.#found(resource, keyIn(request));
    const patch = body as Partial<KubeObject>;
    const revision = patch.metadata?.resourceVersion;
    if (revision && revision !== old.metadata.resourceVersion) {
      throw machinery.conflict(resource, name, machinery.objectModified);
    }
    return rules.patched(resource, old, body, patchType) as rules.Loose;
  }

  #delete(resource: ApiResource, key: string, body: DeleteBody): unknown {
    const old = this.#found(resource, key);
    const { uid, resourceVersion } = body.preconditions ?? {};
    if ((uid && uid !== old.metadata.uid) || (resourceVersion && resourceVersion !== old.metadata.resourceVersion)) {
      throw machinery.conflict(resource, machinery.nameOf(old), 'the precondition does not hold');
    }
    const ending = rules.prepareForDelete(resource, old, body, this.#clock);
    if (ending) return this.#put(resource, ending);
    this.#objects.remove(resource, old);
    return machinery.successStatus({ name: machinery.nameOf(old), kind: resource.plural, uid: machinery.uidOf(old) });
  }

  #deleteCollection({ resource, namespace, options, body }: ApiRequest): unknown {
    for (const object of this.#objects.list(resource, matcherOf(namespace, options))) {
      this.#delete(resource, machinery.keyOf(object), body ?? {});
    }
    return machinery.successStatus();
  }

  #found(resource: ApiResource, key: string): rules.Loose {
    const object = this.#objects.collection(resource).get(key);
    if (!object) throw machinery.notFound(resource, machinery.splitKey(key).name);
    return object;
  }
}

function keyIn({ resource, namespace, name = '' }: Pick<ApiRequest, 'resource' | 'namespace' | 'name'>): string {
  return resource.namespaced && namespace ? `${namespace}/${name}` : name;
}
