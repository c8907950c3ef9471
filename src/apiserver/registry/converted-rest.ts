import {
  applyDefaults,
  decode,
  FieldErrors,
  invalid,
  type ConvertObject,
  type KubeObject,
  type Resource,
} from '#machinery';
import { StoredObject } from '../watch-cache/index.ts';
import { createObject, newObject } from './create.ts';
import { doorOf, type Door } from './door.ts';
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
  WatchStream,
  WriteOptions,
  WriteResult,
} from './rest.ts';
import type { ResourceStore } from './store.ts';
import type { UpdateStrategy } from './strategy.ts';
import { inGroupOf } from './renamed-errors.ts';
import { wantedOfBody, wantedOfPatch, type Wanted } from './wanted.ts';

/** How the objects of one resource look as another's. */
export interface Conversion {
  readonly toStored: (object: KubeObject) => KubeObject;
  readonly fromStored: (object: KubeObject) => KubeObject;
  /** A selectable field's name in the stored form. */
  readonly storedField: (field: string) => string;
  /** Both ways, for the managed fields: each entry is written in the version of who wrote. */
  readonly versions: ConvertObject;
}

/**
 * A second face of stored objects: `events.k8s.io` shows what the core group's `events` keeps, autoscaling/v1 what
 * autoscaling/v2 does.
 */
export class ConvertedRest implements Rest {
  readonly resource: Resource;
  readonly #door: Door;
  readonly #store: ResourceStore;
  readonly #conversion: Conversion;
  readonly #converted = new WeakMap<Stored, Stored>();
  readonly #items = new WeakMap<WatchItem, WatchItem>();

  constructor(resource: Resource, store: ResourceStore, conversion: Conversion) {
    this.resource = resource;
    this.#store = store;
    this.#conversion = conversion;
    this.#door = this.#doorTo('', store.parts.strategy);
  }

  async get(
    context: RequestContext,
    ns: string,
    name: string,
    options?: { resourceVersion?: string },
  ): Promise<Stored> {
    return this.#from(await inGroupOf(this.resource, this.#store.get(context, ns, name, options)));
  }

  async list(context: RequestContext, ns: string, options: ListOptions): Promise<ListResult> {
    return this.#fromList(await this.#store.list(context, ns, this.#translate(options)));
  }

  watch(context: RequestContext, ns: string, options: ListOptions): WatchStream {
    const stream = this.#store.watch(context, ns, this.#translate(options));
    const convert = (item: WatchItem): WatchItem => this.#fromItem(item);
    return {
      forEach: (take, takePast) =>
        stream.forEach((item) => take(convert(item)), takePast && ((items) => takePast(items.map(convert)))),
      async *[Symbol.asyncIterator]() {
        for await (const item of stream) yield convert(item);
      },
    };
  }

