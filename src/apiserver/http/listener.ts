import { once } from 'node:events';
import { ServerResponse, type IncomingMessage } from 'node:http';
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock, Logger } from '#base';
import { StatusError } from '#machinery';
import type { Channel, Upgrade } from './channel.ts';
import { Exchange } from './exchange.ts';
import { Http1Channel } from './http1-channel.ts';
import { Http2Channel } from './http2-channel.ts';

export interface TlsOptions {
  certPem: string;
  keyPem: string;
  /** Who signs client certificates. */
  clientCaPem: string;
}

export interface ListenerOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  tls: TlsOptions;
  clock: Clock;
  log: Logger;
  handle(exchange: Exchange): Promise<void>;
}

/** What a client may send of a request before it is read, and of how many at once (`pkg/server/secure_serving.go`). */
const uploadBytes = 256 * 1024;
const bufferedUploads = 100;

/** One address that speaks HTTPS: HTTP/2, HTTP/1.1, and upgrades of HTTP/1.1. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #server: Http2SecureServer;
  readonly #sessions = new Set<Http2Session>();
  readonly #sockets = new Set<Socket>();
  readonly #exchanges = new Set<Exchange>();

  constructor(options: ListenerOptions) {
    this.#options = options;
    const { tls } = options;
    this.#server = createSecureServer({
      allowHTTP1: true,
      cert: tls.certPem,
      key: tls.keyPem,
      ca: tls.clientCaPem,
      // Who shows no certificate may show a token instead.
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      // A client's informers each hold a stream of the one connection.
      settings: { maxConcurrentStreams: 1000, initialWindowSize: uploadBytes, maxFrameSize: uploadBytes },
    });
    // Clients reuse idle connections for longer than Node's five seconds and would race its closing them.
    Object.assign(this.#server, { keepAliveTimeout: 120_000, requestTimeout: 0 });
    this.#server.on('request', (request, response) => this.#acceptHttp1(request, response));
    // With a listener for HTTP/1 requests the server makes the like of streams too; here streams are taken as they are.
    this.#server.removeAllListeners('stream');
    this.#server.on('stream', (stream, headers, flags) =>
      this.#acceptStream(stream as ServerHttp2Stream, headers, flags),
    );
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#acceptUpgrade(request, socket, head),
    );
    this.#server.on('session', (session) => this.#track(session));
    this.#server.on('connection', (socket: Socket) => this.#trackSocket(socket));
    this.#server.on('tlsClientError', (error) => options.log.debug({ error: error.message }, 'TLS handshake failed'));
    this.#server.on('sessionError', (error) => options.log.debug({ error: error.message }, 'HTTP/2 session failed'));
    this.#server.on('error', (error) => options.log.warn({ error }, 'listener failed'));
  }

  /** Binds the address; resolves with the port. Rejects when it is taken. */
  async listen(): Promise<number> {
    const { host, port } = this.#options;
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port; // a TCP server's address
  }

  /** Takes no more requests, ends the streams that run, and resolves when all connections are gone. */
  async close(graceMs: number): Promise<void> {
    const closed = once(this.#server, 'close');
    // This also asks HTTP/2 sessions to end behind their last answer, and closes idle HTTP/1 connections.
    this.#server.close();
    for (const exchange of this.#exchanges) exchange.abort(new Error('the server is shutting down'));
    const timer = this.#options.clock.timer(graceMs, () => this.#destroy());
    await closed;
    timer.cancel();
  }

  #destroy(): void {
    for (const session of this.#sessions) session.destroy();
    for (const socket of this.#sockets) socket.destroy();
  }

  #track(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    session.setLocalWindowSize(uploadBytes * bufferedUploads);
    session.on('close', () => this.#sessions.delete(session));
    session.on('error', () => session.destroy());
  }

  #trackSocket(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }

  /** An upgrade that is refused, or answered plainly, is answered on the same connection. */
  #acceptUpgrade(request: IncomingMessage, duplex: Duplex, head: Buffer): void {
    const socket = duplex as Socket; // a server's upgrade event brings the TLS socket itself
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    const restore = (): void => response.assignSocket(socket);
    const release = (): void => response.detachSocket(socket);
    socket.on('error', () => socket.destroy());
    restore();
    response.on('finish', () => {
      release();
      socket.destroySoon();
    });
    this.#accept(new Http1Channel(request, response), { request, socket, head, release, restore });
  }

  /** The declared types are HTTP/2's only; with `allowHTTP1` these are HTTP/1's. */
  #acceptHttp1(request: object, response: object): void {
    this.#accept(new Http1Channel(request as IncomingMessage, response as ServerResponse));
  }

  #acceptStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number): void {
    this.#accept(new Http2Channel(stream, headers, flags));
  }

  #accept(channel: Channel, upgrade?: Upgrade): void {
    let exchange: Exchange;
    try {
      exchange = new Exchange(channel, upgrade);
    } catch (error) {
      const message = Buffer.from(`${error instanceof Error ? error.message : 'bad request'}\n`);
      channel.respond(error instanceof StatusError ? error.code : 500, ['Content-Type', 'text/plain'], [message]);
      return;
    }
    this.#exchanges.add(exchange);
    this.#options
      .handle(exchange)
      .catch((error: unknown) => {
        this.#options.log.error({ path: exchange.path, error }, 'request broke off');
        exchange.endStream();
      })
      .finally(() => this.#exchanges.delete(exchange));
  }
}
