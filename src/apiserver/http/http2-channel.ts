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
    if (body.length > 1) this.writeAll(body.slice(0, -1));
    this.#stream.end(body.at(-1));
  }

  start(code: number, headers: readonly string[]): void {
    this.#head(code, headers);
  }

  write(chunk: Uint8Array): boolean {
    return !this.#stream.writable || this.#stream.write(chunk);
  }

  writeAll(chunks: readonly Uint8Array[]): boolean {
    if (!this.#stream.writable) return true;
    this.#stream.cork();
    for (const chunk of chunks) this.#stream.write(chunk);
    this.#stream.uncork();
    return !this.#stream.writableNeedDrain;
  }

  destroy(): void {
    this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
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
