import { isEqualJson } from '../json.ts';
import { emptySet, isEmptySet, sortedNodeOf, uniteNodes, type FieldSet } from './field-set.ts';
import { itemsByElement } from './list-items.ts';
import { fieldElement, type PathElement } from './path-element.ts';
import {
  asList,
  asMap,
  kindOf,
  memberOf,
  memberShape,
  type ListShape,
  type MapShape,
  type Shape,
  type ValueKind,
} from './shape.ts';

/** How two objects differ, path by path; no path is in two of the sets (`typed/compare.go`). */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** Compares two values of a type. Throws for a list whose items cannot be told apart. */
export function compare(shape: Shape, before: unknown, after: unknown): Comparison {
  const { added = emptySet, modified = emptySet, removed = emptySet } = compareAt(shape, before, after) ?? {};
  return { added, modified, removed };
}

/** Whether nothing differs. */
export function isSame({ added, modified, removed }: Comparison): boolean {
  return isEmptySet(added) && isEmptySet(modified) && isEmptySet(removed);
}

/** What differs at one place and below it, as nodes of the three sets. Most places are the same, and cost nothing. */
interface Delta {
  added?: FieldSet | undefined;
  modified?: FieldSet | undefined;
  removed?: FieldSet | undefined;
}

function compareAt(shape: Shape, before: unknown, after: unknown): Delta | undefined {
  if (before === after) return undefined;
  if (before === undefined) return compareAs(kindOf(shape, after), shape, before, after);
  const kind = kindOf(shape, before);
  if (after === undefined) return compareAs(kind, shape, before, after);
  const other = kindOf(shape, after);
  const delta = compareAs(other, shape, before, after);
  // A value that became one of another kind is looked at as both.
  return kind === other ? delta : together(compareAs(kind, shape, before, after), delta);
}

function together(a: Delta | undefined, b: Delta | undefined): Delta | undefined {
  if (!a || !b) return a ?? b;
  return {
    added: uniteNodes(a.added, b.added),
    modified: uniteNodes(a.modified, b.modified),
    removed: uniteNodes(a.removed, b.removed),
  };
}

function compareAs(kind: ValueKind | undefined, shape: Shape, before: unknown, after: unknown): Delta | undefined {
  if (kind === 'map' && shape.map) return compareMaps(shape.map, before, after);
  if (kind === 'list' && shape.list) return compareLists(shape.list, before, after);
  return compareLeaves(before, after);
}

/** Values that are taken whole. */
function compareLeaves(before: unknown, after: unknown): Delta | undefined {
  if (before === undefined) return { added: emptySet };
  if (after === undefined) return { removed: emptySet };
  return isEqualJson(before, after) ? undefined : { modified: emptySet };
}

function compareMaps(map: MapShape, before: unknown, after: unknown): Delta | undefined {
  const [left, right] = [asMap(before), asMap(after)];
  if (map.isAtomic || (isEmptyMap(left) && isEmptyMap(right))) return compareLeaves(before, after);
  const parts = new DeltaParts(before, after);
  for (const name in left) parts.add(fieldElement(name), compareMember(map, name, left, right));
  for (const name in right) {
    if (memberOf(left, name) === undefined) parts.add(fieldElement(name), compareMember(map, name, left, right));
  }
  return parts.delta;
}

function isEmptyMap(map: Readonly<Record<string, unknown>> | undefined): boolean {
  for (const _ in map) return false;
  return true;
}

function compareMember(
  map: MapShape,
  name: string,
  left: Readonly<Record<string, unknown>> | undefined,
  right: Readonly<Record<string, unknown>> | undefined,
): Delta | undefined {
  const shape = memberShape(map, name);
  if (!shape) throw new Error(`.${name}: field not declared in schema`);
  return compareAt(shape, memberOf(left, name), memberOf(right, name));
}

function compareLists(list: ListShape, before: unknown, after: unknown): Delta | undefined {
  const [left, right] = [asList(before), asList(after)];
  const areEmpty = !left?.length && !right?.length;
  if (list.isAtomic || areEmpty) return compareLeaves(before, after);
  if (left && right && isEqualJson(left, right)) return undefined;
  const parts = new DeltaParts(before, after);
  const [lefts, rights] = [itemsByElement(list, left ?? []), itemsByElement(list, right ?? [])];
  for (const [element, items] of lefts) compareItems({ list, element, parts }, items, rights.get(element) ?? []);
  for (const [element, items] of rights) if (!lefts.has(element)) compareItems({ list, element, parts }, [], items);
  return parts.delta;
}

/** Items of the same key or value. Where there are several of them, they are one value together. */
function compareItems(
  { list, element, parts }: { list: ListShape; element: PathElement; parts: DeltaParts },
  left: readonly unknown[],
  right: readonly unknown[],
): void {
  if (left.length < 2 && right.length < 2) parts.add(element, compareAt(list.items, left[0], right[0]));
  else if (left.length > 1 && right.length > 1) {
    if (!isEqualJson(left, right)) parts.add(element, { modified: emptySet });
  } else if (left.length > 1) {
    const { added } = compareAt(list.items, undefined, right[0]) ?? {};
    parts.add(element, { added, removed: emptySet });
  } else {
    const { removed } = compareAt(list.items, left[0], undefined) ?? {};
    parts.add(element, { added: emptySet, removed });
  }
}

/** Gathers what differs below a place. */
class DeltaParts {
  readonly #isAdded: boolean;
  readonly #isRemoved: boolean;
  readonly #added: [PathElement, FieldSet][] = [];
  readonly #modified: [PathElement, FieldSet][] = [];
  readonly #removed: [PathElement, FieldSet][] = [];

  constructor(before: unknown, after: unknown) {
    this.#isAdded = before === undefined;
    this.#isRemoved = after === undefined;
  }

  add(element: PathElement, delta: Delta | undefined): void {
    if (!delta) return;
    if (delta.added) this.#added.push([element, delta.added]);
    if (delta.modified) this.#modified.push([element, delta.modified]);
    if (delta.removed) this.#removed.push([element, delta.removed]);
  }

  get delta(): Delta | undefined {
    const added = sortedNodeOf(this.#isAdded, this.#added);
    const modified = sortedNodeOf(false, this.#modified);
    const removed = sortedNodeOf(this.#isRemoved, this.#removed);
    return added || modified || removed ? { added, modified, removed } : undefined;
  }
}