  async create(context: RequestContext, ns: string, body: unknown, options: WriteOptions = {}): Promise<Stored> {
    const object = newObject(this.#door, body, context, options);
    this.#validate(object);
    const made = createObject(this.#store.parts, context, ns, this.#toStored(object), options);
    return this.#from(await inGroupOf(this.resource, made));
  }

  update(
    context: RequestContext,
    ns: string,
    name: string,
    body: unknown,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    return this.#write('', context, ns, name, wantedOfBody(this.#door, body, context, options), options);
  }

  patch(
    context: RequestContext,
    ns: string,
    name: string,
    type: PatchType,
    patch: unknown,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    return this.#write('', context, ns, name, wantedOfPatch(this.#door, type, patch, context, options), options);
  }

  async #write(
    subresource: string,
    context: RequestContext,
    ns: string,
    name: string,
    wanted: Wanted,
    options: WriteOptions,
  ): Promise<WriteResult> {
    const make = (old: KubeObject | undefined): KubeObject => {
      const shown = old && this.#named(this.#conversion.fromStored(old));
      const object = wanted.make(shown);
      this.#validate(object, shown);
      return this.#toStored(object);
    };
    const target = [context, ns, name, { ...wanted, make }, options] as const;
    const written = subresource === '' ? this.#store.write(...target) : this.#store.writePart(subresource, ...target);
    const { stored, created } = await inGroupOf(this.resource, written);
    return { stored: this.#from(stored), created };
  }

  async delete(context: RequestContext, ns: string, name: string, options?: DeleteOptions): Promise<DeleteResult> {
    const result = await inGroupOf(this.resource, this.#store.delete(context, ns, name, options));
    return { ...result, stored: this.#from(result.stored) };
  }

  async deleteCollection(
    context: RequestContext,
    ns: string,
    selection: ListOptions,
    options?: DeleteOptions,
  ): Promise<ListResult> {
    return this.#fromList(await this.#store.deleteCollection(context, ns, this.#translate(selection), options));
  }

  /** Parts of the object are written as the stored object's are; other subresources the second face has none. */
  subresource(subresource: string): SubresourceRest | undefined {
    const stored = this.#store.door(subresource);
    if (!stored || !this.resource.subresources?.[subresource]) return undefined;
    const door = this.#doorTo(subresource, stored.strategy);
    const write = async (context: RequestContext, ns: string, name: string, wanted: Wanted, options: WriteOptions) =>
      (await this.#write(subresource, context, ns, name, wanted, options)).stored;
    return {
      get: (context, ns, name) => this.get(context, ns, name),
      update: async (context, ns, name, body, options = {}) =>
        write(context, ns, name, wantedOfBody(door, body, context, options), options),
      patch: async (context, ns, name, type, patch, options = {}) =>
        write(context, ns, name, wantedOfPatch(door, type, patch, context, options), options),
    };
  }

  /** A way to write in this version. */
  #doorTo(subresource: string, strategy: UpdateStrategy): Door {
    const { clock, log } = this.#store.parts;
    const resource = this.resource as Resource<KubeObject>; // what is stored are objects with metadata
    return doorOf({ resource, clock, log, convert: this.#conversion.versions }, subresource, strategy);
  }

  /** The rules of this version alone; those of all versions are the stored resource's. */
  #validate(object: KubeObject, old?: KubeObject): void {
    const errors = new FieldErrors();
    this.#door.resource.validate?.(object, errors, old);
    // Upstream names the stored kind.
    if (!errors.empty) throw invalid(this.#store.parts.resource, object.metadata.name ?? '', errors);
  }

  /** As the stored resource would have read it. */
  #toStored(object: KubeObject): KubeObject {
    const { kind, apiVersion, kindName, setDefaults } = this.#store.parts.resource;
    const stored = decode(kind, this.#conversion.toStored(object)).object;
    applyDefaults(kind, stored);
    setDefaults?.(stored);
    return Object.assign(stored, { apiVersion, kind: kindName });
  }

  #named(object: KubeObject): KubeObject {
    const { apiVersion, kindName: kind } = this.resource;
    return { ...object, apiVersion, kind };
  }

  #from(stored: Stored): Stored {
    let converted = this.#converted.get(stored);
    if (!converted) {
      const object = this.#named(this.#conversion.fromStored(stored.object));
      converted = new StoredObject(stored.resourceVersion, undefined, object);
      this.#converted.set(stored, converted);
    }
    return converted;
  }

  #fromItem(item: WatchItem): WatchItem {
    let converted = this.#items.get(item);
    if (!converted) {
      converted = { type: item.type, stored: this.#from(item.stored) };
      this.#items.set(item, converted);
    }
    return converted;
  }

  #fromList(result: ListResult): ListResult {
    return { ...result, items: result.items.map((one) => this.#from(one)) };
  }

  #translate(options: ListOptions): ListOptions {
    if (!options.fieldSelector) return options;
    const { storedField } = this.#conversion;
    const fieldSelector = options.fieldSelector.replace(
      /(^|,)([^=!,]+)/g,
      (_, comma: string, field: string) => comma + storedField(field),
    );
    return { ...options, fieldSelector };
  }
}
