import BTreeModule from 'sorted-btree';
import { prefixEnd, type Scope } from './scope.ts';
import type { StoredObject } from './stored.ts';

// The package is CommonJS with its class under `default`.
const BTree = BTreeModule.default;

/** All objects of a resource by key, in the store's order. Copies are cheap: they share what does not change. */
export class ObjectTree {
  readonly #tree: InstanceType<typeof BTree<string, StoredObject>>;

  constructor(tree: InstanceType<typeof BTree<string, StoredObject>> = new BTree(undefined, compareKeys)) {
    this.#tree = tree;
  }

  set(key: string, stored: StoredObject): void {
    this.#tree.set(key, stored);
  }

  delete(key: string): void {
    this.#tree.delete(key);
  }

  /** How many there are in a scope from `start` on. */
  count(scope: Scope, start = ''): number {
    if ('key' in scope) return this.#tree.has(scope.key) && scope.key >= start ? 1 : 0;
    const { from, end } = boundsOf(scope, start);
    return this.#tree.forRange(from, end ?? behindAll, false);
  }

  clone(): ObjectTree {
    return new ObjectTree(this.#tree.clone());
  }

  /** Keys and objects of a scope in order, from `start` on. */
  *entries(scope: Scope, start = ''): Generator<readonly [string, StoredObject]> {
    if ('key' in scope) {
      const stored = this.#tree.get(scope.key);
      if (stored && scope.key >= start) yield [scope.key, stored];
      return;
    }
    const { from, end } = boundsOf(scope, start);
    for (const entry of this.#tree.entries(from)) {
      if (end !== undefined && entry[0] >= end) return;
      yield entry;
    }
  }
}

/** Keys are ASCII. */
const behindAll = '\u{ffff}';

function boundsOf({ prefix }: { prefix: string }, start: string): { from: string; end: string | undefined } {
  return { from: start > prefix ? start : prefix, end: prefix === '' ? undefined : prefixEnd(prefix) };
}

/** A resource's objects as they were at one revision. */
export interface Snapshot {
  readonly revision: number;
  readonly objects: ObjectTree;
  /** The prefix of the keys that are here; '' for all. */
  readonly within: string;
}

// Keys are ASCII, so that this is etcd's order of bytes.
function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
