import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { badRequest } from '#machinery';
import { pieceOf, type Piece } from '#wire';
import { anonymous } from '../authn/users.ts';
import type { RequestContext, UserInfo } from '../registry/rest.ts';
import type { Channel, Group, Upgrade } from './channel.ts';
import { compressed, sizeOf, unhurried } from './groups.ts';
import type { NegotiationRequest } from './negotiate.ts';
import type { RequestInfo } from './request-info.ts';

/** Smaller answers are not worth compressing (`responsewriters/writers.go`). */
const gzipThreshold = 128 * 1024;

const noQuery = new URLSearchParams();

/** One request on its way through the filters, and its answer. */
export class Exchange implements RequestContext {
  readonly upgrade: Upgrade | undefined;
  readonly method: string;
  /** Decoded; `/` at least. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Filled in by the handler of resources. */
  mayCreate?: () => void;
  /** Filled in by the request-info filter. */
  info: RequestInfo;
  /** Filled in by the authentication filter. */
  user: UserInfo = anonymous;
  /** Which route answers, once one is found: a resource's plural, or a path. Metrics count by it. */
  route = '';
  readonly #channel: Channel;
  readonly #search: string;
  #query: URLSearchParams | undefined;
  readonly #answerHeaders: string[] = [];
  #code = 0;
  /** Bytes of the answer's body; of a stream those so far. */
  sentBytes = 0;
  #isEnded = false;
  #abortReason: Error | undefined;
  #abort: AbortController | undefined;
  #warnings: string[] | undefined;
  #finals: (() => void)[] = [];

