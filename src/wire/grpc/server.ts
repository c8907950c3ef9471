import * as http from 'node:http';
import * as http2 from 'node:http2';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { silentLogger, systemClock, type Clock, type Logger } from '#base';
import { GrpcRoutes } from './routes.ts';
import type { Implementation } from './handlers.ts';
import { answerHttp1, answerHttp2, type HttpHandler } from './http-handler.ts';
import { defaultMaxMessageLength } from './library.ts';
import { listenOn, type ListenAddress, type Listener, type ServerTls } from './listener.ts';
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
const windowBytes = 1024 * 1024;
/** Node.js counts what waits to be sent and refuses streams beyond it; slow watchers may let much wait. */
const sessionMemoryMegabytes = 1000;
const preface = 'PRI';

/**
 * Serves gRPC on connections that it is handed. It stands on Node's HTTP/2 and not on grpc-js, whose server takes
 * three times the processor time for a small call, 50 ms to load, and no other HTTP on its port (docs/decisions/0008).
 */
export class GrpcServer {
  readonly #options: GrpcServerOptions;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #routes: GrpcRoutes;
  readonly #http2: http2.Http2Server;
  readonly #http1: http.Server | undefined;
  readonly #listeners: Listener[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Set<http2.ServerHttp2Session>();
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
    this.#http2 = this.#http2Server();
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
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    if (!this.#http1) this.#http2.emit('connection', socket);
    else if (socket instanceof TLSSocket) this.#serve(socket, socket.alpnProtocol === 'h2');
    else this.#serveOnceKnown(socket);
  }

  /** Takes no more calls, ends streams with `Unavailable`, and waits a little for the rest. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const listener of this.#listeners) listener.close();
    const reason = new RpcError('Unavailable', 'the call was ended');
    for (const call of this.#calls) call.shutDown(reason);
    this.#http1?.closeIdleConnections();
    for (const session of this.#sessions) session.close();
    const timer = this.#clock.timer(closeGraceMs, () => this.#destroyAll());
    await Promise.all(Array.from(this.#sockets, closed));
    timer.cancel();
  }

  /** HTTP/2 announces itself with its first bytes; HTTP/1 begins with another word. */
  #serveOnceKnown(socket: Socket): void {
    socket.once('readable', () => {
      const head: Buffer | null = socket.read();
      if (!head) return void socket.destroy();
      socket.unshift(head);
      this.#serve(socket, head.toString('latin1', 0, preface.length) === preface);
    });
  }

  #serve(socket: Socket, isHttp2: boolean): void {
    if (this.#closing) socket.destroy();
    else if (isHttp2) this.#http2.emit('connection', socket);
    else {
      this.#http1?.emit('connection', socket);
      socket.resume();
    }
  }

  #http2Server(): http2.Http2Server {
    const server = http2.createServer({
      maxSessionMemory: sessionMemoryMegabytes,
      settings: { maxConcurrentStreams: 2 ** 32 - 1, initialWindowSize: windowBytes },
    });
    server.on('session', (session) => this.#track(session));
    server.on('sessionError', (error) => this.#log.debug({ error: error.message }, 'an HTTP/2 session failed'));
    server.on('stream', (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) =>
      this.#answer(stream, headers),
    );
    return server;
  }

  #track(session: http2.ServerHttp2Session): void {
    this.#sessions.add(session);
    session.setLocalWindowSize(windowBytes * 4);
    session.on('close', () => this.#sessions.delete(session));
    session.on('error', () => session.destroy());
  }

  #answer(stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders): void {
    const path = headers[':path'] ?? '';
    if (!headers['content-type']?.startsWith('application/grpc')) return this.#answerOther(stream, headers);
    const call = new ServerCall(stream, headers, this.#clock);
    this.#calls.add(call);
    stream.once('close', () => {
      this.#calls.delete(call);
      call.abandon();
    });
    this.#routes.answer(path, call);
  }

  #answerOther(stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders): void {
    const { http: handler } = this.#options;
    if (handler) return void answerHttp2(handler, stream, headers[':method'], headers[':path']);
    stream.on('error', () => {});
    stream.respond([':status', '415'], { endStream: true });
  }

  #destroyAll(): void {
    for (const session of this.#sessions) session.destroy();
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
