import { TLSSocket } from 'node:tls';
import type { Clock, Timer } from '#base';
import type { ServerStream } from '../http2/server-stream.ts';
import { RpcError } from './rpc-error.ts';
import { okTrailers, responseBlock, timeoutMs, trailersOf, trailersOnly } from './status.ts';

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

const commonNames = new WeakMap<TLSSocket, string | undefined>();

/** One call on a stream of HTTP/2: its context, its answers, its end. */
export class ServerCall implements CallContext {
  readonly stream: ServerStream;
  /** It is answered more than once. */
  streaming = false;
  requestBytes = 0;
  readonly #clock: Clock;
  #abort: AbortController | undefined;
  #deadline: Timer | undefined;
  #finished = false;
  #gone: RpcError | undefined;

  constructor(stream: ServerStream, clock: Clock) {
    this.stream = stream;
    this.#clock = clock;
  }

  get signal(): AbortSignal {
    if (this.#abort) return this.#abort.signal;
    this.#abort = new AbortController();
    if (this.#gone) this.#abort.abort(this.#gone);
    else if (!this.#finished) this.#armDeadline();
    return this.#abort.signal;
  }

  /** Nothing more can be answered. */
  get over(): boolean {
    return this.#finished || this.#gone !== undefined;
  }

  metadata(name: string): string | undefined {
    return this.stream.headers.get(name);
  }

  get clientCommonName(): string | undefined {
    const { socket } = this.stream;
    if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
    if (!commonNames.has(socket)) commonNames.set(socket, commonNameOf(socket));
    return commonNames.get(socket);
  }

  /** Sends one of many answers, or the only one, or some; false when the client takes no more for now. */
  send(...frames: readonly Buffer[]): boolean {
    if (this.over) return true;
    if (!this.stream.headersSent) this.stream.respond(responseBlock);
    return this.stream.write(...frames);
  }

  /** Ends with a status: well, or with what went wrong. */
  finish(error?: unknown): void {
    if (this.over) return;
    this.#finished = true;
    this.#deadline?.cancel();
    if (error === undefined) {
      if (!this.stream.headersSent) this.stream.respond(responseBlock);
      this.stream.end(okTrailers);
      return;
    }
    if (this.stream.headersSent) this.stream.end(trailersOf(error));
    else this.stream.respond(trailersOnly(error), true);
    this.#abort?.abort(error);
  }

  /** The stream is closed: a handler that is not done works for nobody. */
  abandon(): void {
    this.#deadline?.cancel();
    if (this.over) return;
    this.#gone = new RpcError('Canceled', 'context canceled');
    this.#abort?.abort(this.#gone);
  }

  /** The server closes: a stream ends; a handler of one answer is told, and may still give it. */
  shutDown(reason: RpcError): void {
    if (this.streaming) this.finish(reason);
    else this.#abort?.abort(reason);
  }

  #armDeadline(): void {
    const ms = timeoutMs(this.metadata('grpc-timeout'));
    if (ms === undefined) return;
    const late = (): void => this.finish(new RpcError('DeadlineExceeded', 'context deadline exceeded'));
    this.#deadline = this.#clock.timer(ms, late);
  }
}

function commonNameOf(socket: TLSSocket): string | undefined {
  const name: string | string[] | undefined = socket.getPeerCertificate().subject?.CN;
  return Array.isArray(name) ? name[0] : name;
}
