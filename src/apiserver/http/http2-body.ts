import { Readable } from 'node:stream';
import type { Http2ServerStream } from '#wire';

/** What becomes of the bytes of a body. */
interface Taker {
  take(bytes: Buffer): void;
  end(): void;
  /** The client went before it had said everything. */
  broken(): void;
}

/**
 * The body of a request of HTTP/2: kept until somebody asks for it, either as a whole, which most do and which costs
 * little, or as a stream. The client may send more only as far as what came was taken.
 */
export class Http2Body {
  readonly #stream: Http2ServerStream;
  #kept: Buffer[] = [];
  #isWhole = false;
  #isBroken = false;
  #taker: Taker | undefined;
  #readable: Readable | undefined;

  constructor(stream: Http2ServerStream) {
    this.#stream = stream;
    this.#isWhole = !stream.hasBody;
  }

  /** As a stream. */
  get readable(): Readable {
    this.#readable ??= this.#asReadable();
    return this.#readable;
  }

  /** All of it; rejects when the client breaks off. `onTooLarge` is called once there is more than `limit`; the rest is dropped. */
  collect(limit: number, onTooLarge: () => Error): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const chunks: Buffer[] = [];
    let size = 0;
    this.#give({
      take: (bytes) => {
        size += bytes.length;
        this.#stream.consumed(bytes.length);
        if (size > limit) reject(onTooLarge());
        else chunks.push(bytes);
      },
      end: () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
      broken: () => reject(new Error('the client broke off')),
    });
    return promise;
  }

  /** Bytes came. */
  receive(bytes: Buffer): void {
    if (this.#taker) this.#taker.take(bytes);
    else this.#kept.push(bytes);
  }

  /** The client has said everything. */
  receiveEnd(): void {
    this.#isWhole = true;
    this.#taker?.end();
  }

  /** Nothing comes any more. */
  close(): void {
    if (this.#isWhole || this.#isBroken) return;
    this.#isBroken = true;
    this.#taker?.broken();
  }

  #give(taker: Taker): void {
    this.#taker = taker;
    for (const bytes of this.#kept.splice(0)) taker.take(bytes);
    if (this.#isWhole) taker.end();
    else if (this.#isBroken) taker.broken();
  }

  #asReadable(): Readable {
    let given = 0;
    const readable = new Readable({
      read: () => {
        // What was pushed has been taken from the buffer, or is about to be.
        this.#stream.consumed(given);
        given = 0;
      },
    });
    this.#give({
      take: (bytes) => {
        given += bytes.length;
        readable.push(bytes);
      },
      end: () => readable.push(null),
      broken: () => readable.destroy(new Error('the client broke off')),
    });
    return readable;
  }
}
