import { once } from 'node:events';
import { createServer as createHttp1Server, ServerResponse, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer, type Server as TlsServer, type TLSSocket } from 'node:tls';
import type { Clock, Logger } from '#base';
import { StatusError } from '#machinery';
import { Http2ServerConnection, maxHeaderBytes } from '#wire';
import type { Channel, Upgrade } from './channel.ts';
import { Exchange } from './exchange.ts';
import { Http1Channel } from './http1-channel.ts';
import { Http2Channel } from './http2-channel.ts';
import { badRequestText, requestOfUnknownMethod } from './unknown-method.ts';

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
  /** Told of clients that could not agree with the server on how to speak. */
  handshakeFailed?(): void;
}

/** What Node tells of bytes that it cannot read. */
type ParseError = Error & { code?: string; rawPacket?: Buffer };

/** What a client may send of a request before it is read, and of how many at once (`pkg/server/secure_serving.go`). */
const streamWindowBytes = 256 * 1024;
const connectionWindowBytes = 100 * streamWindowBytes;
/** A client's informers each hold a stream of the one connection. */
const maxConcurrentStreams = 1000;

/** One address that speaks HTTPS: HTTP/2, HTTP/1.1, and upgrades of HTTP/1.1. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #server: TlsServer;
  readonly #http1: Server;
  readonly #connections = new Set<Http2ServerConnection>();
  readonly #sockets = new Set<Socket>();
  readonly #exchanges = new Set<Exchange>();

  constructor(options: ListenerOptions) {
    this.#options = options;
    const { tls } = options;
    this.#server = createServer({
      ALPNProtocols: ['h2', 'http/1.1'],
      cert: tls.certPem,
      key: tls.keyPem,
      ca: tls.clientCaPem,
      // Who shows no certificate may show a token instead.
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
    });
    // Clients reuse idle connections for longer than Node's five seconds and would race its closing them.
    this.#http1 = createHttp1Server({
      keepAliveTimeout: 120_000,
      requestTimeout: 0,
      maxHeaderSize: maxHeaderBytes,
    });
    this.#http1.on('request', (request, response) => this.#accept(new Http1Channel(request, response)));
    this.#http1.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#acceptUpgrade(request, socket, head),
    );
    this.#http1.on('connect', (request: IncomingMessage, socket: Duplex) =>
      this.#acceptAlone(request, socket as Socket),
    );
    this.#http1.on('clientError', (error: ParseError, socket: Duplex) => this.#refuse(error, socket as Socket));
    this.#server.on('connection', (socket: Socket) => this.#trackSocket(socket));
    this.#server.on('secureConnection', (socket) => this.#serve(socket));
    this.#server.on('tlsClientError', (error) => {
      options.handshakeFailed?.();
      options.log.debug({ error: error.message }, 'TLS handshake failed');
    });
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
    this.#server.close();
    for (const exchange of this.#exchanges) exchange.abort(new Error('the server is shutting down'));
    for (const connection of this.#connections) connection.close();
    this.#http1.closeIdleConnections();
    const timer = this.#options.clock.timer(graceMs, () => this.#destroy());
    await closed;
    timer.cancel();
  }

  #destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: TLSSocket): void {
    socket.on('error', () => socket.destroy());
    if (socket.alpnProtocol === 'h2') this.#serveHttp2(socket);
    else this.#http1.emit('connection', socket);
  }

  #serveHttp2(socket: TLSSocket): void {
    const connection = new Http2ServerConnection({
      socket,
      elapsed: () => this.#options.clock.elapsed(),
      onStream: (stream) => this.#accept(new Http2Channel(stream)),
      onFailure: (error) => this.#options.log.debug({ error: error.message }, 'a client broke the rules of HTTP/2'),
      streamWindowBytes,
      connectionWindowBytes,
      maxConcurrentStreams,
    });
    this.#connections.add(connection);
    socket.on('close', () => this.#connections.delete(connection));
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
    this.#acceptAlone(request, socket, head);
  }

  /** What Node's parser knows no method of is a request all the same; what is none is told so, as Go's server does. */
  #refuse({ code, rawPacket }: ParseError, socket: Socket & { _httpMessage?: unknown }): void {
    // An answer that is under way on the connection cannot be followed by another.
    if (!socket.writable || socket._httpMessage) return void socket.destroy();
    const request = code === 'HPE_INVALID_METHOD' && rawPacket ? requestOfUnknownMethod(rawPacket, socket) : undefined;
    if (request) this.#acceptAlone(request, socket);
    else socket.end(badRequestText(code), () => socket.destroy());
  }

  /** The last request of a connection; with a `head`, one that may take the connection over. */
  #acceptAlone(request: IncomingMessage, socket: Socket, head?: Buffer): void {
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
    const upgrade = head && { request, socket, head, release, restore };
    this.#accept(new Http1Channel(request, response), upgrade);
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
