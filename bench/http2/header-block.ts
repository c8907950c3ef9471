/**
 * Header blocks (HPACK, RFC 7541) as a client can have them that keeps no dynamic table: fields go out by name and value,
 * neither indexed nor compressed, and of an answer only the status is read, which stands first.
 */

/** Names with an index in the static table (RFC 7541, appendix A). */
const nameIndex: Readonly<Record<string, number>> = { ':authority': 1, ':method': 2, ':path': 4, ':scheme': 6 };

/** One field, "without indexing". */
export function headerField(name: string, value: string): Buffer {
  const index = nameIndex[name];
  const start = index === undefined ? [Buffer.of(0), text(name)] : [Buffer.of(index)];
  return Buffer.concat([...start, text(value)]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  return Buffer.concat([integer(bytes.length, 7), bytes]);
}

/** An integer whose first byte has `bits` bits for it, the others being zero (section 5.1). */
function integer(value: number, bits: number): Buffer {
  const most = 2 ** bits - 1;
  if (value < most) return Buffer.of(value);
  const bytes = [most];
  let rest = value - most;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

const indexedStatuses = [200, 204, 206, 304, 400, 404, 500];
const firstIndexedStatus = 8;

/** The status of an answer's header block. Throws when it does not stand first. */
export function statusOf(block: Buffer): number {
  let at = 0;
  // The server may say first that it keeps no table either.
  while (((block[at] ?? 0) & 0xe0) === 0x20) at += 1;
  const first = block[at] ?? 0;
  if (first >= 0x80) {
    const status = indexedStatuses[(first & 0x7f) - firstIndexedStatus];
    if (status !== undefined) return status;
  }
  const index = first & (first >= 0x40 ? 0x3f : 0x0f);
  if (index < firstIndexedStatus || index >= firstIndexedStatus + indexedStatuses.length) {
    throw new Error('an answer does not begin with its status');
  }
  const length = block[at + 1] ?? 0;
  const value = block.subarray(at + 2, at + 2 + (length & 0x7f));
  return Number(length & 0x80 ? digitsOf(value) : value.toString('latin1'));
}

/** Digits in Huffman's code (appendix B): five bits for 0, 1 and 2, six for the others. */
function digitsOf(bytes: Buffer): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const codes = /^(?:(00000|00001|00010)|(011001|011010|011011|011100|011101|011110|011111))/;
  let digits = '';
  for (let rest = bits; ;) {
    const [code] = codes.exec(rest) ?? [];
    if (code === undefined) return digits;
    digits += code.length === 5 ? parseInt(code, 2) : parseInt(code, 2) - 0b011001 + 3;
    rest = rest.slice(code.length);
  }
}
