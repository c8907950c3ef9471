import { setKey } from '../json.ts';
import { elementAt } from './list-items.ts';
import { describeElement, type PathElement } from './path-element.ts';
import { asList, asMap, kindOf, memberOf, memberShape, type ListShape, type MapShape, type Shape } from './shape.ts';

/**
 * A live value with what a configuration says in its place; nothing is taken away (`typed/merge.go`). Both stay as they
 * are, and parts of them stand in the result. Throws where the configuration names an item twice.
 */
export function merge(shape: Shape, live: unknown, config: unknown): unknown {
  const kind = kindOf(shape, config === undefined ? live : config);
  if (kind === 'map' && shape.map) return mergeMaps(shape.map, live, config);
  if (kind === 'list' && shape.list) return mergeLists(shape.list, live, config);
  return keepConfig(live, config);
}

function keepConfig(live: unknown, config: unknown): unknown {
  return config === undefined ? live : config;
}

function mergeMaps(map: MapShape, live: unknown, config: unknown): unknown {
  const [left, right] = [asMap(live), asMap(config)];
  const isEmpty = (one: typeof left): boolean => !one || Object.keys(one).length === 0;
  // Null and empty are different where there is nothing to merge.
  if (map.isAtomic || (isEmpty(left) && isEmpty(right))) return keepConfig(live, config);
  const out: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])) {
    const shape = memberShape(map, name);
    if (!shape) throw new Error(`.${name}: field not declared in schema`);
    const [before, after] = [memberOf(left, name), memberOf(right, name)];
    const merged = after === undefined ? before : merge(shape, before, after);
    if (merged !== undefined) setKey(out, name, merged);
  }
  return out;
}

function mergeLists(list: ListShape, live: unknown, config: unknown): unknown {
  const [left, right] = [asList(live), asList(config)];
  if (list.isAtomic || (!left?.length && !right?.length)) return keepConfig(live, config);
  const merged = new ListMerge(list, left ?? [], right ?? []).merge();
  return merged.length > 0 ? merged : undefined;
}

interface Indexed {
  readonly elements: readonly PathElement[];
  /** Null for an item that is there twice: it is not merged with another. */
  readonly items: ReadonlyMap<PathElement, unknown>;
}

/**
 * Merges the items of two lists. The configuration's items stand in its order; those that only the live list has keep
 * their places between the items that both have.
 */
class ListMerge {
  readonly #list: ListShape;
  readonly #live: readonly unknown[];
  readonly #left: Indexed;
  readonly #right: Indexed;
  /** The elements of both lists, in the configuration's order, that are still to come. */
  readonly #shared: PathElement[];
  readonly #placed = new Set<PathElement>();
  readonly #out: unknown[] = [];

  constructor(list: ListShape, live: readonly unknown[], config: readonly unknown[]) {
    this.#list = list;
    this.#live = live;
    this.#right = index(list, config, false);
    this.#left = index(list, live, true);
    this.#shared = this.#right.elements.filter((element) => this.#left.items.has(element));
  }

  merge(): unknown[] {
    const [lefts, rights] = [this.#left.elements, this.#right.elements];
    let [at, other] = [0, 0];
    while (at < lefts.length || other < rights.length) {
      const [left, right] = [lefts[at], rights[other]];
      if (left !== undefined && right !== undefined) {
        if (left === right) {
          this.#place(left);
          this.#shared.shift();
          [at, other] = [at + 1, other + 1];
          continue;
        }
        // Both have it, but another one comes first.
        const next = this.#shared[0];
        if (this.#right.items.has(left) && next !== undefined && next !== left) {
          at += 1;
          continue;
        }
      }
      if (left !== undefined) {
        if (!this.#right.items.has(left)) {
          this.#out.push(this.#live[at]);
          at += 1;
          continue;
        }
        if (this.#placed.has(left)) at += 1;
      }
      if (right === undefined) continue;
      this.#place(right);
      other += 1;
      if (this.#shared[0] === right) this.#shared.shift();
    }
    return this.#out;
  }

  #place(element: PathElement): void {
    this.#placed.add(element);
    const merged = merge(this.#list.items, this.#left.items.get(element), this.#right.items.get(element));
    if (merged !== undefined) this.#out.push(merged);
  }
}

function index(list: ListShape, values: readonly unknown[], allowsDuplicates: boolean): Indexed {
  const elements: PathElement[] = [];
  const items = new Map<PathElement, unknown>();
  for (const [at, value] of values.entries()) {
    const element = elementAt(list, value, at);
    if (items.has(element) && !allowsDuplicates)
      throw new Error(`duplicate entries for key ${describeElement(element)}`);
    items.set(element, items.has(element) ? null : value);
    elements.push(element);
  }
  return { elements, items };
}
