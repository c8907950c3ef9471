import type { KubeObject, Selector } from '#machinery';
import { namespaceOf } from '#machinery';

/** Reads what an informer knows. The objects are shared and frozen. */
export interface Lister<T> {
  /** By `namespace/name`, or `name` where the resource has no namespaces. */
  get(key: string): T | undefined;
  list(selector?: Selector): T[];
  inNamespace(namespace: string, selector?: Selector): T[];
}

export type IndexFunction<T> = (object: T) => readonly string[];

/** Objects that share one value of an index, by key. */
class Index<T> {
  readonly valuesOf: IndexFunction<T>;
  readonly #buckets = new Map<string, Map<string, T>>();

  constructor(valuesOf: IndexFunction<T>) {
    this.valuesOf = valuesOf;
  }

  get(value: string): T[] {
    return [...(this.#buckets.get(value)?.values() ?? [])];
  }

  replace(key: string, before: T | undefined, after: T | undefined): void {
    const newValues = after === undefined ? [] : this.valuesOf(after);
    for (const value of before === undefined ? [] : this.valuesOf(before)) {
      if (!newValues.includes(value)) this.#remove(value, key);
    }
    for (const value of newValues) if (after !== undefined) this.#add(value, key, after);
  }

  #add(value: string, key: string, object: T): void {
    const bucket = this.#buckets.get(value);
    if (bucket) bucket.set(key, object);
    else this.#buckets.set(value, new Map([[key, object]]));
  }

  #remove(value: string, key: string): void {
    const bucket = this.#buckets.get(value);
    bucket?.delete(key);
    if (bucket?.size === 0) this.#buckets.delete(value);
  }
}

/** Objects by key, by namespace, and by whatever else was asked for. */
export class IndexedStore<T extends KubeObject> implements Lister<T> {
  readonly #objects = new Map<string, T>();
  readonly #byNamespace = new Index<T>((object) => [namespaceOf(object)]);
  readonly #indices = new Map<string, Index<T>>();

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  list(selector?: Selector): T[] {
    return select([...this.#objects.values()], selector);
  }

  inNamespace(namespace: string, selector?: Selector): T[] {
    return select(this.#byNamespace.get(namespace), selector);
  }

  keys(): string[] {
    return [...this.#objects.keys()];
  }

  /** Puts the object under its key and returns the one it replaces. */
  put(key: string, object: T): T | undefined {
    const before = this.#objects.get(key);
    this.#objects.set(key, object);
    this.#reindex(key, before, object);
    return before;
  }

  /** Removes an object and returns it. */
  remove(key: string): T | undefined {
    const before = this.#objects.get(key);
    this.#objects.delete(key);
    if (before) this.#reindex(key, before, undefined);
    return before;
  }

  addIndex(name: string, valuesOf: IndexFunction<T>): void {
    if (this.#indices.has(name)) return;
    const index = new Index(valuesOf);
    this.#indices.set(name, index);
    for (const [key, object] of this.#objects) index.replace(key, undefined, object);
  }

  byIndex(name: string, value: string): T[] {
    const index = this.#indices.get(name);
    if (!index) throw new Error(`no index named ${name}`);
    return index.get(value);
  }

  #reindex(key: string, before: T | undefined, after: T | undefined): void {
    this.#byNamespace.replace(key, before, after);
    for (const index of this.#indices.values()) index.replace(key, before, after);
  }
}

function select<T extends KubeObject>(objects: T[], selector: Selector | undefined): T[] {
  if (!selector || selector.empty) return objects;
  return objects.filter((object) => selector.matches(object.metadata.labels));
}
