import { isEqualJson } from '../json.ts';
import { compare, type Comparison } from './compare.ts';
import { Conflicts, type Conflict } from './conflicts.ts';
import {
  asMember,
  childOf,
  elementsOf,
  emptySet,
  hasChildren,
  intersect,
  isEmptySet,
  isMember,
  nodeOf,
  pathsOf,
  subtract,
  unite,
  type FieldSet,
} from './field-set.ts';
import { fieldsOf } from './fields-of.ts';
import { merge } from './merge.ts';
import type { PathElement } from './path-element.ts';
import { reconcile } from './reconcile.ts';
import { removeFields } from './remove-fields.ts';
import { memberShape, type Shape } from './shape.ts';

/** An object of one version of the API, as server-side apply sees it. */
export interface Typed {
  readonly version: string;
  readonly shape: Shape;
  readonly value: unknown;
}

/** What one manager owns, in the version in which it wrote. */
export interface Owned {
  readonly set: FieldSet;
  readonly version: string;
  readonly applied: boolean;
}

/** Who owns what. A manager's name is all that tells it from others. */
export type Managers = ReadonlyMap<string, Owned>;

/** The object in another version; undefined for a version that there is not (any more). */
export type Convert = (object: Typed, version: string) => Typed | undefined;

/** What of a set somebody may own; the rest is put back by the server whoever sends it. */
export type FieldFilter = (set: FieldSet) => FieldSet;

export interface UpdaterOptions {
  readonly convert: Convert;
  /** Of every version. */
  readonly filter?: FieldFilter | undefined;
}

/**
 * Decides who owns what (`merge/update.go` of structured-merge-diff).
 *
 * One who updates owns what he changes, and all others lose it. One who applies owns what he says, together with others
 * who say the same; he may not change what others own unless he forces it, and what he said last time and says no longer
 * goes, unless somebody else owns it. So Alice applies `{ replicas: 3, image: a }` and owns both; an autoscaler updates
 * replicas to 5 and owns them alone; Alice applies her file again and is told of a conflict; she drops replicas from the
 * file and applies it, and replicas stay 5.
 */
export class Updater {
  readonly #convert: Convert;
  readonly #filter: FieldFilter;

  constructor({ convert, filter = (set) => set }: UpdaterOptions) {
    this.#convert = convert;
    this.#filter = filter;
  }

  /** Who owns what after `manager` has made `after` of `before`. */
  update(before: Typed, after: Typed, managers: Managers, manager: string): Map<string, Owned> {
    const known = this.#reconciled(before, managers);
    const { version } = after;
    const { kept, comparison } = this.#disowned({ before, after, managers: known, manager, force: true });
    const own = subtract(kept.get(manager)?.set ?? emptySet, comparison.removed);
    const set = this.#filter(unite(unite(own, comparison.modified), comparison.added));
    if (isEmptySet(set)) kept.delete(manager);
    else kept.set(manager, { set, version, applied: false });
    return kept;
  }

  /**
   * What `config` makes of `live`, and who owns what then; no object where it is what it was. Throws Conflicts for what
   * others own, unless forced.
   */
  apply(
    live: Typed,
    config: Typed,
    request: { managers: Managers; manager: string; force: boolean },
  ): { object: Typed | undefined; managers: Managers } {
    const { manager, force } = request;
    const managers = this.#reconciled(live, request.managers);
    const merged = { ...live, value: merge(live.shape, live.value, config.value) };
    const last = managers.get(manager);
    const set = this.#filter(fieldsOf(config.shape, config.value));
    managers.set(manager, { set, version: config.version, applied: true });
    const object = last && takesAway(last, { ...config, set }, live) ? this.#prune(merged, managers, last) : merged;
    const { kept } = this.#disowned({ before: live, after: object, managers, manager, force });
    return { object: isEqualJson(live.value, object.value) ? undefined : object, managers: kept };
  }

