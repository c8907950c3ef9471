import { staticTable } from './hpack-static-table.ts';

/** Where names, and whole headers, stand in the static table; counted from 1. */
const nameIndex = new Map<string, number>();
const wholeIndex = new Map<string, Map<string, number>>();
for (const [at, [name, value]] of staticTable.entries()) {
  if (!nameIndex.has(name)) nameIndex.set(name, at + 1);
  const values = wholeIndex.get(name) ?? new Map<string, number>();
  wholeIndex.set(name, values.set(value, at + 1));
}

/** What is sent of a name: what stands before a value, and for what values the whole header stands in the table. */
interface Name {
  head: string;
  wholes: ReadonlyMap<string, number> | undefined;
}

/** By the name as it was given; those of answers are few, and those that are passed on are not kept. */
const names = new Map<string, Name>();
const maxNames = 200;

/**
 * A block of headers, as names and values in turn; names are sent in small letters. It refers to the static table only:
 * nothing is remembered from one block to the next, so that blocks can be made ahead. Its bytes are gathered as the
 * characters of a string, of which V8 is faster to make one than many small buffers.
 */
export function encodeHeaders(headers: readonly string[]): Buffer {
  let block = '';
  for (let at = 0; at < headers.length; at += 2) block += headerOf(headers[at] ?? '', headers[at + 1] ?? '');
  return Buffer.from(block, 'latin1');
}

function headerOf(name: string, value: string): string {
  const { head, wholes } = nameOf(name);
  const whole = wholes?.get(value);
  return whole === undefined ? head + integer(0, 7, value.length) + value : integer(0x80, 7, whole);
}

function nameOf(given: string): Name {
  const known = names.get(given);
  if (known) return known;
  const small = given.toLowerCase();
  const index = nameIndex.get(small) ?? 0;
  const head = index > 0 ? integer(0, 4, index) : `\0${integer(0, 7, small.length)}${small}`;
  const name = { head, wholes: wholeIndex.get(small) };
  if (names.size < maxNames) names.set(given, name);
  return name;
}

function integer(flags: number, prefixBits: number, value: number): string {
  const mask = 2 ** prefixBits - 1;
  if (value < mask) return String.fromCharCode(flags | value);
  let bytes = String.fromCharCode(flags | mask);
  let rest = value - mask;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes += String.fromCharCode((rest % 128) | 0x80);
  return bytes + String.fromCharCode(rest);
}
