/** SPDY/3.1 frames: draft-mbelshe-httpbis-spdy-00, section 2. Numbers are big-endian. */

export const frameTypes = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;

export const resetCodes = { protocolError: 1, invalidStream: 2, refusedStream: 3, cancel: 5 } as const;

export const flagFin = 1;
const version = 3;
const maxDataLength = 0xffffff;
/** Control frames carry headers at most; a longer one is garbage. */
const maxControlLength = 64 * 1024;

export interface ControlFrame {
  readonly type: number;
  readonly flags: number;
  readonly payload: Buffer;
}

export interface FrameHandler {
  control(frame: ControlFrame): void;
  /** A piece of a data frame, as it came; `fin` with the last piece of the last frame. */
  data(stream: number, data: Buffer, fin: boolean): void;
}

/** Takes a byte stream apart, whatever the pieces it comes in. Data is handed on at once and never gathered. */
export class FrameParser {
  readonly #handler: FrameHandler;
  #pending: Buffer = Buffer.alloc(0);
  /** Of the data frame that is being read. */
  #stream = 0;
  #left = 0;
  #fin = false;

  constructor(handler: FrameHandler) {
    this.#handler = handler;
  }

  /** Throws an Error on what is not SPDY. */
  push(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    while (this.#step());
  }

  #step(): boolean {
    if (this.#left > 0) return this.#takeData();
    if (this.#pending.length < 8) return false;
    const first = this.#pending.readUInt32BE(0);
    const flags = this.#pending.readUInt8(4);
    const length = this.#pending.readUIntBE(5, 3);
    return first >= 0x80000000 ? this.#takeControl(first, flags, length) : this.#startData(first, flags, length);
  }

  #takeControl(first: number, flags: number, length: number): boolean {
    if (((first >>> 16) & 0x7fff) !== version) throw new Error('not a SPDY/3 frame');
    if (length > maxControlLength) throw new Error('control frame too long');
    if (this.#pending.length < 8 + length) return false;
    const payload = this.#pending.subarray(8, 8 + length);
    this.#pending = this.#pending.subarray(8 + length);
    this.#handler.control({ type: first & 0xffff, flags, payload });
    return true;
  }

  #startData(stream: number, flags: number, length: number): boolean {
    this.#pending = this.#pending.subarray(8);
    this.#stream = stream;
    this.#fin = (flags & flagFin) !== 0;
    this.#left = length;
    if (length === 0) this.#handler.data(stream, Buffer.alloc(0), this.#fin);
    return true;
  }

  #takeData(): boolean {
    if (this.#pending.length === 0) return false;
    const data = this.#pending.subarray(0, this.#left);
    this.#pending = this.#pending.subarray(data.length);
    this.#left -= data.length;
    this.#handler.data(this.#stream, data, this.#fin && this.#left === 0);
    return true;
  }
}

export function dataFrameHeader(stream: number, length: number, fin: boolean): Buffer {
  if (length > maxDataLength) throw new RangeError('data frame too long');
  const header = Buffer.alloc(8);
  header.writeUInt32BE(stream, 0);
  header.writeUInt8(fin ? flagFin : 0, 4);
  header.writeUIntBE(length, 5, 3);
  return header;
}

/** A control frame of numbers, followed by `tail`. */
export function controlFrame(type: number, numbers: readonly number[], tail?: Buffer, flags = 0): Buffer {
  const frame = Buffer.alloc(8 + numbers.length * 4);
  frame.writeUInt16BE(0x8000 | version, 0);
  frame.writeUInt16BE(type, 2);
  frame.writeUInt8(flags, 4);
  frame.writeUIntBE(numbers.length * 4 + (tail?.length ?? 0), 5, 3);
  numbers.forEach((number, index) => frame.writeUInt32BE(number >>> 0, 8 + index * 4));
  return tail ? Buffer.concat([frame, tail]) : frame;
}

/** Opens a stream; priority and slot, two bytes, are 0. */
export function synStreamFrame(stream: number, headers: Buffer, fin = false): Buffer {
  return controlFrame(frameTypes.synStream, [stream, 0], Buffer.concat([Buffer.alloc(2), headers]), fin ? flagFin : 0);
}
