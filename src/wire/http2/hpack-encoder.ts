import { staticTable } from './hpack-static-table.ts';

/**
 * A block of headers, as names and values in turn. It refers to the static table only: nothing is remembered from one block
 * to the next, so that blocks can be made ahead.
 */
export function encodeHeaders(headers: readonly string[]): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < headers.length; at += 2) parts.push(encodeHeader(headers[at] ?? '', headers[at + 1] ?? ''));
  return Buffer.concat(parts);
}

function encodeHeader(name: string, value: string): Buffer {
  const whole = staticTable.findIndex((entry) => entry[0] === name && entry[1] === value);
  if (whole >= 0) return integer(0x80, 7, whole + 1);
  const index = staticTable.findIndex((entry) => entry[0] === name) + 1;
  const head = index > 0 ? integer(0, 4, index) : Buffer.concat([Buffer.of(0), text(name)]);
  return Buffer.concat([head, text(value)]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  return Buffer.concat([integer(0, 7, bytes.length), bytes]);
}

function integer(flags: number, prefixBits: number, value: number): Buffer {
  const mask = 2 ** prefixBits - 1;
  if (value < mask) return Buffer.of(flags | value);
  const bytes = [flags | mask];
  let rest = value - mask;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
