import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { encodeHttp2Headers, type Http2ServerStream, type Piece } from '#wire';
import type { Channel, Group } from './channel.ts';
import { Http2Body } from './http2-body.ts';

/** A request of HTTP/2 and its answer. */
export class Http2Channel implements Channel {
  readonly #stream: Http2ServerStream;
  readonly #body: Http2Body;
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  readonly url: string;
  #closeListeners: (() => void)[] = [];

  constructor(stream: Http2ServerStream) {
    this.#stream = stream;
    this.#body = new Http2Body(stream);
    this.headers = headersOf(stream);
    this.method = stream.headers.get(':method') ?? 'GET';
    this.url = stream.headers.get(':path') ?? '/';
    stream.listener = {
      data: (bytes) => this.#body.receive(bytes),
      end: () => this.#body.receiveEnd(),
      close: () => this.#closed(),
    };
  }

  get body(): Readable {
    return this.#body.readable;
  }

  collectBody(limit: number, onTooLarge: () => Error): Promise<Buffer> {
    return this.#body.collect(limit, onTooLarge);
  }

  get mayHaveBody(): boolean {
    return this.#stream.hasBody;
  }

  get socket(): unknown {
    return this.#stream.socket;
  }

  respond(code: number, headers: readonly string[], body: Group): void {
    if (!this.#head(code, headers, body.length === 0)) return;
    this.#stream.endWith(...body);
  }

  start(code: number, headers: readonly string[]): void {
    this.#head(code, headers, false);
  }

  write(chunk: Piece): boolean {
    return this.#stream.write(chunk);
  }

  writeAll(chunks: Group): boolean {
    return this.#stream.write(...chunks);
  }

  destroy(): void {
    this.#stream.reset('INTERNAL_ERROR');
  }

  end(): void {
    this.#stream.end();
  }

  onDrain(listener: () => void): void {
    void this.#stream.drained().then(listener);
  }

  onClose(listener: () => void): void {
    this.#closeListeners.push(listener);
  }

  /** Sends the head; false when nothing may follow it: there is no body, or none is allowed (HEAD, 204, 304). */
  #head(code: number, headers: readonly string[], isEmpty: boolean): boolean {
    const isAll = isEmpty || this.method === 'HEAD' || code === 204 || code === 304;
    this.#stream.respond(encodeHttp2Headers([':status', String(code), ...headers]), isAll);
    return !isAll;
  }

  #closed(): void {
    this.#body.close();
    for (const listener of this.#closeListeners.splice(0)) listener();
  }
}

/** A name that is one of JavaScript's own is a name as any other. */
function headersOf({ headers }: Http2ServerStream): IncomingHttpHeaders {
  const object = Object.create(null) as IncomingHttpHeaders;
  for (const [name, value] of headers) if (!name.startsWith(':')) object[name] = value;
  const authority = headers.get(':authority');
  if (authority !== undefined) object.host ??= authority;
  return object;
}
