import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import type { Component, Logger } from '#base';

export interface FrontOptions {
  /** Where clients connect. */
  listen: readonly { host: string; port: number }[];
  /** Where the servers are. */
  targets: readonly { host: string; port: number }[];
  log: Logger;
  /** How long a server may take to take a connection. Default: one second. */
  connectTimeoutMs?: number;
}

/**
 * One address for several API servers: carries each connection to the next server that takes it. It looks at no byte:
 * clients speak TLS with the server itself.
 */
export class Front implements Component {
  readonly #options: FrontOptions;
  readonly #open = new Set<Socket>();
  readonly #listening = Promise.withResolvers<readonly number[]>();
  #turn = 0;

  /** The ports, in the order of `listen`, once clients can connect. */
  readonly ready: Promise<readonly number[]> = this.#listening.promise;

  constructor(options: FrontOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const servers = await Promise.all(this.#options.listen.map((address) => this.#listen(address)));
    this.#listening.resolve(servers.map(portOf));
    if (!signal.aborted) await once(signal, 'abort');
    const closed = servers.map((server) => once(server, 'close'));
    for (const server of servers) server.close();
    for (const socket of this.#open) socket.destroy();
    await Promise.all(closed);
  }

  async #listen(address: { host: string; port: number }): Promise<Server> {
    const server = createServer({ allowHalfOpen: true }, (caller) => void this.#carry(caller));
    server.listen(address);
    await once(server, 'listening');
    return server;
  }

  async #carry(caller: Socket): Promise<void> {
    this.#track(caller);
    const { targets, log } = this.#options;
    const first = this.#turn++;
    for (let tries = 0; tries < targets.length && !caller.destroyed; tries++) {
      const target = targets[(first + tries) % targets.length];
      const socket = target && (await this.#connect(target));
      if (socket) return join(caller, socket);
      log.debug({ ...target }, 'front: a server takes no connection');
    }
    caller.destroy();
  }

  /** Undefined when the server does not take the connection in time. */
  #connect({ host, port }: { host: string; port: number }): Promise<Socket | undefined> {
    const socket = createConnection({ host, port, allowHalfOpen: true, noDelay: true });
    this.#track(socket);
    const { promise, resolve } = Promise.withResolvers<Socket | undefined>();
    socket.setTimeout(this.#options.connectTimeoutMs ?? 1_000, () => socket.destroy());
    socket.once('connect', () => {
      socket.setTimeout(0);
      resolve(socket);
    });
    socket.once('close', () => resolve(undefined));
    return promise;
  }

  #track(socket: Socket): void {
    this.#open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#open.delete(socket));
  }
}

/** Each end sees what becomes of the other. */
function join(caller: Socket, server: Socket): void {
  if (caller.destroyed) return void server.destroy();
  caller.on('close', () => server.destroy());
  server.on('close', () => caller.destroy());
  caller.pipe(server).pipe(caller);
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