  /** The managers' sets as the types are now; those of versions that are gone go too. */
  #reconciled(object: Typed, managers: Managers): Map<string, Owned> {
    const known = new Map<string, Owned>();
    for (const [manager, owned] of managers) {
      const typed = this.#convert(object, owned.version);
      if (typed) known.set(manager, { ...owned, set: reconcile(typed.shape, owned.set) });
    }
    return known;
  }

  /** Takes from the others what they do not own any more. */
  #disowned(step: { before: Typed; after: Typed; managers: Managers; manager: string; force: boolean }): {
    kept: Map<string, Owned>;
    comparison: Comparison;
  } {
    const { before, after, managers, manager, force } = step;
    const comparisons = new Map<string, Comparison | undefined>();
    const compareIn = (version: string): Comparison | undefined => {
      if (!comparisons.has(version)) comparisons.set(version, this.#compareIn(version, before, after));
      return comparisons.get(version);
    };
    const kept = new Map<string, Owned>();
    const conflicts: Conflict[] = [];
    for (const [name, owned] of managers) {
      const comparison = compareIn(owned.version);
      if (!comparison) continue;
      let { set } = owned;
      if (name !== manager) {
        const taken = intersect(set, unite(comparison.modified, comparison.added));
        for (const path of pathsOf(taken)) conflicts.push({ manager: name, path });
        set = subtract(subtract(set, taken), comparison.removed);
      }
      if (!isEmptySet(set)) kept.set(name, set === owned.set ? owned : { ...owned, set });
    }
    if (!force && conflicts.length > 0) throw new Conflicts(conflicts);
    return { kept, comparison: compareIn(after.version) ?? noChange };
  }

  #compareIn(version: string, before: Typed, after: Typed): Comparison | undefined {
    const [left, right] = [this.#convert(before, version), this.#convert(after, version)];
    if (!left || !right) return undefined;
    const { added, modified, removed } = compare(left.shape, left.value, right.value);
    return {
      added: this.#filter(added),
      modified: this.#filter(modified),
      removed: this.#filter(removed),
    };
  }

  /** Takes away what the manager applied last time and not now, unless somebody owns it. */
  #prune(merged: Typed, managers: Managers, last: Owned): Typed {
    const before = this.#convert(merged, last.version);
    if (!before) return merged;
    const removed = without(before, withNamedFields(before.shape, last.set));
    const pruned = this.#addBackOwned(before, removed, managers);
    const kept = addBackDangling(before, pruned, last);
    return this.#convert(kept, merged.version) ?? merged;
  }

  /** Puts back what was taken away and is owned by anybody. */
  #addBackOwned(merged: Typed, pruned: Typed, managers: Managers): Typed {
    const owned = new Map<string, FieldSet>([[merged.version, emptySet]]);
    for (const { version, set } of managers.values()) owned.set(version, unite(owned.get(version) ?? emptySet, set));
    let result = pruned;
    // The version at hand comes first: a conversion may need what was taken away.
    for (const [version, set] of owned) {
      const [before, after] = [this.#convert(merged, version), this.#convert(result, version)];
      if (!before || !after) continue;
      const named = (one: FieldSet): FieldSet => withNamedFields(before.shape, one);
      const gone = subtract(
        named(fieldsOf(before.shape, before.value)),
        unite(named(fieldsOf(after.shape, after.value)), named(set)),
      );
      result = without(before, gone);
    }
    return this.#convert(result, merged.version) ?? merged;
  }
}

/** Who says again all that he said last time, as most do, takes nothing away: finding that out item by item takes long. */
function takesAway(last: Owned, now: { version: string; set: FieldSet }, { version }: Typed): boolean {
  const isOneVersion = last.version === now.version && last.version === version;
  return isOneVersion ? !isEmptySet(subtract(last.set, now.set)) : !isEmptySet(last.set);
}

const noChange: Comparison = { added: emptySet, modified: emptySet, removed: emptySet };

function without(object: Typed, set: FieldSet): Typed {
  return { ...object, value: removeFields(object.shape, object.value, set) };
}

/** Puts back what the manager did not own: it hung below what it did. */
function addBackDangling(merged: Typed, pruned: Typed, last: Owned): Typed {
  const { shape } = merged;
  const gone = subtract(
    withNamedFields(shape, fieldsOf(shape, merged.value)),
    withNamedFields(shape, fieldsOf(shape, pruned.value)),
  );
  return without(merged, intersect(gone, withNamedFields(shape, last.set)));
}

/** The set with the structs on the way to its members, which nobody owns by themselves. */
function withNamedFields(shape: Shape | undefined, set: FieldSet): FieldSet {
  return named(shape, set) ?? emptySet;
}

function named(shape: Shape | undefined, node: FieldSet): FieldSet | undefined {
  const children = elementsOf(node).map((element): [PathElement, FieldSet] => {
    const child = childOf(node, element) ?? emptySet;
    const isField = element.startsWith('f:') && shape?.map?.fields.has(element.slice(2)) === true;
    if (!hasChildren(child)) return [element, child];
    const below = named(shapeBehind(shape, element), child);
    return [element, isField || isMember(child) ? asMember(below) : (below ?? emptySet)];
  });
  return nodeOf(false, children);
}

function shapeBehind(shape: Shape | undefined, element: PathElement): Shape | undefined {
  if (element.startsWith('f:')) return shape?.map && memberShape(shape.map, element.slice(2));
  return element.startsWith('k:') ? shape?.list?.items : undefined;
}
