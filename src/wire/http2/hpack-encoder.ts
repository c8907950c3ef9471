import { staticTable } from './hpack-static-table.ts';

/** Where names, and whole headers, stand in the static table; counted from 1. */
const nameIndex = new Map<string, number>();
const wholeIndex = new Map<string, number>();
for (const [at, [name, value]] of staticTable.entries()) {
  if (!nameIndex.has(name)) nameIndex.set(name, at + 1);
  wholeIndex.set(`${name}\n${value}`, at + 1);
}

/** Beginnings of headers by the name as it was given; those of answers are few, and those that are passed on are not kept. */
const heads = new Map<string, Buffer>();
const maxHeads = 200;

/**
 * A block of headers, as names and values in turn; names are sent in small letters. It refers to the static table only:
 * nothing is remembered from one block to the next, so that blocks can be made ahead.
 */
export function encodeHeaders(headers: readonly string[]): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < headers.length; at += 2) addHeader(parts, headers[at] ?? '', headers[at + 1] ?? '');
  return Buffer.concat(parts);
}

function addHeader(parts: Buffer[], name: string, value: string): void {
  const whole = wholeIndex.get(`${name}\n${value}`);
  if (whole !== undefined) return void parts.push(integer(0x80, 7, whole));
  const bytes = Buffer.from(value, 'latin1');
  parts.push(headOf(name), integer(0, 7, bytes.length), bytes);
}

function headOf(name: string): Buffer {
  const known = heads.get(name);
  if (known) return known;
  const small = name.toLowerCase();
  const index = nameIndex.get(small) ?? 0;
  const text = Buffer.from(small, 'latin1');
  const head = index > 0 ? integer(0, 4, index) : Buffer.concat([Buffer.of(0), integer(0, 7, text.length), text]);
  if (heads.size < maxHeads) heads.set(name, head);
  return head;
}

function integer(flags: number, prefixBits: number, value: number): Buffer {
  const mask = 2 ** prefixBits - 1;
  if (value < mask) return Buffer.of(flags | value);
  const bytes = [flags | mask];
  let rest = value - mask;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
