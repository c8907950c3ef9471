import { maxHeaderBytes } from '../max-header-bytes.ts';
import { decodeHuffman } from './huffman.ts';
import { Http2Error } from './errors.ts';
import { staticTable } from './hpack-static-table.ts';

/** The headers of a request by name. Those of one name are one, with commas between, where that says the same (RFC 9110, 5.3). */
export type Headers = ReadonlyMap<string, string>;

/** What a header takes in the table beside its bytes (RFC 7541, 4.1). */
const entryBytes = 32;
/** The table that we offer, which is what every connection begins with. */
const tableBytes = 4096;
/** What the headers of a request may be together, once decoded: also ten of them with what each takes beside its bytes. */
export const maxHeaderListBytes = maxHeaderBytes + 10 * entryBytes;

interface Entry {
  name: string;
  value: string;
  bytes: number;
}

/** Decodes the header blocks of a connection, in their order: each may refer to headers of those before (RFC 7541). */
export class HpackDecoder {
  /** What the client has added, newest first. */
  readonly #table: Entry[] = [];
  #tableBytes = 0;
  #limit = tableBytes;
  #block: Buffer = Buffer.alloc(0);
  #at = 0;

  /** The headers of a block. Throws `Http2Error` on what is none; the connection is of no use then. */
  decode(block: Buffer): Headers {
    this.#block = block;
    this.#at = 0;
    const headers = new Map<string, string>();
    let bytes = 0;
    while (this.#at < block.length) {
      const entry = this.#next();
      if (!entry) continue;
      bytes += entry.bytes;
      if (bytes > maxHeaderListBytes) throw new Http2Error('ENHANCE_YOUR_CALM', 'the headers are too large');
      add(headers, entry);
    }
    return headers;
  }

  /** The next header; undefined when what comes next only changes the size of the table. */
  #next(): Entry | undefined {
    const first = this.#block[this.#at] ?? 0;
    if (first & 0x80) return this.#entry(this.#integer(7));
    if (first & 0x40) {
      const entry = this.#literal(6);
      this.#add(entry);
      return entry;
    }
    if ((first & 0xe0) !== 0x20) return this.#literal(4);
    const limit = this.#integer(5);
    if (limit > tableBytes) throw broken('the table may not be so large');
    this.#limit = limit;
    this.#evict();
    return undefined;
  }

  #literal(prefixBits: number): Entry {
    const index = this.#integer(prefixBits);
    const name = index === 0 ? this.#string() : this.#entry(index).name;
    const value = this.#string();
    if ((index === 0 && !validName.test(name)) || invalidInValue.test(value))
      throw new Http2Error('PROTOCOL_ERROR', `${JSON.stringify(name)} is no header`);
    return { name, value, bytes: name.length + value.length + entryBytes };
  }

  #entry(index: number): Entry {
    const known = staticTable[index - 1];
    if (known) return { name: known[0], value: known[1], bytes: known[0].length + known[1].length + entryBytes };
    const entry = this.#table[index - 1 - staticTable.length];
    if (!entry) throw broken('a header refers to none');
    return entry;
  }

  /** An integer in the last bits of a byte and, when those are all ones, in the bytes that follow. */
  #integer(prefixBits: number): number {
    const mask = 2 ** prefixBits - 1;
    let value = this.#byte() & mask;
    if (value < mask) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw broken('a number is too large');
  }

  #string(): string {
    const isHuffman = ((this.#block[this.#at] ?? 0) & 0x80) !== 0;
    const length = this.#integer(7);
    const bytes = this.#block.subarray(this.#at, this.#at + length);
    if (bytes.length < length) throw broken('a string reaches past its block');
    this.#at += length;
    const text = isHuffman ? decodeHuffman(bytes) : bytes.toString('latin1');
    if (text === undefined) throw broken('a string is no Huffman code');
    return text;
  }

  #byte(): number {
    const byte = this.#block[this.#at++];
    if (byte === undefined) throw broken('a block ends in the middle');
    return byte;
  }

  #add(entry: Entry): void {
    this.#table.unshift(entry);
    this.#tableBytes += entry.bytes;
    this.#evict();
  }

  #evict(): void {
    while (this.#tableBytes > this.#limit) this.#tableBytes -= this.#table.pop()?.bytes ?? 0;
  }
}

/** Names are in small letters (RFC 9113, 8.2.1); what ends a line must not stand in a value, where others would read it as one. */
const validName = /^:?[!#$%&'*+\-.^_`|~0-9a-z]+$/;
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const invalidInValue = /[\0\r\n]/;

/** Of these there is only one; a second says nothing (as Node's HTTP has it). */
const single: ReadonlySet<string> = new Set(
  `age authorization content-encoding content-language content-length content-location content-range content-type
   date etag expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified
   max-forwards proxy-authorization range referer user-agent`.split(/\s+/),
);

function add(headers: Map<string, string>, { name, value }: Entry): void {
  const known = headers.get(name);
  if (known === undefined) headers.set(name, value);
  else if (name.startsWith(':')) throw new Http2Error('PROTOCOL_ERROR', `${name} was sent twice`);
  else if (!single.has(name)) headers.set(name, `${known}${name === 'cookie' ? '; ' : ', '}${value}`);
}

function broken(reason: string): Http2Error {
  return new Http2Error('COMPRESSION_ERROR', reason);
}
