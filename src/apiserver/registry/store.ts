import { notFound, type KubeObject, type Resource } from '#machinery';
import { create } from './create.ts';
import { deleteCollection } from './delete-collection.ts';
import { deleteObject } from './delete.ts';
import { doorOf, type Door } from './door.ts';
import { get } from './get.ts';
import { list } from './list.ts';
import { copyOf } from './managed-fields.ts';
import type { Parts } from './parts.ts';
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
  WatchStream,
  WriteOptions,
  WriteResult,
} from './rest.ts';
import type { ChangeResult } from './storage.ts';
import type { UpdateStrategy } from './strategy.ts';
import { update } from './update.ts';
import { wantedOfBody, wantedOfPatch, type Wanted } from './wanted.ts';
import { ResourceWatch } from './watch.ts';

/** A resource whose objects are in the store: every verb in terms of its parts. `T` is what strategies see. */
export class ResourceStore<T extends KubeObject = KubeObject> implements Rest {
  readonly resource: Resource;
  readonly parts: Parts;
  readonly #subresources = new Map<string, SubresourceRest>();
  readonly #doors = new Map<string, Door>();

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

  watch(context: RequestContext, ns: string, options: ListOptions): WatchStream {
    return new ResourceWatch(this.parts, context, ns, options);
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
    return this.write(context, ns, name, wantedOfBody(this.parts.door, body, context, options), options);
  }

  async patch(
    context: RequestContext,
    ns: string,
    name: string,
    type: PatchType,
    patch: unknown,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    return this.write(context, ns, name, wantedOfPatch(this.parts.door, type, patch, context, options), options);
  }

  /** Makes of an object what is wanted. */
  async write(
    context: RequestContext,
    ns: string,
    name: string,
    wanted: Wanted,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    const { door } = this.parts;
    return answer(await update(this.parts, { context, ns, name, options, door, wanted }));
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

  /**
   * Changes an object by a function, which gets a copy and changes it in place; as often as others come between. It
   * also says who owns what then, where that changes.
   */
  async modify(
    context: RequestContext,
    target: { ns: string; name: string; subresource: string; strategy?: UpdateStrategy<T>; options?: WriteOptions },
    change: (object: T, old: T) => void,
  ): Promise<Stored<T>> {
    const { ns, name, subresource, options = {} } = target;
    const make = (old: KubeObject | undefined): KubeObject => {
      if (!old) throw notFound(this.resource, name);
      const object = copyOf(old) as T; // this store's objects are of its kind
      change(object, old as T);
      return object;
    };
    const strategy: UpdateStrategy<T> = target.strategy ?? {};
    const request = { context, ns, name, options, door: { subresource, strategy }, wanted: { make } };
    return (await update(this.parts, request)).stored as unknown as Stored<T>; // as above
  }

  /** A subresource that shows the object itself and updates a part of it (`status`). */
  partial(subresource: string, strategy: UpdateStrategy<T>): SubresourceRest {
    const door = doorOf(this.parts, subresource, strategy);
    this.#doors.set(subresource, door);
    const write = async (...[context, ns, name, wanted, options]: WriteArguments): Promise<Stored> =>
      (await this.writePart(subresource, context, ns, name, wanted, options)).stored;
    return {
      get: (context, ns, name) => this.get(context, ns, name),
      update: async (context, ns, name, body, options = {}) =>
        write(context, ns, name, wantedOfBody(door, body, context, options), options),
      patch: async (context, ns, name, type, patch, options = {}) =>
        write(context, ns, name, wantedOfPatch(door, type, patch, context, options), options),
    };
  }

  /** How a part of the objects is updated; undefined for what is no `partial`. */
  door(subresource: string): Door | undefined {
    return this.#doors.get(subresource);
  }

  /** Makes of an object what is wanted, as far as a `partial` may. */
  async writePart(subresource: string, ...[context, ns, name, wanted, options]: WriteArguments): Promise<WriteResult> {
    const door = this.#doors.get(subresource);
    if (!door) throw new Error(`${this.resource.plural} have no ${subresource}`);
    return answer(await update(this.parts, { context, ns, name, options, door, wanted }));
  }
}

type WriteArguments = [context: RequestContext, ns: string, name: string, wanted: Wanted, options: WriteOptions];

function answer({ stored, outcome }: ChangeResult): WriteResult {
  return { stored, created: outcome === 'created' };
}
