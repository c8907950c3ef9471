import { Http2Error } from './errors.ts';

/** The kinds of frames (RFC 9113, 6). */
export const frameTypes = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const;

export const flags = { END_STREAM: 1, ACK: 1, END_HEADERS: 4, PADDED: 8, PRIORITY: 0x20 } as const;

export const settings = {
  MAX_CONCURRENT_STREAMS: 3,
  INITIAL_WINDOW_SIZE: 4,
  MAX_FRAME_SIZE: 5,
  MAX_HEADER_LIST_SIZE: 6,
} as const;

/** With which a client begins. */
export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export const headBytes = 9;
/** What a frame may hold until a side has agreed to more; we never do. */
export const maxFrameBytes = 16_384;

export interface Frame {
  type: number;
  flags: number;
  streamId: number;
  payload: Buffer;
}

/** Writes the head of a frame; returns the place behind it. */
export function writeHead(
  target: Buffer,
  at: number,
  { length, type, flags: set, streamId }: { length: number; type: number; flags: number; streamId: number },
): number {
  target.writeUIntBE(length, at, 3);
  target[at + 3] = type;
  target[at + 4] = set;
  return target.writeUInt32BE(streamId, at + 5);
}

/** A whole frame. */
export function frameOf(type: number, set: number, streamId: number, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(headBytes + payload.length);
  frame.set(payload, writeHead(frame, 0, { length: payload.length, type, flags: set, streamId }));
  return frame;
}

/** The frame that lets the other side send more: on a stream, or (0) on all together. */
export function windowUpdateOf(streamId: number, bytes: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(bytes);
  return frameOf(frameTypes.WINDOW_UPDATE, 0, streamId, payload);
}

/** The head of a frame whose payload follows by itself. */
export function headOf(type: number, set: number, streamId: number, length: number): Buffer {
  const head = Buffer.allocUnsafe(headBytes);
  writeHead(head, 0, { length, type, flags: set, streamId });
  return head;
}

/** What a frame holds without its padding, and without what else stands before it. */
export function contentOf({ payload, flags: set }: Frame, skipped: number): Buffer {
  const padded = (set & flags.PADDED) !== 0;
  const start = skipped + (padded ? 1 : 0);
  const end = payload.length - (padded ? (payload[0] ?? 0) : 0);
  if (start > end) throw new Http2Error('PROTOCOL_ERROR', 'more padding than frame');
  return start === 0 && end === payload.length ? payload : payload.subarray(start, end);
}

/** Cuts what arrives into frames. */
export class FrameSplitter {
  #rest: Buffer | undefined;
  #begun = false;

  /** Hands on the frames that are whole with these bytes. Throws `Http2Error` on what is not HTTP/2. */
  push(bytes: Buffer, take: (frame: Frame) => void): void {
    let chunk = this.#rest ? Buffer.concat([this.#rest, bytes]) : bytes;
    if (!this.#begun) {
      const said = chunk.subarray(0, preface.length);
      if (!preface.subarray(0, said.length).equals(said)) throw new Http2Error('PROTOCOL_ERROR', 'this is not HTTP/2');
      this.#begun = said.length === preface.length;
      if (this.#begun) chunk = chunk.subarray(preface.length);
    }
    while (this.#begun && chunk.length >= headBytes) {
      const length = chunk.readUIntBE(0, 3);
      if (length > maxFrameBytes) throw new Http2Error('FRAME_SIZE_ERROR', `a frame of ${length} bytes`);
      const end = headBytes + length;
      if (chunk.length < end) break;
      const streamId = chunk.readUInt32BE(5) & 0x7fff_ffff;
      take({ type: chunk[3] ?? 0, flags: chunk[4] ?? 0, streamId, payload: chunk.subarray(headBytes, end) });
      chunk = chunk.subarray(end);
    }
    this.#rest = chunk.length > 0 ? chunk : undefined;
  }
}
