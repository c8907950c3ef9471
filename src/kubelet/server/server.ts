import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { messageOf, type Component, type Logger } from '#base';
import { maxHeaderBytes, refuseUpgrade } from '#wire';
import { callerOf, defaultAuthorize, type Authorize } from './authenticate.ts';
import { HttpError } from './http-error.ts';
import { answer, type RouteContext } from './routes.ts';
import { proxyToRuntime } from './streaming.ts';
import { streamUrl } from './upgrades.ts';

/** How and where the kubelet's API is served. */
export interface Serving {
  readonly certPem: string;
  readonly keyPem: string;
  /** The CA that client certificates must come from. */
  readonly clientCaPem: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly authorize?: Authorize;
}

/** The kubelet's HTTPS API: logs, exec, attach, port-forward, pods, stats. Only for the API server and administrators. */
export class KubeletServer implements Component {
  /** The port it listens on. */
  readonly listening: Promise<number>;
  readonly #context: RouteContext;
  readonly #serving: Serving;
  readonly #log: Logger;
  readonly #resolve: (port: number) => void;
  readonly #reject: (error: unknown) => void;
  readonly #sockets = new Set<Duplex>();

  constructor({ context, serving, log }: { context: RouteContext; serving: Serving; log: Logger }) {
    this.#context = context;
    this.#serving = serving;
    this.#log = log;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.listening = promise;
    promise.catch(() => {}); // `run` rejects with the same
    this.#resolve = resolve;
    this.#reject = reject;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { certPem, keyPem, clientCaPem, host, port } = this.#serving;
    const server = createServer({
      cert: certPem,
      key: keyPem,
      ca: clientCaPem,
      requestCert: true,
      rejectUnauthorized: false, // told with 401, as upstream, not by a broken handshake
      minVersion: 'TLSv1.2',
      maxHeaderSize: maxHeaderBytes,
    });
    server.on('request', (request, response) => void this.#request(request, response));
    server.on(
      'upgrade',
      (request: IncomingMessage, socket: Duplex, head: Buffer) => void this.#upgrade(request, socket, head),
    );
    server.on('secureConnection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => socket.destroy());
    });
    const closed = new Promise<void>((resolve, reject) => {
      server.on('close', resolve);
      server.on('error', (error) => {
        this.#reject(error);
        reject(error);
      });
    });
    const stop = (): void => this.#close(server);
    signal.addEventListener('abort', stop, { once: true });
    server.listen(port, host, () => {
      const address = server.address();
      this.#resolve(typeof address === 'object' && address ? address.port : port);
      if (signal.aborted) stop();
    });
    await closed;
  }

  #close(server: Server): void {
    server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #admit(request: IncomingMessage): void {
    const caller = request.socket instanceof TLSSocket ? callerOf(request.socket) : undefined;
    if (!caller) throw new HttpError(401, 'Unauthorized');
    const authorize = this.#serving.authorize ?? defaultAuthorize;
    if (authorize(caller)) return;
    const verb = request.method === 'GET' ? 'get' : 'create';
    throw new HttpError(403, `Forbidden (user=${caller.name}, verb=${verb}, resource=nodes, subresource(s)=[proxy])`);
  }

  async #request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.#admit(request);
      await answer(this.#context, request, response);
    } catch (error) {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const [code, message] = this.#told(error, request);
      response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(`${message}\n`);
    }
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    try {
      this.#admit(request);
      const url = await streamUrl(this.#context, new URL(request.url ?? '/', 'https://kubelet'));
      await proxyToRuntime(request, socket, head, url);
    } catch (error) {
      const [code, message] = this.#told(error, request);
      refuseUpgrade(socket, code, `${message}\n`);
    }
  }

  #told(error: unknown, request: IncomingMessage): readonly [number, string] {
    if (error instanceof HttpError) return [error.code, error.message];
    this.#log.warn({ error, path: request.url?.split('?')[0] }, 'request failed');
    return [500, messageOf(error)];
  }
}
