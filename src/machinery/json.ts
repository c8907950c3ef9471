import { keyPathsOf, scanJson } from './scan-json.ts';
import { badRequest, tooLarge } from './status.ts';

export interface ParseJsonOptions {
  /** More than that is refused (413). No limit by default. */
  readonly maxBytes?: number;
  /** Deeper nesting is refused; 1,000 by default, so that no later walk can run out of stack. */
  readonly maxDepth?: number;
}

const defaultMaxDepth = 1000;

export interface ParsedJson {
  value: unknown;
  /** `spec.containers[0].name`, once for each field that stands more than once in an object; the last one won. */
  duplicateFields: string[];
  /** The paths of all keys in the order of the text, read once more: for who tells of several. */
  keyPaths: () => string[];
}

/**
 * Reads strict JSON. A key `__proto__` becomes a plain own property. Throws StatusError (BadRequest) in the words of
 * Go's encoding/json, RequestEntityTooLarge past `maxBytes`.
 */
export function parseJson(input: string | Uint8Array, options: ParseJsonOptions = {}): ParsedJson {
  const { maxBytes = Infinity, maxDepth = defaultMaxDepth } = options;
  if (input.length > maxBytes) throw tooLarge(`limit is ${maxBytes}`);
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  const text = typeof input === 'string' ? input : Buffer.from(input.buffer, input.byteOffset, input.length).toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // V8 is fast, but its words are not Go's: the slow scan says what is wrong.
    throw badRequest(scanJson(text).problem ?? String(error));
  }
  const members = countMembers(value, maxDepth);
  const duplicateFields = members === countKeys(bytes) ? [] : scanJson(text).duplicates;
  return { value, duplicateFields, keyPaths: () => keyPathsOf(text) };
}

/** How many members all objects have together. Throws StatusError (BadRequest) where they nest deeper. */
export function countMembers(value: unknown, depth = defaultMaxDepth): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth <= 0) throw badRequest('exceeded max depth');
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countMembers(item, depth - 1);
    return count;
  }
  const members = value as Record<string, unknown>; // JSON has no other objects
  for (const key in members) count += 1 + countMembers(members[key], depth - 1);
  return count;
}

const quote = 34;
const backslash = 92;
const colon = 58;
const space = 32;

/** How many keys valid JSON spells out: strings with a colon behind them. When objects have fewer members, some came twice. */
function countKeys(json: Uint8Array): number {
  const end = json.length;
  let count = 0;
  for (let at = 0; at < end; at++) {
    if (json[at] !== quote) continue;
    for (at += 1; at < end && json[at] !== quote; at++) if (json[at] === backslash) at += 1;
    at += 1;
    while ((json[at] ?? colon) <= space) at += 1;
    if (json[at] === colon) count += 1;
  }
  return count;
}

/** Sets an own property, `__proto__` too. */
export function setKey(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Whether a JSON value is an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether two JSON values are equal, whatever the order of their keys. */
export function isEqualJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && areEqualLists(a, b);
  if (!isObject(a) || !isObject(b)) return false;
  let members = 0;
  for (const key in a) {
    const other = b[key];
    // What `b` has not itself is undefined or, by a name of Object's own, nothing that JSON has.
    if ((other === undefined || key === '__proto__') && !Object.hasOwn(b, key)) return false;
    if (!isEqualJson(a[key], other)) return false;
    members += 1;
  }
  return members === Object.keys(b).length;
}

function areEqualLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (!isEqualJson(a[at], b[at])) return false;
  return true;
}

/** A deep copy of a JSON value; `structuredClone` takes many times as long, since it asks what else there might be. */
export function copyJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyJson) as T; // of the same items
  const members = value as Record<string, unknown>; // JSON has no other objects
  const copy: Record<string, unknown> = {};
  for (const key in members) {
    const member = members[key];
    setKey(copy, key, typeof member === 'object' ? copyJson(member) : member);
  }
  return copy as T; // of the same members
}
