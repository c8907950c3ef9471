import { constants, inflateRawSync } from 'node:zlib';
import { headerDictionary, headerDictionaryId } from './dictionary.ts';

/** Lower-case names. Several values of a name stand in one string with NUL between them. */
export type Headers = Record<string, string>;

/** Headers are a handful of short words; what inflates to more is an attack. */
const maxBlockLength = 64 * 1024;
const windowLength = 32 * 1024;
/** Method deflate with a 32 kB window, dictionary needed: FDICT, with the check bits that make it a multiple of 31. */
const zlibHeader = [0x78, 0xbb];
/** An empty stored block: what a sync flush ends with. Go's inflater hands over what it has when it sees one. */
const flushMark = Buffer.from([0, 0, 0, 0xff, 0xff]);

/**
 * Writes the header blocks of one direction. All blocks of a direction are one zlib stream; ours never compresses but
 * puts each block into stored pieces, which every inflater reads and which need no state here.
 */
export class HeaderEncoder {
  #started = false;

  encode(headers: Headers): Buffer {
    const block = nameValueBlock(headers);
    if (block.length > 0xffff) throw new RangeError('headers too long');
    const stored = Buffer.from([0, 0, 0, 0, 0]);
    stored.writeUInt16LE(block.length, 1);
    stored.writeUInt16LE(block.length ^ 0xffff, 3);
    return Buffer.concat([this.#start(), stored, block, flushMark]);
  }

  #start(): Buffer {
    if (this.#started) return Buffer.alloc(0);
    this.#started = true;
    const start = Buffer.from([...zlibHeader, 0, 0, 0, 0]);
    start.writeUInt32BE(headerDictionaryId, 2);
    return start;
  }
}

/**
 * Reads the header blocks of one direction. The sender flushes after each block, so a block begins and ends at a byte
 * and may be inflated by itself, with what came before as dictionary.
 */
export class HeaderDecoder {
  #history: Buffer = headerDictionary;
  #started = false;

  /** Throws an Error on what is no header block: the connection has lost its state then, and must close. */
  decode(bytes: Buffer): Headers {
    const deflated = this.#started ? bytes : bytes.subarray(startLength(bytes));
    this.#started = true;
    const block = inflateRawSync(deflated, {
      dictionary: this.#history,
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: maxBlockLength,
    });
    this.#history = Buffer.concat([this.#history, block]).subarray(-windowLength);
    return parseBlock(block);
  }
}

function startLength(bytes: Buffer): number {
  if (bytes.length < 6 || bytes.readUInt16BE(0) % 31 !== 0) throw new Error('not a zlib stream');
  return bytes.readUInt8(1) & 0x20 ? 6 : 2;
}

function nameValueBlock(headers: Headers): Buffer {
  const entries = Object.entries(headers);
  const parts = [lengthOf(entries.length)];
  for (const text of entries.flat()) {
    const bytes = Buffer.from(text);
    parts.push(lengthOf(bytes.length), bytes);
  }
  return Buffer.concat(parts);
}

function lengthOf(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Reading past the end throws a RangeError, as Buffer does. */
function parseBlock(block: Buffer): Headers {
  const headers: Headers = Object.create(null) as Headers; // names come from outside
  let at = 4;
  const text = (): string => {
    const length = block.readUInt32BE(at);
    if (at + 4 + length > block.length) throw new RangeError('a header reaches past its block');
    at += 4 + length;
    return block.toString('utf8', at - length, at);
  };
  for (let left = block.readUInt32BE(0); left > 0; left--) {
    const name = text().toLowerCase();
    headers[name] = text();
  }
  return headers;
}
