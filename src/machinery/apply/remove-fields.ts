import { setKey } from '../json.ts';
import { childOf, isEmptySet, isMember, withPrefix, type FieldSet } from './field-set.ts';
import { itemElement } from './list-items.ts';
import { fieldElement } from './path-element.ts';
import { asList, asMap, kindOf, memberShape, type ListShape, type MapShape, type Shape } from './shape.ts';

/**
 * A value without the members of a set, and what stands below them (structured-merge-diff v6.3.2, `typed/remove.go`, which is
 * what Kubernetes v1.36 has). What loses all that it has stays, empty: somebody may own it. Parts of the value stand in
 * the result, which is the value itself where nothing goes.
 */
export function removeFields(shape: Shape, value: unknown, set: FieldSet): unknown {
  if (isEmptySet(set)) return value;
  switch (kindOf(shape, value)) {
    case 'map':
      return shape.map && removeMembers(shape.map, value, set);
    case 'list':
      return shape.list && removeItems(shape.list, value, set);
    default:
      return value;
  }
}

function removeMembers(map: MapShape, value: unknown, set: FieldSet): unknown {
  const members = asMap(value);
  if (!members || map.isAtomic) return null;
  const out: Record<string, unknown> = {};
  let isEmpty = true;
  for (const [name, member] of Object.entries(members)) {
    const element = fieldElement(name);
    if (isMember(childOf(set, element))) continue;
    isEmpty = false;
    setKey(out, name, below(memberShape(map, name), member, withPrefix(set, element)));
  }
  return isEmpty ? null : out;
}

function removeItems(list: ListShape, value: unknown, set: FieldSet): unknown {
  const items = asList(value);
  if (!items || list.isAtomic) return null;
  const out: unknown[] = [];
  for (const item of items) {
    const element = itemElement(list, item);
    if (!isMember(childOf(set, element))) out.push(below(list.items, item, withPrefix(set, element)));
  }
  return out.length === 0 ? null : out;
}

function below(shape: Shape | undefined, value: unknown, set: FieldSet | undefined): unknown {
  if (!shape || !set || isEmptySet(set)) return value;
  const left = removeFields(shape, value, set);
  if (left !== null && left !== undefined) return left;
  if (asList(value)) return [];
  return asMap(value) ? {} : left;
}

/** Only what the set names of a value: its members whole, and of what is on the way to them what is needed. */
export function extractFields(shape: Shape, value: unknown, set: FieldSet): unknown {
  switch (kindOf(shape, value)) {
    case 'map':
      return shape.map && extractMembers(shape.map, value, set);
    case 'list':
      return shape.list && extractItems(shape.list, value, set);
    default:
      return value;
  }
}

function extractMembers(map: MapShape, value: unknown, set: FieldSet): unknown {
  const members = asMap(value);
  if (!members || map.isAtomic || Object.keys(members).length === 0) return value;
  const out: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(members)) {
    const element = fieldElement(name);
    const [node, shape] = [childOf(set, element), memberShape(map, name)];
    if (node && shape) setKey(out, name, isMember(node) ? member : extractFields(shape, member, node));
  }
  return Object.keys(out).length === 0 ? null : out;
}

function extractItems(list: ListShape, value: unknown, set: FieldSet): unknown {
  const items = asList(value);
  if (!items || list.isAtomic || items.length === 0) return value;
  const out: unknown[] = [];
  for (const item of items) {
    const node = childOf(set, itemElement(list, item));
    if (node) out.push(isEmptySet(node) ? item : extractFields(list.items, item, node));
  }
  return out.length === 0 ? null : out;
}
