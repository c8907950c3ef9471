/**
 * In memory a key is a string with one character a byte: JavaScript compares such strings as etcd compares bytes, and
 * a map finds them.
 */
export type KeyString = string;

export function toKeyString(key: Uint8Array): KeyString {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}

export function toKeyBytes(key: KeyString): Buffer {
  return Buffer.from(key, 'latin1');
}

/** The interval [start, end) of keys; `end` undefined means without end. */
export interface KeyRange {
  readonly start: KeyString;
  readonly end: KeyString | undefined;
  /** Exactly the one key `start`. */
  readonly single: boolean;
}

/** The keys that `key` and `rangeEnd` of a request mean: one, from a key on (`\0`), or a half-open interval. */
export function keyRange(key: Uint8Array, rangeEnd?: Uint8Array): KeyRange {
  const start = toKeyString(key);
  if (rangeEnd === undefined || rangeEnd.length === 0) return { start, end: `${start}\0`, single: true };
  if (rangeEnd.length === 1 && rangeEnd[0] === 0) return { start, end: undefined, single: false };
  return { start, end: toKeyString(rangeEnd), single: false };
}

export function inRange(range: KeyRange, key: KeyString): boolean {
  return range.single ? key === range.start : key >= range.start && (range.end === undefined || key < range.end);
}