  constructor(channel: Channel, upgrade?: Upgrade) {
    this.#channel = channel;
    this.upgrade = upgrade;
    this.method = channel.method;
    this.headers = channel.headers;
    const { url } = channel;
    const mark = url.indexOf('?');
    this.path = decodePath(mark < 0 ? url : url.slice(0, mark)) || '/';
    this.#search = mark < 0 ? '' : url.slice(mark + 1);
    this.info = { ...emptyInfo, path: this.path, verb: this.method.toLowerCase() };
    channel.onClose(() => this.#closed());
  }

  /** The URL's query, to be read only; of most requests there is none, and that is always the same. */
  get query(): URLSearchParams {
    return (this.#query ??= this.#search === '' ? noQuery : new URLSearchParams(this.#search));
  }

  /** The URL's query as it was sent, with its question mark; empty where there is none. */
  get search(): string {
    return this.#search === '' ? '' : `?${this.#search}`;
  }

  get userAgent(): string {
    return this.headers['user-agent'] ?? '';
  }

  /** The request's body, as it comes. */
  get body(): Readable {
    return this.#channel.body;
  }

  /** The whole body; rejects with `onTooLarge()` past the limit, and when the client breaks off. */
  collectBody(limit: number, onTooLarge: () => Error): Promise<Buffer> {
    return this.#channel.collectBody(limit, onTooLarge);
  }

  /** False where it is known that no body comes. */
  get mayHaveBody(): boolean {
    return this.#channel.mayHaveBody;
  }

  /** The TLS socket of the connection; for HTTP/2 a stand-in that can be read from. */
  get socket(): unknown {
    return this.#channel.socket;
  }

  /** Where the client calls from; undefined when it has hung up. */
  get clientAddress(): string | undefined {
    const { remoteAddress } = this.socket as { remoteAddress?: string }; // both kinds of socket have it
    return remoteAddress?.replace(/^::ffff:/, '');
  }

  /** Aborts when the client has gone, when time is over, or when the server stops. Made for who asks: most calls need none. */
  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      if (this.#abortReason) this.#abort.abort(this.#abortReason);
    }
    return this.#abort.signal;
  }

  get aborted(): boolean {
    return this.#abortReason !== undefined;
  }

  abort(reason: Error): void {
    this.#abortReason ??= reason;
    this.#abort?.abort(reason);
  }

  get negotiation(): NegotiationRequest {
    return { accept: this.headers.accept, userAgent: this.userAgent, query: this.query };
  }

  /** The component that asks, by its user agent. */
  get cause(): { component: string } {
    return { component: this.userAgent.split(/[/ ]/, 1)[0] ?? '' };
  }

  /** Adds a `Warning` header, once for each text. */
  warn(text: string): void {
    this.#warnings ??= [];
    if (!this.#warnings.includes(text)) this.#warnings.push(text);
  }

  /** The status of the answer; 0 before there is one. */
  get code(): number {
    return this.#code;
  }

  /** Notes that somebody else has answered on the connection, which was handed over. */
  set code(code: number) {
    this.#code = code;
  }

  /** Leaves something to be done when the request has been handled; the last comes first. */
  finally(call: () => void): void {
    this.#finals.push(call);
  }

  /** The request has been handled: does what was left to be done. */
  finish(): void {
    for (let call = this.#finals.pop(); call; call = this.#finals.pop()) call();
  }

  get answered(): boolean {
    return this.#code !== 0;
  }

  /** Adds a header to the answer. `Cache-Control`, which every answer has, is replaced. */
  header(name: string, value: string | readonly string[]): void {
    if (this.answered) return;
    const at = name === 'Cache-Control' ? this.#answerHeaders.indexOf(name) : -1;
    if (at >= 0) this.#answerHeaders.splice(at, 2);
    if (typeof value === 'string') this.#answerHeaders.push(name, value);
    else for (const one of value) this.#answerHeaders.push(name, one);
  }

  /** Answers with a whole body; compressed when it is large and the client can read that. */
  async send(code: number, contentType: string, body: Uint8Array | string): Promise<void> {
    if (this.answered) return;
    const bytes = typeof body === 'string' ? pieceOf(body) : body;
    if (bytes.length > gzipThreshold && this.#takesGzip) await this.sendGroups(code, contentType, [[bytes]]);
    else this.#sendWhole(code, contentType, [bytes]);
  }

  /**
   * Answers with a body that is made group by group, so that others have their turn in between. What is not over with the
   * first group goes out as it comes, compressed where the client can read that, and at the client's pace.
   */
  async sendGroups(code: number, contentType: string, groups: Iterable<Group>): Promise<void> {
    const rest = groups[Symbol.iterator]();
    const first = rest.next();
    if (first.done) return this.#sendWhole(code, contentType, []);
    const second = rest.next();
    if (second.done && sizeOf(first.value) <= gzipThreshold) return this.#sendWhole(code, contentType, first.value);
    const all = behind(second.done ? [first.value] : [first.value, second.value], rest);
    if (this.#takesGzip) {
      this.header('Content-Encoding', 'gzip');
      this.header('Vary', 'Accept-Encoding');
    }
    await this.#stream(code, contentType, this.#takesGzip ? compressed(all) : unhurried(all));
  }

  /** Answers without a body. */
  sendEmpty(code: number): void {
    if (this.answered) return;
    this.#isEnded = true;
    if (code !== 204 && code !== 304) this.header('Content-Length', '0');
    this.#channel.respond(...this.#head(code), []);
  }

  /** Starts an answer whose end is not known; the head goes out at once. */
  startStream(code: number, contentType?: string): void {
    if (contentType !== undefined) this.header('Content-Type', contentType);
    this.#channel.start(...this.#head(code));
  }

  /** Writes to a started stream. A promise says that the client does not keep up; it resolves when it does, or has gone. */
  write(chunk: Piece): Promise<void> | undefined {
    return this.aborted || this.#channel.write(chunk) ? undefined : this.#drained();
  }

  /** The same with many pieces at once. */
  writeAll(chunks: Group): Promise<void> | undefined {
    return this.aborted || this.#channel.writeAll(chunks) ? undefined : this.#drained();
  }

  async #drained(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const done = (): void => resolve();
    this.#channel.onDrain(done);
    this.signal.addEventListener('abort', done, { once: true });
    if (this.aborted) done();
    await promise;
    this.signal.removeEventListener('abort', done);
  }

  /** Ends a started stream, or a request that got no answer. */
  endStream(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (this.answered) this.#channel.end();
    else this.#channel.respond(...this.#head(500), []);
  }

  get #takesGzip(): boolean {
    return acceptsGzip(this.headers['accept-encoding']);
  }

  #sendWhole(code: number, contentType: string, group: Group): void {
    if (this.answered) return;
    this.header('Content-Type', contentType);
    this.sentBytes = sizeOf(group);
    this.header('Content-Length', String(this.sentBytes));
    this.#isEnded = true;
    this.#channel.respond(...this.#head(code), group);
  }

  /** The head leaves with the first bytes; what fails or takes too long behind them breaks the answer off. */
  async #stream(code: number, contentType: string, groups: AsyncIterable<Group>): Promise<void> {
    if (this.answered) return;
    let isStarted = false;
    try {
      for await (const group of groups) {
        if (this.aborted) break;
        if (group.length === 0) continue;
        if (!isStarted) this.startStream(code, contentType);
        isStarted = true;
        this.sentBytes += sizeOf(group);
        if (!this.#channel.writeAll(group)) await this.#drained();
      }
      if (!this.aborted) this.endStream();
      else if (isStarted) this.#breakOff();
    } catch (error) {
      if (isStarted) this.#breakOff();
      throw error;
    }
  }

  #breakOff(): void {
    this.#isEnded = true;
    this.#channel.destroy();
  }

  #closed(): void {
    if (!this.#isEnded) this.abort(new Error('the client has gone'));
  }

  #head(code: number): [code: number, headers: readonly string[]] {
    for (const text of this.#warnings ?? []) this.header('Warning', `299 - ${quotedString(text)}`);
    this.#code = code;
    return [code, this.#answerHeaders];
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

function decodePath(raw: string): string {
  if (!raw.includes('%')) return raw;
  try {
    return decodeURIComponent(raw);
  } catch {
    throw badRequest(`invalid URL escape in ${JSON.stringify(raw)}`);
  }
}

function* behind(taken: readonly Group[], rest: Iterator<Group>): Generator<Group> {
  yield* taken;
  for (let next = rest.next(); !next.done; next = rest.next()) yield next.value;
}

/** Upstream knows no weights (`responsewriters/writers.go`, `negotiateContentEncoding`). */
function acceptsGzip(header: string | string[] | undefined): boolean {
  return [header ?? '']
    .flat()
    .join(',')
    .split(',')
    .some((coding) => coding.trim() === 'gzip');
}

/** A header's quoted string: no control characters, Latin-1 bytes of UTF-8 as Go writes them. */
function quotedString(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what must not stand in a header
  const clean = text.replace(/[\u0000-\u001f\u007f]/g, ' ').replace(/["\\]/g, '\\$&');
  return `"${Buffer.from(clean, 'utf8').toString('latin1')}"`;
}
