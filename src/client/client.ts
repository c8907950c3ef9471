import type { KubeObject, Message } from '#machinery';
import { decodeList, identified } from './objects.ts';
import type { ApiRequest, PatchType, QueryOptions, ApiResource, Transport, WatchEvent } from './request.ts';

/** A resource with the type of its objects; every `Resource<T>` of #api is one. */
export type TypedResource<T> = ApiResource & { readonly kind?: Message<T> };

/** An object as one writes it down to create it: the server fills in what is missing. */
export type New<T> = T extends readonly (infer Item)[]
  ? New<Item>[]
  : T extends object
    ? { [K in keyof T]?: New<T[K]> }
    : T;

export interface CallOptions {
  signal?: AbortSignal;
}

export interface GetOptions extends CallOptions {
  resourceVersion?: string;
}

export interface ListOptions extends CallOptions {
  labelSelector?: string;
  fieldSelector?: string;
  limit?: number;
  continue?: string;
  resourceVersion?: string;
  resourceVersionMatch?: string;
  timeoutSeconds?: number;
  allowWatchBookmarks?: boolean;
  sendInitialEvents?: boolean;
}

export interface WriteOptions extends CallOptions {
  dryRun?: 'All';
  fieldManager?: string;
  fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
}

export interface PatchOptions extends WriteOptions {
  /** Default: a merge patch (RFC 7386). */
  type?: PatchType;
  subresource?: string;
  force?: boolean;
}

export interface DeleteOptions extends CallOptions {
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  preconditions?: { uid?: string; resourceVersion?: string };
  dryRun?: 'All';
}

export interface ListResult<T> {
  items: T[];
  resourceVersion: string;
  continue?: string;
}

/** A subresource whose kind may differ from its resource's: `scale`, `binding`, `eviction`, `token`, `finalize`. */
export interface SubresourceClient {
  get<R = unknown>(name: string, options?: CallOptions): Promise<R>;
  create<R = unknown>(name: string, body: unknown, options?: WriteOptions): Promise<R>;
  update<R = unknown>(name: string, body: unknown, options?: WriteOptions): Promise<R>;
}

/** The calls on one resource, in one namespace or (for `list`, `watch`) in all. All throw `StatusError`. */
export interface ResourceClient<T> {
  in(namespace: string): ResourceClient<T>;
  get(name: string, options?: GetOptions): Promise<T>;
  list(options?: ListOptions): Promise<ListResult<T>>;
  create(object: New<T>, options?: WriteOptions): Promise<T>;
  /** Replaces the object that `metadata.name` names; `Conflict` when `metadata.resourceVersion` is not the latest. */
  update(object: T, options?: WriteOptions): Promise<T>;
  updateStatus(object: T, options?: WriteOptions): Promise<T>;
  patch(name: string, body: unknown, options?: PatchOptions): Promise<T>;
  delete(name: string, options?: DeleteOptions): Promise<unknown>;
  deleteCollection(options?: ListOptions & DeleteOptions): Promise<void>;
  watch(options?: ListOptions): AsyncIterable<WatchEvent<T>>;
  subresource(name: string): SubresourceClient;
}

/** The typed face of a transport. */
export class Client {
  readonly transport: Transport;
  readonly component: string | undefined;

  constructor({ transport, component }: { transport: Transport; component?: string }) {
    this.transport = transport;
    this.component = component;
  }

  /** The same way to the server under another name. */
  as(component: string): Client {
    return new Client({ transport: this.transport, component });
  }

  /** The calls on a resource. In write calls the namespace is the object's own unless `in` gave one. */
  of<T>(resource: TypedResource<T>): ResourceClient<T> {
    return new Calls<T>(this, resource, undefined);
  }
}

class Calls<T> implements ResourceClient<T> {
  readonly #client: Client;
  readonly #resource: TypedResource<T>;
  readonly #namespace: string | undefined;

  constructor(client: Client, resource: TypedResource<T>, namespace: string | undefined) {
    this.#client = client;
    this.#resource = resource;
    this.#namespace = namespace;
  }

