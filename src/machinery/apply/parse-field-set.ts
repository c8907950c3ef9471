import { isObject } from '../json.ts';
import { asMember, emptySet, isMember, nodeOf, startNode, type FieldSet } from './field-set.ts';
import { canonicalElement, type PathElement } from './path-element.ts';

/** Sets that were made here: those of stored objects are seen at every write. */
const known = new WeakSet<object>();

/** Reads `fieldsV1` as anybody may have written it. Throws for what is no set. */
export function parseFieldSet(value: unknown): FieldSet {
  if (!isObject(value)) throw new Error('expected a set of fields');
  if (known.has(value)) return value as FieldSet; // made here
  const seen = Object.hasOwn(value, '.') ? undefined : seenNode(value);
  return trustFieldSet(seen ?? parseNode(value).children ?? emptySet);
}

/** Tells that a set was made here. */
export function trustFieldSet(set: FieldSet): FieldSet {
  known.add(set);
  return set;
}

/** A node that is made of what was seen before, as most are; undefined for any other. */
function seenNode(value: unknown): FieldSet | undefined {
  if (!isObject(value)) return undefined;
  let step: ReturnType<typeof startNode> | undefined = startNode(Object.hasOwn(value, '.'));
  for (const element in value) {
    const child = seenNode(value[element]);
    if (element !== '.') step = child && step.known(element, child);
    if (!child || !step) return undefined;
  }
  return step.node;
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
  const set = nodeOf(false, [...children]);
  return { children: set, isSelf: set === undefined || Object.hasOwn(value, '.') };
}
