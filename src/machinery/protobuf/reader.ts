import { badRequest } from '../status.ts';

/** Reads protobuf from a stretch of bytes. Throws StatusError (BadRequest) where they end too soon or make no sense. */
export class Reader {
  /** The field that `next` came to. */
  number = 0;
  wireType = 0;
  readonly #bytes: Buffer;
  #at: number;
  #end: number;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#at = 0;
    this.#end = bytes.length;
  }

  /** Goes on to the next field; false where there is none. */
  next(): boolean {
    if (this.#at >= this.#end) return false;
    const tag = this.varint();
    this.number = Math.floor(tag / 8);
    this.wireType = tag % 8;
    return true;
  }

  /** A varint as a signed 64-bit number. */
  varint(): number {
    let value = 0;
    let factor = 1;
    for (let size = 0; size < 7; size += 1) {
      const byte = this.#byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
    return this.#bigVarint(value);
  }

  /** Goes on where seven bytes were not enough. */
  #bigVarint(low: number): number {
    let value = BigInt(low);
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
    throw badRequest('proto: integer overflow');
  }

  double(): number {
    const at = this.#take(8);
    return this.#bytes.readDoubleLE(at);
  }

  /** The content of a length-delimited field. */
  bytes(): Buffer {
    const size = this.varint();
    const at = this.#take(size);
    return this.#bytes.subarray(at, at + size);
  }

  text(): string {
    const size = this.varint();
    const at = this.#take(size);
    return this.#bytes.toString('utf8', at, at + size);
  }

  /** Confines the reader to the content of a length-delimited field. Returns what `close` needs to go on behind it. */
  open(): number {
    const size = this.varint();
    const start = this.#take(size);
    const outerEnd = this.#end;
    this.#depth += 1;
    if (this.#depth > 500) throw badRequest('proto: exceeded max depth');
    this.#at = start;
    this.#end = start + size;
    return outerEnd;
  }

  close(outerEnd: number): void {
    this.#depth -= 1;
    this.#at = this.#end;
    this.#end = outerEnd;
  }

  /** Passes over the field that `next` came to. */
  skip(): void {
    const { wireType } = this;
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.#take(8);
    else if (wireType === 2) this.#take(this.varint());
    else if (wireType === 5) this.#take(4);
    else throw badRequest(`proto: illegal wireType ${wireType}`);
  }

  #byte(): number {
    return this.#bytes[this.#take(1)] ?? 0;
  }

  #take(size: number): number {
    const at = this.#at;
    if (size < 0 || at + size > this.#end) throw badRequest('unexpected EOF');
    this.#at = at + size;
    return at;
  }
}
