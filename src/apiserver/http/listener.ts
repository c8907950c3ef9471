import { once } from 'node:events';
import { ServerResponse, type IncomingMessage } from 'node:http';
import { createSecureServer, type Http2SecureServer, type Http2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock, Logger } from '#base';
import { StatusError } from '#machinery';
import { Exchange, type Incoming, type Outgoing, type Upgrade } from './exchange.ts';

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
      settings: { maxConcurrentStreams: 1000, initialWindowSize: 1024 * 1024 },
    });
    // Clients reuse idle connections for longer than Node's five seconds and would race its closing them.
    Object.assign(this.#server, { keepAliveTimeout: 120_000, requestTimeout: 0 });
    // The declared type is HTTP/2's only; with `allowHTTP1` either kind comes, and `Outgoing` is what they share.
    this.#server.on('request', (request, response) => this.#accept(request, response as unknown as Outgoing));
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

  #track(session: Http2Session): void {
    this.#sessions.add(session);
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
    this.#accept(request, response, { socket, head, release, restore });
  }

  #accept(incoming: Incoming, outgoing: Outgoing, upgrade?: Upgrade): void {
    let exchange: Exchange;
    try {
      exchange = new Exchange(incoming, outgoing, upgrade);
    } catch (error) {
      outgoing.statusCode = error instanceof StatusError ? error.code : 500;
      outgoing.end(`${error instanceof Error ? error.message : 'bad request'}\n`);
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
