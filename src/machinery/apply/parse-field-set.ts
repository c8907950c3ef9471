import { isObject } from '../json.ts';
import { asMember, emptySet, isMember, nodeOf, sortedNodeOf, type FieldSet } from './field-set.ts';
import { canonicalElement, compareElements, type PathElement } from './path-element.ts';

/** What was read before: the sets of stored objects are seen at every write. */
const known = new WeakMap<object, FieldSet>();

/** Reads `fieldsV1` as anybody may have written it. Throws for what is no set. */
export function parseFieldSet(value: unknown): FieldSet {
  if (!isObject(value)) throw new Error('expected a set of fields');
  const found = known.get(value);
  if (found) return found;
  const set = canonicalNode(value, true) ?? parseNode(value).children ?? emptySet;
  // Only what can no longer change may be remembered.
  if (Object.isFrozen(value)) known.set(value, set);
  return trustFieldSet(set);
}

/** Tells that a set was made here. */
export function trustFieldSet(set: FieldSet): FieldSet {
  if (!known.has(set)) known.set(set, set);
  return set;
}

/** A node that is spelled as it is spelled here; undefined for what is not. */
function canonicalNode(value: unknown, isRoot: boolean): FieldSet | undefined {
  if (!isObject(value)) return undefined;
  const children: [PathElement, FieldSet][] = [];
  const elements = Object.keys(value);
  const isSelf = elements[0] === '.';
  if (isSelf && (isRoot || elements.length === 1 || !isEmptyObject(value['.']))) return undefined;
  for (let at = isSelf ? 1 : 0; at < elements.length; at++) {
    const element = elements[at] ?? '';
    if (element === '.' || canonicalElement(element) !== element) return undefined;
    const before = children.at(-1)?.[0];
    if (before !== undefined && compareElements(before, element) >= 0) return undefined;
    const child = canonicalNode(value[element], false);
    if (!child) return undefined;
    children.push([element, child]);
  }
  return nodeOf(isSelf, children) ?? emptySet;
}

function isEmptyObject(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

/** A node as `fieldpath/serialize.go` reads it: one without children is a member, with or without its `.`. */
function parseNode(value: unknown): { children: FieldSet | undefined; isSelf: boolean } {
  if (value === null) return { children: undefined, isSelf: true };
  if (!isObject(value)) throw new Error('expected a node of a set of fields');
  const children = new Map<PathElement, FieldSet>();
  for (const [text, child] of Object.entries(value)) {
    const element = text === '.' ? undefined : canonicalElement(text);
    if (element === undefined) continue;
    const parsed = parseNode(child);
    const node = parsed.isSelf ? asMember(parsed.children) : (parsed.children ?? emptySet);
    // Of an element that is spelled in two ways, the last counts, and membership stays.
    children.set(element, isMember(children.get(element)) ? asMember(node) : node);
  }
  const set = sortedNodeOf(false, [...children]);
  return { children: set, isSelf: set === undefined || Object.hasOwn(value, '.') };
}
