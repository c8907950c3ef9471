import { isObject } from '../json.ts';
import { asMember, emptySet, isMember, sortedNodeOf, type FieldSet } from './field-set.ts';
import { canonicalElement, compareElements, type PathElement } from './path-element.ts';

/** What was found canonical before: the sets of stored objects are seen at every write. */
const known = new WeakMap<object, FieldSet>();

/** Reads `fieldsV1` as anybody may have written it. The same object comes back where it is canonical. Throws for what is no set. */
export function parseFieldSet(value: unknown): FieldSet {
  if (!isObject(value)) throw new Error('expected a set of fields');
  const found = known.get(value);
  if (found) return found;
  const set = isCanonical(value) ? value : (parseNode(value).children ?? emptySet);
  known.set(value, set);
  known.set(set, set);
  return set;
}

/** Tells that a set was made here. */
export function trustFieldSet(set: FieldSet): FieldSet {
  known.set(set, set);
  return set;
}

function isCanonical(value: unknown, isRoot = true): value is FieldSet {
  if (!isObject(value)) return false;
  let before: PathElement | undefined;
  const elements = Object.keys(value);
  for (const element of elements) {
    if (element === '.') {
      if (isRoot || before !== undefined || elements.length === 1 || !isEmptyObject(value[element])) return false;
      continue;
    }
    if (canonicalElement(element) !== element) return false;
    if (before !== undefined && compareElements(before, element) >= 0) return false;
    if (!isCanonical(value[element], false)) return false;
    before = element;
  }
  return true;
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
