import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { Duplex } from 'node:stream';
import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { badRequest } from '#machinery';
import { anonymous } from '../authn/users.ts';
import type { RequestContext, UserInfo } from '../registry/rest.ts';
import type { NegotiationRequest } from './negotiate.ts';
import type { RequestInfo } from './request-info.ts';

export type Incoming = IncomingMessage | Http2ServerRequest;

/** What HTTP/1 and HTTP/2 responses have in common, as far as it is used here. */
export interface Outgoing {
  statusCode: number;
  readonly headersSent: boolean;
  readonly writableEnded: boolean;
  setHeader(name: string, value: string | number | readonly string[]): unknown;
  write(chunk: Uint8Array): boolean;
  end(chunk?: Uint8Array | string): unknown;
  flushHeaders(): void;
  on(event: 'close' | 'drain' | 'error', listener: () => void): unknown;
  once(event: 'close' | 'drain', listener: () => void): unknown;
}

/** The connection of an HTTP/1 request that asks to upgrade. */
export interface Upgrade {
  socket: Duplex;
  head: Buffer;
  /** Takes the connection away from HTTP: from now on its bytes are the caller's. */
  release: () => void;
  /** Gives it back for an answer, where nothing was written yet. */
  restore: () => void;
}

const gzipAsync = promisify(gzip);
/** Smaller answers are not worth compressing (`responsewriters/writers.go`). */
const gzipThreshold = 128 * 1024;

/** One request on its way through the filters, and its answer. */
export class Exchange {
  readonly incoming: Incoming;
  readonly outgoing: Outgoing;
  readonly upgrade: Upgrade | undefined;
  readonly method: string;
  /** Decoded; `/` at least. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Filled in by the request-info filter. */
  info: RequestInfo;
  /** Filled in by the authentication filter. */
  user: UserInfo = anonymous;
  /** Which route answers, once one is found: a resource's plural, or a path. Metrics count by it. */
  route = '';
  readonly #abort = new AbortController();
  readonly #warnings: string[] = [];

  constructor(incoming: Incoming, outgoing: Outgoing, upgrade?: Upgrade) {
    this.incoming = incoming;
    this.outgoing = outgoing;
    this.upgrade = upgrade;
    this.method = incoming.method ?? 'GET';
    const { path, query } = splitUrl(incoming.url ?? '/');
    this.path = path;
    this.query = query;
    this.info = { ...emptyInfo, path, verb: this.method.toLowerCase() };
    outgoing.on('close', () => this.abort(new Error('the client has gone')));
    outgoing.on('error', () => this.abort(new Error('the connection failed')));
  }

  get headers(): IncomingHttpHeaders {
    return this.incoming.headers;
  }

  get userAgent(): string {
    return this.headers['user-agent'] ?? '';
  }

  /** Aborts when the client has gone, when time is over, or when the server stops. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  abort(reason: Error): void {
    this.#abort.abort(reason);
  }

  get negotiation(): NegotiationRequest {
    return { accept: this.headers.accept, userAgent: this.userAgent, query: this.query };
  }

  /** What the registry needs to know of this request. */
  context(): RequestContext {
    const component = this.userAgent.split(/[/ ]/)[0] ?? '';
    return {
      user: this.user,
      signal: this.signal,
      warn: (text) => this.warn(text),
      userAgent: this.userAgent,
      ...(component !== '' && { cause: { component } }),
    };
  }

  /** Adds a `Warning` header, once for each text. */
  warn(text: string): void {
    if (!this.#warnings.includes(text)) this.#warnings.push(text);
  }

  get answered(): boolean {
    return this.outgoing.headersSent || this.outgoing.writableEnded;
  }

  header(name: string, value: string | readonly string[]): void {
    if (!this.answered) this.outgoing.setHeader(name, value);
  }

  /** Answers with a whole body; compressed when it is large and the client can read that. */
  async send(code: number, contentType: string, body: Uint8Array | string): Promise<void> {
    if (this.answered) return;
    let bytes = typeof body === 'string' ? Buffer.from(body) : body;
    if (bytes.length > gzipThreshold && acceptsGzip(this.headers['accept-encoding'])) {
      bytes = await gzipAsync(bytes, { level: 1 });
      if (this.answered) return;
      this.header('Content-Encoding', 'gzip');
      this.header('Vary', 'Accept-Encoding');
    }
    this.#head(code, contentType);
    this.outgoing.setHeader('Content-Length', bytes.length);
    this.outgoing.end(bytes);
  }

  /** Answers without a body. */
  sendEmpty(code: number): void {
    if (this.answered) return;
    this.outgoing.statusCode = code;
    this.outgoing.end();
  }

  /** Starts an answer whose end is not known; the head goes out at once. */
  startStream(code: number, contentType: string): void {
    this.#head(code, contentType);
    this.outgoing.flushHeaders();
  }

  /** Writes to a started stream; resolves when the client keeps up, or has gone. */
  async write(chunk: Uint8Array): Promise<void> {
    if (this.signal.aborted || this.outgoing.write(chunk)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const done = (): void => resolve();
    this.outgoing.once('drain', done);
    this.signal.addEventListener('abort', done, { once: true });
    await promise;
    this.signal.removeEventListener('abort', done);
  }

  endStream(): void {
    if (!this.outgoing.writableEnded) this.outgoing.end();
  }

  #head(code: number, contentType: string): void {
    if (this.#warnings.length > 0) {
      this.outgoing.setHeader(
        'Warning',
        this.#warnings.map((text) => `299 - ${quotedString(text)}`),
      );
    }
    this.outgoing.statusCode = code;
    this.outgoing.setHeader('Content-Type', contentType);
  }
}

const emptyInfo: Omit<RequestInfo, 'path' | 'verb'> = {
  isResourceRequest: false,
  group: '',
  version: '',
  namespace: '',
  resource: '',
  subresource: '',
  name: '',
  subpath: '',
};

function splitUrl(url: string): { path: string; query: URLSearchParams } {
  const mark = url.indexOf('?');
  const raw = mark < 0 ? url : url.slice(0, mark);
  return { path: decodePath(raw) || '/', query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)) };
}

function decodePath(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw badRequest(`invalid URL escape in ${JSON.stringify(raw)}`);
  }
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  return [header ?? '']
    .flat()
    .join(',')
    .split(',')
    .some((coding) => (coding.split(';')[0] ?? '').trim() === 'gzip');
}

/** A header's quoted string: no control characters, Latin-1 bytes of UTF-8 as Go writes them. */
function quotedString(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what must not stand in a header
  const clean = text.replace(/[\u0000-\u001f\u007f]/g, ' ').replace(/["\\]/g, '\\$&');
  return `"${Buffer.from(clean, 'utf8').toString('latin1')}"`;
}
