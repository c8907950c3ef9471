import { decode } from '../protobuf/decode.ts';
import { encode } from '../protobuf/encode.ts';
import type { Message } from '../protobuf/types.ts';
import { RpcError } from './rpc-error.ts';

/** A byte that says whether the message is compressed, and its length (gRPC over HTTP/2, "Length-Prefixed-Message"). */
const prefixBytes = 5;

/** A message as it goes over the wire; we never compress. */
export function frameOf<T>(message: Message<T>, value: T): Buffer {
  const bytes = encode(message, value);
  const frame = Buffer.allocUnsafe(prefixBytes + bytes.length);
  frame[0] = 0;
  frame.writeUInt32BE(bytes.length, 1);
  frame.set(bytes, prefixBytes);
  return frame;
}

/** Messages that are encoded already, for who tells many the same: they share the bytes of what is the same. */
export class EncodedMessages {
  readonly chunks: Buffer[] = [];
  bytes = 0;

  /** Adds a message in parts, which protobuf lets follow one another: its own, which are copied, and those that are shared. */
  add(own: readonly Uint8Array[], shared: readonly Buffer[] = []): void {
    const ownBytes = own.reduce((sum, { length }) => sum + length, 0);
    const sharedBytes = shared.reduce((sum, { length }) => sum + length, 0);
    const head = Buffer.allocUnsafe(prefixBytes + ownBytes);
    head[0] = 0;
    let at = head.writeUInt32BE(ownBytes + sharedBytes, 1);
    for (const part of own) {
      head.set(part, at);
      at += part.length;
    }
    this.chunks.push(head, ...shared);
    this.bytes += head.length + sharedBytes;
  }
}

/** The object in the payload of a frame. Throws `Internal` when it is not one, as grpc-go does. */
export function parseFrame<T>(message: Message<T>, payload: Uint8Array): T {
  try {
    return decode(message, payload);
  } catch (error) {
    throw new RpcError('Internal', `grpc: error unmarshalling request: ${String(error)}`, { cause: error });
  }
}

/** Cuts a stream of bytes into the payloads of its frames. */
export class FrameReader {
  readonly #maxLength: number;
  #rest: Buffer | undefined;
  /** Chunks of a payload under way, put together once it is whole. */
  #chunks: Buffer[] = [];
  #missing = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** Takes the bytes that arrived; returns what they complete. Throws `ResourceExhausted` or `Unimplemented`. */
  push(bytes: Buffer): Buffer[] {
    const payloads: Buffer[] = [];
    let chunk = this.#rest ? Buffer.concat([this.#rest, bytes]) : bytes;
    this.#rest = undefined;
    for (;;) {
      if (this.#missing > 0) {
        const part = chunk.subarray(0, this.#missing);
        this.#chunks.push(part);
        this.#missing -= part.length;
        if (this.#missing > 0) return payloads;
        payloads.push(Buffer.concat(this.#chunks));
        this.#chunks = [];
        chunk = chunk.subarray(part.length);
      }
      if (chunk.length < prefixBytes) {
        if (chunk.length > 0) this.#rest = chunk;
        return payloads;
      }
      const length = this.#lengthIn(chunk);
      chunk = chunk.subarray(prefixBytes);
      if (chunk.length >= length) {
        payloads.push(chunk.subarray(0, length));
        chunk = chunk.subarray(length);
      } else this.#missing = length;
    }
  }

  #lengthIn(prefix: Buffer): number {
    if (prefix[0] !== 0) throw new RpcError('Unimplemented', 'grpc: no compression is understood here');
    const length = prefix.readUInt32BE(1);
    if (length <= this.#maxLength) return length;
    const words = `grpc: received message larger than max (${length} vs. ${this.#maxLength})`;
    throw new RpcError('ResourceExhausted', words);
  }
}
