import { frameHeaderBytes, frameType } from './frames.ts';

/** A frame's header. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly length: number;
}

/** Cuts a stream of bytes into frames. The payload of DATA is passed on as it comes, uncopied; that of others whole. */
export class FrameReader {
  readonly #onData: (frame: Frame, part: Buffer, isLast: boolean) => void;
  readonly #onFrame: (frame: Frame, payload: Buffer) => void;
  /** Bytes of a header, or of a payload that is wanted whole. */
  #kept: Buffer = Buffer.alloc(0);
  #frame: Frame | undefined;
  /** Of a DATA frame, what has not come yet. */
  #missing = 0;

  constructor(options: {
    onData: (frame: Frame, part: Buffer, isLast: boolean) => void;
    onFrame: (frame: Frame, payload: Buffer) => void;
  }) {
    this.#onData = options.onData;
    this.#onFrame = options.onFrame;
  }

  /** Reads what came; nothing of it is kept without a copy. */
  read(chunk: Buffer): void {
    let bytes = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    for (let rest: Buffer | undefined = bytes; rest;) {
      bytes = rest;
      rest = this.#frame ? this.#payload(this.#frame, bytes) : this.#header(bytes);
    }
    this.#kept = Buffer.from(bytes);
  }

  /** The bytes behind a frame's header, undefined when it has not come whole. */
  #header(bytes: Buffer): Buffer | undefined {
    if (bytes.length < frameHeaderBytes) return undefined;
    this.#frame = {
      length: bytes.readUIntBE(0, 3),
      type: bytes.readUInt8(3),
      flags: bytes.readUInt8(4),
      stream: bytes.readUInt32BE(5),
    };
    this.#missing = this.#frame.length;
    return bytes.subarray(frameHeaderBytes);
  }

  /** The bytes behind what could be read of a payload, undefined when nothing could. */
  #payload(frame: Frame, bytes: Buffer): Buffer | undefined {
    if (frame.type !== frameType.data) {
      if (bytes.length < frame.length) return undefined;
      this.#frame = undefined;
      this.#onFrame(frame, bytes.subarray(0, frame.length));
      return bytes.subarray(frame.length);
    }
    if (bytes.length === 0 && this.#missing > 0) return undefined;
    const part = bytes.subarray(0, this.#missing);
    this.#missing -= part.length;
    if (this.#missing === 0) this.#frame = undefined;
    this.#onData(frame, part, this.#missing === 0);
    return bytes.subarray(part.length);
  }
}
