import { isEqualJson } from '../json.ts';
import { emptySet, isEmptySet, nodeOf, startNode, uniteNodes, type FieldSet } from './field-set.ts';
import { elementAt, itemsByElement } from './list-items.ts';
import type { PathElement } from './path-element.ts';
import {
  asList,
  asMap,
  kindOf,
  memberElement,
  memberField,
  memberOf,
  type ListShape,
  type MapShape,
  type Shape,
  type ValueKind,
} from './shape.ts';
import { Walk } from './walk.ts';

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
  if (before === undefined) return { added: wholeOf(shape, after) };
  if (after === undefined) return { removed: wholeOf(shape, before) };
  const [kind, other] = [kindOf(shape, before), kindOf(shape, after)];
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
  return isEqualJson(before, after) ? undefined : { modified: emptySet };
}

function compareMaps(map: MapShape, before: unknown, after: unknown): Delta | undefined {
  const [left, right] = [asMap(before), asMap(after)];
  if (map.isAtomic || (isEmptyMap(left) && isEmptyMap(right))) return compareLeaves(before, after);
  if (isEmptyMap(left)) return { added: wholeOfMap(map, right, false) };
  const parts = new DeltaParts();
  for (const name in left)
    parts.add(memberElement(map, name), compareMember(map, name, left[name], memberOf(right, name)));
  for (const name in right) {
    if (memberOf(left, name) !== undefined) continue;
    parts.add(memberElement(map, name), compareMember(map, name, undefined, right[name]));
  }
  return parts.delta;
}

function isEmptyMap(map: Readonly<Record<string, unknown>> | undefined): boolean {
  for (const _ in map) return false;
  return true;
}

function compareMember(map: MapShape, name: string, before: unknown, after: unknown): Delta | undefined {
  return before === after ? undefined : compareAt(memberField(map, name).shape, before, after);
}

function compareLists(list: ListShape, before: unknown, after: unknown): Delta | undefined {
  const [left = [], right = []] = [asList(before), asList(after)];
  if (list.isAtomic || (left.length === 0 && right.length === 0)) return compareLeaves(before, after);
  if (isEqualJson(left, right)) return undefined;
  if (left.length === 0) return { added: wholeOfList(list, right, false) };
  const parts = new DeltaParts();
  const [lefts, rights] = [itemsByElement(list, left), itemsByElement(list, right)];
  for (const [element, items] of lefts) parts.add(element, compareItems(list, items, rights.get(element) ?? []));
  for (const [element, items] of rights) if (!lefts.has(element)) parts.add(element, compareItems(list, [], items));
  return parts.delta;
}

/** Items of the same key or value. Where there are several of them, they are one value together. */
function compareItems(list: ListShape, left: readonly unknown[], right: readonly unknown[]): Delta | undefined {
  if (left.length < 2 && right.length < 2) return compareAt(list.items, left[0], right[0]);
  if (left.length > 1 && right.length > 1) return compareLeaves(left, right);
  if (left.length > 1) return { ...compareAt(list.items, undefined, right[0]), removed: emptySet };
  return { ...compareAt(list.items, left[0], undefined), added: emptySet };
}

/** Every path of a value that came or went whole, with all that is on the way. */
function wholeOf({ list, map }: Shape, value: unknown): FieldSet {
  if (typeof value !== 'object' || value === null) return emptySet;
  if (Array.isArray(value)) return list ? wholeOfList(list, value, true) : emptySet;
  return map ? wholeOfMap(map, asMap(value), true) : emptySet;
}

function wholeOfMap(map: MapShape, members: ReturnType<typeof asMap>, isSelf: boolean): FieldSet {
  if (map.isAtomic || !members) return emptySet;
  const walk = new Walk(map, isSelf);
  for (const name in members) {
    const member = members[name];
    if (member === undefined) continue;
    const field = walk.field(name);
    walk.goOn(field, wholeOf(field.shape, member));
  }
  return walk.node;
}

/** Of items that come several times, each is owned whole. */
function wholeOfList(list: ListShape, items: ReturnType<typeof asList>, isSelf: boolean): FieldSet {
  if (list.isAtomic || !items) return emptySet;
  let node = startNode(isSelf);
  for (let at = 0; at < items.length; at++) {
    node = node.to(elementAt(list, items[at], at), wholeOf(list.items, items[at]));
  }
  return node.node;
}

/** Gathers what differs below a place. */
class DeltaParts {
  #added: [PathElement, FieldSet][] | undefined;
  #modified: [PathElement, FieldSet][] | undefined;
  #removed: [PathElement, FieldSet][] | undefined;

  add(element: PathElement, delta: Delta | undefined): void {
    if (!delta) return;
    const { added, modified, removed } = delta;
    if (added) (this.#added ??= []).push([element, added]);
    if (modified) (this.#modified ??= []).push([element, modified]);
    if (removed) (this.#removed ??= []).push([element, removed]);
  }

  get delta(): Delta | undefined {
    const [added, modified, removed] = [this.#added, this.#modified, this.#removed];
    if (!added && !modified && !removed) return undefined;
    return {
      added: added && nodeOf(false, added),
      modified: modified && nodeOf(false, modified),
      removed: removed && nodeOf(false, removed),
    };
  }
}
