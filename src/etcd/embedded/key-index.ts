import BTreeModule from 'sorted-btree';
import { bulkLoad } from 'sorted-btree/extended/bulkLoad.js';
import type { KeyRange, KeyString } from './keys.ts';

// The package is CommonJS with its class under `default`.
const BTree = BTreeModule.default;

/** Keys in a node of the tree, as many as the package has by itself. */
const nodeKeys = 32;

/** One version of a key: where its value lies and what the store must know without reading it. */
export interface Version {
  /** The revision of the transaction, and the number of the change within it. */
  readonly main: number;
  readonly sub: number;
  readonly create: number;
  /** 0 for a tombstone. */
  readonly version: number;
  readonly lease: bigint;
}

export function isTombstone(version: Version): boolean {
  return version.version === 0;
}

/**
 * Every key's versions, oldest first. The life of one key through puts at 2 and 4, a delete at 5, a put at 7:
 *
 *     [2 v1] [4 v2] [5 tombstone] [7 v1]
 *
 * Seen at revision 4 it is [4 v2], at 5 and 6 it is gone. Compaction at 5 leaves [5 tombstone] [7 v1], so that a watch
 * from 5 still hears of the delete (etcd pull request 19249); compaction at 6 leaves [7 v1].
 */
export class KeyIndex {
  #keys = new BTree<KeyString, Version[]>(undefined, compareKeys, nodeKeys);
  /** The same, for who asks for one key: a search in the tree compares a dozen long strings. */
  readonly #byKey = new Map<KeyString, Version[]>();

  /** Adds the newest version of a key. */
  append(key: KeyString, version: Version): void {
    const versions = this.#byKey.get(key);
    if (versions) versions.push(version);
    else this.#set(key, [version]);
  }

  /**
   * Fills an empty index: `fill` hands over every version, those of one key in the order of their revisions. The keys are
   * sorted once at the end, and the tree is made of them from its leaves up, without a search for the place of each.
   */
  restore(fill: (append: (key: KeyString, version: Version) => void) => void): void {
    fill((key, version) => {
      const versions = this.#byKey.get(key);
      if (versions) versions.push(version);
      else this.#byKey.set(key, [version]);
    });
    const keys = [...this.#byKey.keys()].sort(); // by themselves, strings are sorted as `compareKeys` does
    const versions = keys.map((key) => this.#byKey.get(key) ?? []);
    this.#keys = bulkLoad(keys, versions, nodeKeys, compareKeys);
  }

  /** Takes back the versions of a key newer than a revision: the write that made them failed. */
  truncate(key: KeyString, revision: number): void {
    const kept = (this.#byKey.get(key) ?? []).filter((version) => version.main <= revision);
    if (kept.length > 0) this.#set(key, kept);
    else this.#delete(key);
  }

  /** The version of a key at a revision, undefined when it does not live then. */
  at(key: KeyString, revision: number): Version | undefined {
    return visible(this.#byKey.get(key), revision);
  }

  /** The keys of a range that live at a revision, in order; stops early when `visit` returns false. */
  forRange(range: KeyRange, revision: number, visit: (key: KeyString, version: Version) => boolean | void): void {
    if (range.single) {
      const version = this.at(range.start, revision);
      if (version) visit(range.start, version);
      return;
    }
    const pair: [] = []; // the same one for all
    for (const [key, versions] of this.#keys.entries(range.start, pair)) {
      if (range.end !== undefined && key >= range.end) return;
      const version = visible(versions, revision);
      if (version && visit(key, version) === false) return;
    }
  }

  /** Drops what nobody can ask for after a compaction at `revision`; returns the dropped versions. */
  compact(revision: number): Version[] {
    const dropped: Version[] = [];
    const dead: KeyString[] = [];
    for (const [key, versions] of this.#keys.entries()) {
      const first = firstKept(versions, revision);
      if (first === 0) continue;
      dropped.push(...versions.splice(0, first));
      if (versions.length === 0) dead.push(key);
    }
    for (const key of dead) this.#delete(key);
    return dropped;
  }

  get size(): number {
    return this.#byKey.size;
  }

  #set(key: KeyString, versions: Version[]): void {
    this.#keys.set(key, versions);
    this.#byKey.set(key, versions);
  }

  #delete(key: KeyString): void {
    this.#keys.delete(key);
    this.#byKey.delete(key);
  }
}

function compareKeys(a: KeyString, b: KeyString): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function visible(versions: Version[] | undefined, revision: number): Version | undefined {
  if (!versions) return undefined;
  for (let at = versions.length - 1; at >= 0; at--) {
    const version = versions[at];
    if (version && version.main <= revision && !shadowed(versions, at))
      return isTombstone(version) ? undefined : version;
  }
  return undefined;
}

/** A later change of the same transaction decides what a key is at that revision. */
function shadowed(versions: Version[], at: number): boolean {
  return versions[at + 1]?.main === versions[at]?.main;
}

function firstKept(versions: Version[], revision: number): number {
  let last = -1;
  while ((versions[last + 1]?.main ?? Infinity) <= revision) last++;
  const newest = versions[last];
  if (!newest) return 0;
  return isTombstone(newest) && newest.main < revision ? last + 1 : last;
}
