import { constants, type ClientHttp2Stream, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import { systemClock, type Clock, type Logger } from '#base';
import { generic, StatusError, type Status } from '#machinery';
import { abortReason } from '../abort.ts';
import { identifyItems, parseAnswer, parseEvent } from '../objects.ts';
import { pathOf, type ApiRequest, type Transport, type Verb, type WatchEvent, type WatchRequest } from '../request.ts';
import { Connection, type Endpoint } from './connection.ts';
import { splitLines } from './json-lines.ts';

export interface HttpTransportOptions extends Endpoint {
  /** A bearer token, asked for at each call, so that it may rotate. */
  token?: () => string | Promise<string>;
  log: Logger;
  clock?: Clock;
}

/** A transport over one HTTP/2 session that reconnects by itself. */
export function httpTransport(options: HttpTransportOptions): Transport {
  return new HttpTransport(options);
}

/** How often a server may answer "later" (Retry-After) before the caller hears of it, as in client-go. */
const maxRetries = 10;

const methods: Record<Verb, string> = {
  get: 'GET',
  list: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETE',
};

interface Answer {
  code: number;
  headers: IncomingHttpHeaders;
  stream: ClientHttp2Stream;
}

class HttpTransport implements Transport {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #token: HttpTransportOptions['token'];

  constructor({ token, log, clock = systemClock, server, ca, cert, key }: HttpTransportOptions) {
    this.#connection = new Connection({ endpoint: { server, ca, cert, key }, clock, log });
    this.#clock = clock;
    this.#token = token;
  }

  async request(request: ApiRequest): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      const answer = await this.#send(request, methods[request.verb], request.body);
      const text = await readAll(answer.stream, request.signal);
      const waitSeconds = answer.code >= 400 ? Number(answer.headers['retry-after'] ?? Number.NaN) : Number.NaN;
      if (attempt < maxRetries && Number.isFinite(waitSeconds)) {
        await this.#clock.sleep(waitSeconds * 1000, request.signal);
        continue;
      }
      if (answer.code >= 400) throw errorOf(answer.code, text);
      const body = text === '' ? undefined : parseAnswer(request.resource, text);
      return request.verb === 'list' ? identifyItems(request.resource, body) : body;
    }
  }

  async *watch(request: WatchRequest): AsyncGenerator<WatchEvent<unknown>, void> {
    const watching = { ...request, options: { ...request.options, watch: true } };
    const { code, stream } = await this.#send(watching, 'GET', undefined);
    if (code >= 400) throw errorOf(code, await readAll(stream, request.signal));
    const stop = onAbort(request.signal, stream);
    try {
      for await (const line of splitLines(stream)) yield eventOf(request.resource, line);
    } catch (error) {
      if (!request.signal?.aborted) throw error;
    } finally {
      stop();
      stream.close(constants.NGHTTP2_CANCEL);
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  /** Sends once more what certainly did no harm: a read, or a call that the server refused before looking at it. */
  async #send(request: Omit<ApiRequest, 'verb'>, method: string, body: unknown): Promise<Answer> {
    try {
      return await this.#sendOnce(request, method, body);
    } catch (error) {
      if (request.signal?.aborted || !(error instanceof StreamError)) throw error;
      if (method !== 'GET' && !error.refused) throw error;
      return await this.#sendOnce(request, method, body);
    }
  }

  async #sendOnce(request: Omit<ApiRequest, 'verb'>, method: string, body: unknown): Promise<Answer> {
    request.signal?.throwIfAborted();
    const stream = await this.#connection.stream(await this.#headers(request, method, body));
    const stop = onAbort(request.signal, stream);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    stream.once('response', (headers) => resolve({ code: headers[':status'] ?? 0, headers, stream }));
    stream.on('error', (error) => reject(new StreamError(stream, error)));
    stream.once('close', () => reject(request.signal?.aborted ? abortReason(request.signal) : new StreamError(stream)));
    stream.end(body === undefined ? undefined : JSON.stringify(body));
    return promise.finally(stop);
  }

  async #headers(request: Omit<ApiRequest, 'verb'>, method: string, body: unknown): Promise<OutgoingHttpHeaders> {
    const token = await this.#token?.();
    return {
      ':method': method,
      ':path': pathOf(request),
      accept: 'application/json',
      'user-agent': request.component ? `${request.component}/1.36 (kedge)` : 'kedge',
      ...(body !== undefined && { 'content-type': request.patchType ?? 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    };
  }
}

/** A stream that ended before the server answered. */
class StreamError extends Error {
  readonly refused: boolean;
  constructor(stream: ClientHttp2Stream, cause?: Error) {
    super(cause ? cause.message : 'the connection closed before an answer came', { cause });
    this.name = 'StreamError';
    this.refused = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
  }
}

function onAbort(signal: AbortSignal | undefined, stream: ClientHttp2Stream): () => void {
  const cancel = (): void => stream.close(constants.NGHTTP2_CANCEL);
  signal?.addEventListener('abort', cancel, { once: true });
  return () => signal?.removeEventListener('abort', cancel);
}

async function readAll(stream: ClientHttp2Stream, signal: AbortSignal | undefined): Promise<string> {
  const stop = onAbort(signal, stream);
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    // A stream that is reset in the middle ends without an error in some cases: half an answer is none.
    if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) throw new Error(`the answer broke off (code ${stream.rstCode})`);
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    stop();
    if (signal?.aborted) signal.throwIfAborted();
  }
}

function isStatus(value: unknown): value is Status {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Status';
}

/** The server's own words where it sent a Status, else what HTTP says. */
function errorOf(code: number, text: string): StatusError {
  const body = parseOrUndefined(text);
  if (isStatus(body)) return new StatusError(body);
  const message = text.trim() || `the server answered with status code ${code}`;
  return generic({ code, reason: code === 404 ? 'NotFound' : code >= 500 ? 'InternalError' : 'Unknown', message });
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a proxy's page, not an API server's answer
  }
}

function eventOf(resource: ApiRequest['resource'], line: string): WatchEvent<unknown> {
  const event = parseEvent(resource, line);
  if (event.type === 'ERROR') throw new StatusError(event.object);
  return event;
}
