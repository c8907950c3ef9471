import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Piece } from '#wire';
import type { Channel, Group } from './channel.ts';

/** A request of HTTP/1.1 and its answer. */
export class Http1Channel implements Channel {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
    response.on('error', () => response.destroy());
  }

  get method(): string {
    return this.#request.method ?? 'GET';
  }

  get url(): string {
    return this.#request.url ?? '/';
  }

  get headers(): IncomingHttpHeaders {
    return this.#request.headers;
  }

  get body(): Readable {
    return this.#request;
  }

  collectBody(limit: number, onTooLarge: () => Error): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const chunks: Buffer[] = [];
    let size = 0;
    this.#request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      // The rest is read and dropped: an answer can only be seen by a client that may finish writing.
      if (size > limit) reject(onTooLarge());
      else chunks.push(chunk);
    });
    this.#request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    for (const event of ['error', 'aborted']) this.#request.on(event, () => reject(new Error('the client broke off')));
    return promise;
  }

  get mayHaveBody(): boolean {
    return true;
  }

  get socket(): unknown {
    return this.#request.socket;
  }

  respond(code: number, headers: readonly string[], body: Group): void {
    this.#response.writeHead(code, [...headers]);
    for (const chunk of body) this.#response.write(chunk);
    this.#response.end();
  }

  start(code: number, headers: readonly string[]): void {
    this.#response.writeHead(code, [...headers]);
    this.#response.flushHeaders();
  }

  write(chunk: Piece): boolean {
    return this.#response.write(chunk);
  }

  writeAll(chunks: Group): boolean {
    this.#response.cork();
    for (const chunk of chunks) this.#response.write(chunk);
    this.#response.uncork();
    return !this.#response.writableNeedDrain;
  }

  destroy(): void {
    this.#response.destroy();
  }

  end(): void {
    this.#response.end();
  }

  onDrain(listener: () => void): void {
    this.#response.once('drain', listener);
  }

  onClose(listener: () => void): void {
    this.#response.once('close', listener);
  }
}
