import type { IncomingHttpHeaders } from 'node:http';
import { constants, type IncomingHttpHeaders as Http2Headers, type ServerHttp2Stream } from 'node:http2';
import type { Readable } from 'node:stream';
import type { Channel } from './channel.ts';

/**
 * A stream of HTTP/2. It is used as it is: the request and response objects that Node.js puts around a stream for
 * programs that know HTTP/1 cost a third of a small call.
 */
export class Http2Channel implements Channel {
  readonly #stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  readonly url: string;
  readonly mayHaveBody: boolean;

  constructor(stream: ServerHttp2Stream, headers: Http2Headers, flags: number) {
    this.#stream = stream;
    this.headers = headers;
    this.method = headers[':method'] ?? 'GET';
    this.url = headers[':path'] ?? '/';
    this.mayHaveBody = (flags & constants.NGHTTP2_FLAG_END_STREAM) === 0;
    stream.on('error', ignore); // 'close' follows
  }

  get body(): Readable {
    return this.#stream;
  }

  get socket(): unknown {
    return this.#stream.session?.socket;
  }

  respond(code: number, headers: readonly string[], body: readonly Uint8Array[]): void {
    if (!this.#head(code, headers)) return;
    const last = body.length - 1;
    for (let at = 0; at < last; at++) this.#stream.write(body[at]);
    this.#stream.end(body[last]);
  }

  start(code: number, headers: readonly string[]): void {
    this.#head(code, headers);
  }

  write(chunk: Uint8Array): boolean {
    return !this.#stream.writable || this.#stream.write(chunk);
  }

  end(): void {
    if (this.#stream.writable) this.#stream.end();
  }

  onDrain(listener: () => void): void {
    this.#stream.once('drain', listener);
  }

  onClose(listener: () => void): void {
    this.#stream.once('close', listener);
  }

  /** False when nothing more can be sent: the client has gone, or the answer has no body (HEAD, 204, 304). */
  #head(code: number, headers: readonly string[]): boolean {
    if (this.#stream.destroyed || this.#stream.closed) return false;
    this.#stream.respond([':status', String(code), ...headers]);
    return this.#stream.writable;
  }
}

function ignore(): void {}
