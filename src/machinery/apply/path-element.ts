import { goJson } from '../go-values.ts';
import { isObject } from '../json.ts';

/**
 * One step of a path into an object, as FieldsV1 spells it:
 *
 * - `f:name` a field, or a key of a map;
 * - `k:{"name":"x"}` the item of a list that has these keys;
 * - `v:"x"` the item of a set that is this value;
 * - `i:0` the item at this place.
 *
 * Spelled canonically (`canonicalElement`), two elements are the same when their texts are, so that a set of paths can be
 * the plain JSON that it is written as. The form is `fieldpath/serialize-pe.go` of structured-merge-diff.
 */
export type PathElement = string;

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

/** The item of a list with these keys, each as `keyText`, in the order of their names and with a comma between. */
export function keyElement(keys: string): PathElement {
  return `k:{${keys}}`;
}

/** One key of a list's item. */
export function keyText(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${goJson(value)}`;
}

/** The item of a list with one key, which is a text: most are such, and the same few names come again and again. */
export function onlyKeyElement(name: string, value: string): PathElement {
  let ofName = onlyKeys.get(name);
  if (!ofName) onlyKeys.set(name, (ofName = new Map()));
  let element = ofName.get(value);
  if (element === undefined) remember(ofName, value, (element = keyElement(keyText(name, value))));
  return element;
}

export function valueElement(value: unknown): PathElement {
  return `v:${goJson(value)}`;
}

/**
 * An element as others wrote it, spelled canonically; undefined for a kind that is not known, which is passed over.
 * Throws for what is no element.
 */
export function canonicalElement(text: string): PathElement | undefined {
  if (text.length < 2) throw new Error('key must be 2 characters long:');
  if (text[1] !== ':') throw new Error(`missing colon: ${text}`);
  switch (text[0]) {
    case 'f':
      return text;
    case 'k':
    case 'v':
      return respelled(text);
    case 'i':
      if (!/^[+-]?\d+$/.test(text.slice(2))) {
        throw new Error(`strconv.Atoi: parsing ${JSON.stringify(text.slice(2))}: invalid syntax`);
      }
      return `i:${Number(text.slice(2))}`;
    default:
      return undefined;
  }
}

/** The same few elements come again and again: in every object that has a container called so. */
const spelled = new Map<string, PathElement>();
/** By the name of the key and its value. */
const onlyKeys = new Map<string, Map<string, PathElement>>();
const parsed = new Map<PathElement, unknown>();
const entries = new Map<PathElement, readonly (readonly [name: string, value: unknown])[]>();
const maxKnown = 4096;

function respelled(text: string): PathElement {
  const known = spelled.get(text);
  if (known !== undefined) return known;
  const value: unknown = JSON.parse(text.slice(2));
  let element: PathElement;
  if (text.startsWith('v')) element = valueElement(value);
  else if (isObject(value)) element = keyElement(sortedKeys(value));
  else throw new Error(`expected a map of keys: ${text}`);
  remember(spelled, text, element);
  return element;
}

function sortedKeys(value: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(value).sort();
  return names.map((name) => keyText(name, value[name])).join(',');
}

function remember<V>(cache: Map<string, V>, key: string, value: V): void {
  if (cache.size >= maxKnown) cache.clear();
  cache.set(key, value);
}

/** What a `k:` or `v:` element tells. */
function contentOf(element: PathElement): unknown {
  let content = parsed.get(element);
  if (content === undefined) remember(parsed, element, (content = JSON.parse(element.slice(2)) as unknown));
  return content;
}

/** The keys of a `k:` element. */
export function keysOf(element: PathElement): Readonly<Record<string, unknown>> {
  const content = contentOf(element);
  return isObject(content) ? content : {};
}

function entriesOf(element: PathElement): readonly (readonly [name: string, value: unknown])[] {
  let known = entries.get(element);
  if (!known) remember(entries, element, (known = Object.entries(keysOf(element))));
  return known;
}

const kinds = 'fkvi';

/** The order of elements within a set: fields, keys, values, indexes, and each kind by what it holds. */
export function compareElements(a: PathElement, b: PathElement): number {
  if (a === b) return 0;
  const kind = a.charCodeAt(0);
  if (kind !== b.charCodeAt(0)) return kinds.indexOf(a.charAt(0)) - kinds.indexOf(b.charAt(0));
  switch (kind) {
    case 107: // k
      return compareKeys(a, b);
    case 118: // v
      return compareValues(contentOf(a), contentOf(b));
    case 105: // i
      return Number(a.slice(2)) - Number(b.slice(2));
    default:
      return a < b ? -1 : 1;
  }
}

function compareKeys(a: PathElement, b: PathElement): number {
  const [left, right] = [entriesOf(a), entriesOf(b)];
  for (let at = 0; at < left.length; at++) {
    const [one, other] = [left[at], right[at]];
    if (!one || !other) return 1;
    if (one[0] !== other[0]) return one[0] < other[0] ? -1 : 1;
    const order = compareValues(one[1], other[1]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const typeOrder = ['number', 'string', 'boolean', 'list', 'map', 'null'];

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' ? 'map' : typeof value;
}

/** A total order of JSON values (`value.Compare`). */
function compareValues(a: unknown, b: unknown): number {
  const type = typeOf(a);
  if (type !== typeOf(b)) return typeOrder.indexOf(type) - typeOrder.indexOf(typeOf(b));
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'boolean') return Number(a) - Number(b);
  const [left, right] = typeof a === 'string' ? [a, String(b)] : [goJson(a), goJson(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** An element as errors show it: `.spec`, `[name="x"]`, `[="x"]`, `[0]`. */
export function describeElement(element: PathElement): string {
  switch (element[0]) {
    case 'f':
      return `.${element.slice(2)}`;
    case 'k': {
      const keys = entriesOf(element).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
      return `[${keys.join(',')}]`;
    }
    case 'v':
      return `[=${JSON.stringify(contentOf(element))}]`;
    default:
      return `[${element.slice(2)}]`;
  }
}

/** A path as errors show it: `.spec.containers[name="x"].image`. */
export function describePath(path: readonly PathElement[]): string {
  return path.map(describeElement).join('');
}