  in(namespace: string): ResourceClient<T> {
    return new Calls<T>(this.#client, this.#resource, namespace);
  }

  get(name: string, { signal, ...options }: GetOptions = {}): Promise<T> {
    return this.#call<T>({ verb: 'get', name, options, signal });
  }

  async list({ signal, ...options }: ListOptions = {}): Promise<ListResult<T>> {
    return decodeList<T>(await this.#call<unknown>({ verb: 'list', options: { ...options }, signal }));
  }

  create(object: New<T>, { signal, ...options }: WriteOptions = {}): Promise<T> {
    return this.#call<T>({ verb: 'create', ...this.#bodyOf(object), options: { ...options }, signal, name: undefined });
  }

  update(object: T, { signal, ...options }: WriteOptions = {}): Promise<T> {
    return this.#call<T>({ verb: 'update', ...this.#bodyOf(object), options: { ...options }, signal });
  }

  updateStatus(object: T, { signal, ...options }: WriteOptions = {}): Promise<T> {
    const request = { verb: 'update', subresource: 'status', options: { ...options }, signal } as const;
    return this.#call<T>({ ...request, ...this.#bodyOf(object) });
  }

  patch(name: string, body: unknown, options: PatchOptions = {}): Promise<T> {
    const { signal, type = 'application/merge-patch+json', subresource, ...rest } = options;
    return this.#call<T>({ verb: 'patch', name, body, patchType: type, subresource, options: { ...rest }, signal });
  }

  delete(name: string, { signal, ...options }: DeleteOptions = {}): Promise<unknown> {
    return this.#call({ verb: 'delete', name, body: deleteOptions(options), signal });
  }

  async deleteCollection(options: ListOptions & DeleteOptions = {}): Promise<void> {
    const { signal, gracePeriodSeconds, propagationPolicy, preconditions, dryRun, ...list } = options;
    const body = deleteOptions({ gracePeriodSeconds, propagationPolicy, preconditions, dryRun });
    await this.#call({ verb: 'deletecollection', body, options: { ...list }, signal });
  }

  watch({ signal, ...options }: ListOptions = {}): AsyncIterable<WatchEvent<T>> {
    const request = { ...this.#where(), options: { ...options }, signal };
    // The server of this resource sends objects of its type.
    return this.#client.transport.watch(request) as AsyncIterable<WatchEvent<T>>;
  }

  subresource(subresource: string): SubresourceClient {
    const call = <R>(
      verb: 'get' | 'create' | 'update',
      name: string,
      body: unknown,
      options: WriteOptions,
    ): Promise<R> => {
      const { signal, ...query } = options;
      return this.#call<R>({ verb, name, subresource, body, options: { ...query }, signal });
    };
    return {
      get: (name, options = {}) => call('get', name, undefined, options),
      create: (name, body, options = {}) => call('create', name, body, options),
      update: (name, body, options = {}) => call('update', name, body, options),
    };
  }

  #where(): Pick<ApiRequest, 'resource' | 'namespace' | 'component'> {
    return { resource: this.#resource, namespace: this.#namespace, component: this.#client.component };
  }

  #bodyOf(object: New<T> | T): Pick<ApiRequest, 'name' | 'namespace' | 'body'> {
    const body = identified(this.#resource, object as Partial<KubeObject>);
    const namespace = this.#namespace ?? body.metadata?.namespace;
    return { body, name: body.metadata?.name, ...(this.#resource.namespaced && { namespace }) };
  }

  #call<R>(request: Omit<ApiRequest, 'resource'> & { options?: QueryOptions }): Promise<R> {
    // The server answers with the kind that the request names.
    return this.#client.transport.request({ ...this.#where(), ...request }) as Promise<R>;
  }
}

function deleteOptions(options: Omit<DeleteOptions, 'signal'>): Record<string, unknown> {
  const { dryRun, ...rest } = options;
  return { kind: 'DeleteOptions', apiVersion: 'v1', ...rest, ...(dryRun && { dryRun: [dryRun] }) };
}
