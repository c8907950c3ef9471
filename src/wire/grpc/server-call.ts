import { constants, type IncomingHttpHeaders, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import { TLSSocket } from 'node:tls';
import type { Clock } from '#base';
import { RpcError } from './rpc-error.ts';
import { okStatus, statusOf, timeoutMs, type StatusHeaders } from './status.ts';

/** What a handler may ask of the call that it answers. */
export interface CallContext {
  /** Aborts when the client cancels or goes, its deadline passes, or the server closes. Made when first asked for. */
  readonly signal: AbortSignal;
  /** The length of the request; of the latest, where there are many. */
  readonly requestBytes: number;
  /** The first value of a metadata key; undefined when it was not sent. */
  metadata(name: string): string | undefined;
  /** The common name of the certificate that the client showed and the server verified. */
  readonly clientCommonName: string | undefined;
}

const responseHeaders = [':status', '200', 'content-type', 'application/grpc'];
const commonNames = new WeakMap<Http2Session, string | undefined>();

/** One call on a stream of HTTP/2: its context, its answers, its end. */
export class ServerCall implements CallContext {
  readonly stream: ServerHttp2Stream;
  /** It is answered more than once. */
  streaming = false;
  requestBytes = 0;
  readonly #headers: IncomingHttpHeaders;
  readonly #clock: Clock;
  #abort: AbortController | undefined;
  #status: StatusHeaders | undefined;
  #gone: RpcError | undefined;

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, clock: Clock) {
    this.stream = stream;
    this.#headers = headers;
    this.#clock = clock;
    stream.on('error', () => {}); // 'close' follows
  }

  get signal(): AbortSignal {
    if (this.#abort) return this.#abort.signal;
    this.#abort = new AbortController();
    if (this.#gone) this.#abort.abort(this.#gone);
    else this.#armDeadline();
    return this.#abort.signal;
  }

  /** Nothing more can be answered. */
  get over(): boolean {
    return this.#status !== undefined || this.#gone !== undefined;
  }

  metadata(name: string): string | undefined {
    const value = this.#headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  get clientCommonName(): string | undefined {
    const { session } = this.stream;
    if (!session) return undefined;
    if (!commonNames.has(session)) commonNames.set(session, commonNameOf(session));
    return commonNames.get(session);
  }

  /** Sends the only answer and ends well. */
  answer(frame: Buffer): void {
    if (this.over) return;
    this.#status = okStatus;
    this.#begin();
    this.stream.end(frame);
  }

  /** Sends one of many answers; false when the client takes no more for now. */
  send(frame: Buffer): boolean {
    if (this.over) return true;
    if (!this.stream.headersSent) this.#begin();
    return this.stream.write(frame);
  }

  /** Resolves when the client takes more, or the call is over. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.stream.off('drain', done).off('close', done);
        resolve();
      };
      this.stream.on('drain', done).on('close', done);
    });
  }

  /** Ends with a status: well, or with what went wrong. */
  finish(error?: unknown): void {
    if (this.over) return;
    this.#status = error === undefined ? okStatus : statusOf(error);
    if (this.stream.headersSent) {
      this.stream.end(); // the status follows in the trailers
    } else if (!this.stream.destroyed && !this.stream.closed) {
      this.stream.respond([...responseHeaders, ...this.#status], { endStream: true });
      this.#letGo();
    }
    if (error !== undefined) this.#abort?.abort(error);
  }

  /** The stream is closed: a handler that is not done works for nobody. */
  abandon(): void {
    if (this.over) return;
    this.#gone = new RpcError('Canceled', 'context canceled');
    this.#abort?.abort(this.#gone);
  }

  /** The server closes: a stream ends; a handler of one answer is told, and may still give it. */
  shutDown(reason: RpcError): void {
    if (this.streaming) this.finish(reason);
    else this.#abort?.abort(reason);
  }

  #begin(): void {
    if (this.stream.destroyed || this.stream.closed) return;
    this.stream.on('wantTrailers', this.#sendTrailers);
    this.stream.respond(responseHeaders, { waitForTrailers: true });
  }

  readonly #sendTrailers = (): void => {
    const [, code = '', , message] = this.#status ?? okStatus;
    this.stream.sendTrailers({ 'grpc-status': code, ...(message !== undefined && { 'grpc-message': message }) });
    this.#letGo();
  };

  /** A client that has more to say is told that nobody listens. */
  #letGo(): void {
    if (this.stream.readableEnded) return;
    setImmediate(() => {
      if (!this.stream.readableEnded) this.stream.close(constants.NGHTTP2_NO_ERROR);
    });
  }

  #armDeadline(): void {
    const ms = timeoutMs(this.metadata('grpc-timeout'));
    if (ms === undefined) return;
    const timer = this.#clock.timer(ms, () =>
      this.finish(new RpcError('DeadlineExceeded', 'context deadline exceeded')),
    );
    this.stream.once('close', () => timer.cancel());
  }
}

function commonNameOf(session: Http2Session): string | undefined {
  const { socket } = session;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const name: string | string[] | undefined = socket.getPeerCertificate().subject?.CN;
  return Array.isArray(name) ? name[0] : name;
}
