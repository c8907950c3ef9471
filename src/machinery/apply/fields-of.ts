import { asMember, emptySet, nodeOf, type FieldSet } from './field-set.ts';
import { itemsByElement } from './list-items.ts';
import { fieldElement, type PathElement } from './path-element.ts';
import { asList, asMap, kindOf, memberShape, type ListShape, type MapShape, type Shape } from './shape.ts';

/**
 * Every path that a value mentions: its leaves, the items of its lists and maps, and what it says is empty
 * (`typed/tofieldset.go`). This is what somebody who applies the value says is theirs.
 */
export function fieldsOf(shape: Shape, value: unknown): FieldSet {
  return fieldsAt(shape, value) ?? emptySet;
}

function fieldsAt(shape: Shape, value: unknown): FieldSet | undefined {
  const kind = kindOf(shape, value);
  if (kind === 'map' && shape.map) return fieldsOfMap(shape.map, value);
  if (kind === 'list' && shape.list) return fieldsOfList(shape.list, value);
  return emptySet;
}

function fieldsOfMap(map: MapShape, value: unknown): FieldSet | undefined {
  if (map.isAtomic) return emptySet;
  const children: [PathElement, FieldSet][] = [];
  for (const [name, member] of Object.entries(asMap(value) ?? {})) {
    if (member === undefined) continue;
    const shape = memberShape(map, name);
    const node = shape && fieldsAt(shape, member);
    const isSelf = isNothing(member) || !map.fields.has(name);
    if (isSelf || node) children.push([fieldElement(name), isSelf ? asMember(node) : (node ?? emptySet)]);
  }
  return nodeOf(false, children);
}

/** Nobody could own an empty struct by what is in it. */
function isNothing(value: unknown): boolean {
  if (value === null) return true;
  const map = asMap(value);
  return map !== undefined && Object.keys(map).length === 0;
}

function fieldsOfList(list: ListShape, value: unknown): FieldSet | undefined {
  if (list.isAtomic) return emptySet;
  const children: [PathElement, FieldSet][] = [];
  for (const [element, items] of itemsByElement(list, asList(value) ?? [])) {
    // What is there twice is owned as a whole.
    const node = items.length === 1 ? fieldsAt(list.items, items[0]) : undefined;
    children.push([element, asMember(node)]);
  }
  return nodeOf(false, children);
}
