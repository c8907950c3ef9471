import * as http from 'node:http';
import type { Socket } from 'node:net';
import { silentLogger, systemClock, type Clock, type Logger } from '#base';
import { encodeHeaders } from '../http2/hpack-encoder.ts';
import { preface } from '../http2/frames.ts';
import { ServerConnection } from '../http2/server-connection.ts';
import type { ServerStream } from '../http2/server-stream.ts';
import type { Implementation } from './handlers.ts';
import { answerHttp1, answerHttp2, type HttpHandler } from './http-handler.ts';
import { defaultMaxMessageLength } from './library.ts';
import { listenOn, type ListenAddress, type Listener, type ServerTls } from './listener.ts';
import { GrpcRoutes } from './routes.ts';
import { RpcError } from './rpc-error.ts';
import { ServerCall } from './server-call.ts';

export interface GrpcServerOptions {
  services: readonly Implementation[];
  maxMessageLength?: number;
  /** What a client is told of an error that is no `RpcError`. */
  toRpcError?: (error: unknown) => unknown;
  /** Answers what is not gRPC. */
  http?: HttpHandler;
  clock?: Clock;
  log?: Logger;
}

const closeGraceMs = 2000;
/** A client that has gone without a word is noticed in some minutes. */
const keepAliveMs = 60_000;
/** Who connects and says nothing is sent away, as by grpc-go (`ConnectionTimeout`). */
const silenceMs = 120_000;

/**
 * Serves gRPC on connections that it is handed, over an HTTP/2 of its own: clients of etcd before 3.5 send what Node's
 * refuses, and it is the greater part of a small call (docs/decisions/0008).
 */
export class GrpcServer {
  readonly #options: GrpcServerOptions;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #routes: GrpcRoutes;
  readonly #http1: http.Server | undefined;
  readonly #listeners: Listener[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #connections = new Set<ServerConnection>();
  readonly #calls = new Set<ServerCall>();
  #closing = false;

  constructor(options: GrpcServerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? silentLogger;
    this.#routes = new GrpcRoutes(options.services, {
      maxMessageLength: options.maxMessageLength ?? defaultMaxMessageLength,
      toRpcError: options.toRpcError ?? ((error) => error),
      log: this.#log,
    });
    const { http: handler } = options;
    if (handler) this.#http1 = http.createServer((request, response) => void answerHttp1(handler, request, response));
  }

  /** Takes connections at an address; returns the port. Throws when the address cannot be had. */
  async listen(address: ListenAddress, tls?: ServerTls): Promise<number> {
    const listener = await listenOn(address, {
      ...(tls && { tls }),
      onConnection: (socket) => this.accept(socket),
      onFailure: (error) => this.#log.debug({ error: error.message }, 'a connection failed'),
    });
    this.#listeners.push(listener);
    return listener.port;
  }

  /** Serves a connection: a plain one, or one of TLS whose handshake is over. */
  accept(socket: Socket): void {
    if (this.#closing) return void socket.destroy();
    this.#sockets.add(socket);
    socket.setNoDelay(true).setKeepAlive(true, keepAliveMs);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    if (!this.#http1) this.#serveHttp2(socket);
    else this.#serveOnceKnown(socket, this.#http1);
  }

  /** Takes no more calls, ends streams with `Unavailable`, and waits a little for the rest. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const listener of this.#listeners) listener.close();
    const reason = new RpcError('Unavailable', 'the call was ended');
    for (const call of this.#calls) call.shutDown(reason);
    for (const connection of this.#connections) connection.close();
    this.#http1?.closeIdleConnections();
    const timer = this.#clock.timer(closeGraceMs, () => this.#destroyAll());
    await Promise.all(Array.from(this.#sockets, closed));
    timer.cancel();
  }

  /** HTTP/2 announces itself with its first bytes; HTTP/1 begins with another word. */
  #serveOnceKnown(socket: Socket, http1: http.Server): void {
    const timer = this.#clock.timer(silenceMs, () => socket.destroy());
    socket.once('close', () => timer.cancel());
    socket.once('readable', () => {
      timer.cancel();
      const head: Buffer | null = socket.read();
      if (!head || this.#closing) return void socket.destroy();
      const isHttp2 = preface.subarray(0, head.length).equals(head.subarray(0, preface.length));
      if (isHttp2) return this.#serveHttp2(socket, head);
      socket.unshift(head);
      http1.emit('connection', socket);
      socket.resume();
    });
  }

  #serveHttp2(socket: Socket, head?: Buffer): void {
    const connection = new ServerConnection({
      socket,
      elapsed: () => this.#clock.elapsed(),
      onStream: (stream) => this.#answer(stream),
      onFailure: (error) => this.#log.debug({ error: error.message }, 'a client broke the rules of HTTP/2'),
    });
    this.#connections.add(connection);
    socket.on('close', () => this.#connections.delete(connection));
    if (head) connection.receive(head);
    socket.resume();
  }

  #answer(stream: ServerStream): void {
    if (!stream.headers.get('content-type')?.startsWith('application/grpc')) return this.#answerOther(stream);
    const call = new ServerCall(stream, this.#clock);
    this.#calls.add(call);
    this.#routes.answer(stream.headers.get(':path') ?? '', call, () => {
      this.#calls.delete(call);
      call.abandon();
    });
  }

  #answerOther(stream: ServerStream): void {
    const { http: handler } = this.#options;
    if (handler) void answerHttp2(handler, stream);
    else stream.respond(encodeHeaders([':status', '415']), true);
  }

  #destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** Serves over gRPC at one address; returns its port too. Throws when the address cannot be had. */
export async function serveGrpc(
  options: GrpcServerOptions & { listen: ListenAddress; tls?: ServerTls },
): Promise<{ port: number; close(): Promise<void> }> {
  const server = new GrpcServer(options);
  const port = await server.listen(options.listen, options.tls);
  return { port, close: () => server.close() };
}
