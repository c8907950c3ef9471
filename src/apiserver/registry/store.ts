import type { KubeObject, Resource } from '#machinery';
import { create } from './create.ts';
import { deleteCollection } from './delete-collection.ts';
import { deleteObject } from './delete.ts';
import { get } from './get.ts';
import { list } from './list.ts';
import type { Parts } from './parts.ts';
import { wantedOfPatch } from './patch.ts';
import type {
  DeleteOptions,
  DeleteResult,
  ListOptions,
  ListResult,
  PatchType,
  RequestContext,
  Rest,
  Stored,
  SubresourceRest,
  WatchItem,
  WriteOptions,
  WriteResult,
} from './rest.ts';
import type { ChangeResult } from './storage.ts';
import type { UpdateStrategy } from './strategy.ts';
import { update, updateOrCreate, wantedOfBody, type UpdateRequest } from './update.ts';
import { watch } from './watch.ts';

/** A resource whose objects are in the store: every verb in terms of its parts. `T` is what strategies see. */
export class ResourceStore<T extends KubeObject = KubeObject> implements Rest {
  readonly resource: Resource;
  readonly parts: Parts;
  readonly #subresources = new Map<string, SubresourceRest>();

  constructor(resource: Resource, parts: Parts) {
    this.resource = resource;
    this.parts = parts;
    for (const [name, make] of Object.entries(parts.strategy.subresources ?? {})) {
      this.#subresources.set(name, make(this));
    }
  }

  get(context: RequestContext, ns: string, name: string, options?: { resourceVersion?: string }): Promise<Stored> {
    return get(this.parts, context, ns, name, options?.resourceVersion);
  }

  list(context: RequestContext, ns: string, options: ListOptions): Promise<ListResult> {
    return list(this.parts, context, ns, options);
  }

  watch(context: RequestContext, ns: string, options: ListOptions): AsyncIterable<WatchItem> {
    return watch(this.parts, context, ns, options);
  }

  create(context: RequestContext, ns: string, body: unknown, options: WriteOptions = {}): Promise<Stored> {
    return create(this.parts, context, ns, body, options);
  }

  async update(
    context: RequestContext,
    ns: string,
    name: string,
    body: unknown,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    const wanted = wantedOfBody(this.parts, body, context, options);
    return answer(await updateOrCreate(this.parts, this.#request(context, ns, name, options, wanted)));
  }

  async patch(
    context: RequestContext,
    ns: string,
    name: string,
    type: PatchType,
    patch: unknown,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    return this.write(context, ns, name, wantedOfPatch(this.parts, type, patch, context, options), options);
  }

  /** Updates an object to what a function makes of it. */
  async write(
    context: RequestContext,
    ns: string,
    name: string,
    wanted: UpdateRequest['wanted'],
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    return answer(await update(this.parts, this.#request(context, ns, name, options, wanted)));
  }

  delete(context: RequestContext, ns: string, name: string, options: DeleteOptions = {}): Promise<DeleteResult> {
    return deleteObject(this.parts, context, ns, name, options);
  }

  deleteCollection(
    context: RequestContext,
    ns: string,
    selection: ListOptions,
    options: DeleteOptions = {},
  ): Promise<ListResult> {
    return deleteCollection(this.parts, context, ns, selection, options);
  }

  subresource(name: string): SubresourceRest | undefined {
    return this.#subresources.get(name);
  }

  /** Changes an object by a function, which gets a copy and changes it in place; as often as others come between. */
  async modify(
    context: RequestContext,
    target: { ns: string; name: string; subresource: string; strategy?: UpdateStrategy<T>; options?: WriteOptions },
    change: (object: T, old: T) => void,
  ): Promise<Stored<T>> {
    const { ns, name, options = {} } = target;
    const wanted = (old: KubeObject): KubeObject => {
      const object = structuredClone(old) as T; // this store's objects are of its kind
      change(object, old as T);
      return object;
    };
    const strategy: UpdateStrategy<T> = target.strategy ?? {};
    const request = { ...this.#request(context, ns, name, options, wanted), subresource: target.subresource, strategy };
    return (await update(this.parts, request)).stored as unknown as Stored<T>; // as above
  }

  /** A subresource that shows the object itself and updates a part of it (`status`). */
  partial(subresource: string, strategy: UpdateStrategy<T>): SubresourceRest {
    const run = async (request: UpdateRequest): Promise<Stored> =>
      (await update(this.parts, { ...request, subresource, strategy })).stored;
    return {
      get: (context, ns, name) => this.get(context, ns, name),
      update: (context, ns, name, body, options = {}) => {
        const wanted = wantedOfBody(this.parts, body, context, options);
        return run(this.#request(context, ns, name, options, wanted));
      },
      patch: (context, ns, name, type, patch, options = {}) => {
        const wanted = wantedOfPatch(this.parts, type, patch, context, options);
        return run(this.#request(context, ns, name, options, wanted));
      },
    };
  }

  #request(
    context: RequestContext,
    ns: string,
    name: string,
    options: WriteOptions,
    wanted: UpdateRequest['wanted'],
  ): UpdateRequest {
    return { context, ns, name, options, wanted, subresource: '', strategy: this.parts.strategy };
  }
}

function answer({ stored, outcome }: ChangeResult): WriteResult {
  return { stored, created: outcome === 'created' };
}
