/**
 * Writes protobuf from the end to the start, as gogo-proto does: a nested message is written first and its length, then
 * known, before it. One writer serves all messages, since encoding never waits.
 */
export class Writer {
  #buffer: Buffer;
  /** Everything from here to the end of the buffer is written. */
  #at: number;

  /** `size` bytes to begin with; the buffer grows as it must. */
  constructor(size: number) {
    this.#buffer = Buffer.allocUnsafe(size);
    this.#at = size;
  }

  /** How many bytes are written; the mark of a nested message's end. */
  get written(): number {
    return this.#buffer.length - this.#at;
  }

  /** Hands out a copy of what was written, and starts over. */
  take(): Uint8Array {
    const bytes = Uint8Array.prototype.slice.call(this.#buffer, this.#at);
    this.reset();
    return bytes;
  }

  reset(): void {
    this.#at = this.#buffer.length;
  }

  /** The tag of field `number`; wire type 0 is varint, 1 is fixed64, 2 is length-delimited. */
  tag(number: number, wireType: 0 | 1 | 2): void {
    this.unsigned(number * 8 + wireType);
  }

  /** Closes the length-delimited field `number` whose content was written since `mark`. */
  close(number: number, mark: number): void {
    this.unsigned(this.written - mark);
    this.tag(number, 2);
  }

  /** A string as field `number`. */
  field(number: number, value: string): void {
    const mark = this.written;
    this.text(value);
    this.close(number, mark);
  }

  /** A varint of a safe integer; negative ones take ten bytes, as int32 and int64 do. */
  varint(value: number): void {
    if (value >= 0) this.unsigned(value);
    else this.#big(BigInt.asUintN(64, BigInt(value)));
  }

  /** A varint of a whole number that is not negative. */
  unsigned(value: number): void {
    let size = 1;
    for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
    let at = this.#reserve(size);
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#buffer[at++] = (rest % 128) | 128;
    this.#buffer[at] = rest;
  }

  #big(value: bigint): void {
    const bytes: number[] = [];
    let rest = value;
    for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
    bytes.push(Number(rest));
    this.bytes(Uint8Array.from(bytes));
  }

  double(value: number): void {
    const at = this.#reserve(8);
    this.#buffer.writeDoubleLE(value, at);
  }

  text(value: string): void {
    const size = Buffer.byteLength(value);
    const at = this.#reserve(size);
    this.#buffer.write(value, at, size);
  }

  bytes(value: Uint8Array): void {
    const at = this.#reserve(value.length);
    this.#buffer.set(value, at);
  }

  base64(value: string): void {
    this.bytes(Buffer.from(value, 'base64'));
  }

  /** Makes room for `size` bytes before what is written, and returns where they go: in what is the buffer from then on. */
  #reserve(size: number): number {
    if (this.#at < size) {
      const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.written + size));
      this.#buffer.copy(grown, grown.length - this.written, this.#at);
      this.#at = grown.length - this.written;
      this.#buffer = grown;
    }
    this.#at -= size;
    return this.#at;
  }
}
