import { AsyncQueue } from '#base';
import type { ServerStream, StreamListener } from '../http2/server-stream.ts';
import { FrameReader } from './frames.ts';
import { RpcError } from './rpc-error.ts';

/** Hands on the first message of a stream as soon as it is whole; whatever follows is not looked at. */
export class FirstMessage implements StreamListener {
  readonly #stream: ServerStream;
  readonly #reader: FrameReader;
  readonly #on: { message: (payload: Buffer) => void; failure: (error: unknown) => void; close: () => void };
  #taken = false;

  constructor(
    stream: ServerStream,
    maxLength: number,
    on: { message: (payload: Buffer) => void; failure: (error: unknown) => void; close: () => void },
  ) {
    this.#stream = stream;
    this.#reader = new FrameReader(maxLength);
    this.#on = on;
  }

  data(bytes: Buffer): void {
    this.#stream.consumed(bytes.length);
    if (this.#taken) return;
    try {
      const [payload] = this.#reader.push(bytes);
      if (!payload) return;
      this.#taken = true;
      this.#on.message(payload);
    } catch (error) {
      this.#taken = true;
      this.#on.failure(error);
    }
  }

  end(): void {
    if (!this.#taken) this.#on.failure(new RpcError('Internal', 'the request ended without a message'));
  }

  close(): void {
    this.#on.close();
  }
}

/** The messages of a stream, as they are taken: a handler that is busy holds the client back. */
export class AllMessages implements StreamListener, AsyncIterable<Buffer> {
  readonly #stream: ServerStream;
  readonly #reader: FrameReader;
  readonly #chunks = new AsyncQueue<Buffer>();
  readonly #onClose: () => void;

  constructor(stream: ServerStream, maxLength: number, onClose: () => void) {
    this.#stream = stream;
    this.#reader = new FrameReader(maxLength);
    this.#onClose = onClose;
  }

  data(bytes: Buffer): void {
    this.#chunks.push(bytes);
  }

  end(): void {
    this.#chunks.close();
  }

  close(): void {
    this.#chunks.close();
    this.#onClose();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    for await (const chunk of this.#chunks) {
      this.#stream.consumed(chunk.length);
      yield* this.#reader.push(chunk);
    }
  }
}
