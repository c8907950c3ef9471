import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import type { Clock, Component, Logger } from '#base';
import { HealthChecks, type Target } from './health-checks.ts';

export interface FrontOptions {
  /** Where clients connect. */
  listen: readonly { host: string; port: number }[];
  /** Where the servers are. */
  targets: readonly Target[];
  /** Rejects when a server is not well. */
  check: (target: Target, signal: AbortSignal) => Promise<void>;
  clock: Clock;
  log: Logger;
  /** How long a server may take to take a connection. Default: one second. */
  connectTimeoutMs?: number;
}

/**
 * One address for several API servers: carries each connection to the next server that is well and takes it. It looks at
 * no byte: clients speak TLS with the server itself. The connections to a server that has fallen silent are cut, so that
 * clients come again and get another. One that says that it is not ready keeps those it has: what it lacks may be etcd,
 * which all of them lack.
 */
export class Front implements Component {
  readonly #options: FrontOptions;
  readonly #health: HealthChecks;
  readonly #open = new Set<Socket>();
  readonly #carried = new Map<Target, Set<Socket>>();
  readonly #listening = Promise.withResolvers<readonly number[]>();
  #turn = 0;

  /** The ports, in the order of `listen`, once clients can connect. */
  readonly ready: Promise<readonly number[]> = this.#listening.promise;

  constructor(options: FrontOptions) {
    this.#options = options;
    this.#health = new HealthChecks({ ...options, onSilent: (target) => this.#cut(target) });
  }

  async run(signal: AbortSignal): Promise<void> {
    const servers = await Promise.all(this.#options.listen.map((address) => this.#listen(address)));
    this.#listening.resolve(servers.map(portOf));
    await this.#health.run(signal);
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
    for (const target of this.#inTurn()) {
      if (caller.destroyed) return;
      const socket = await this.#connect(target);
      if (socket) return this.#join(caller, socket, target);
      this.#options.log.debug({ ...target }, 'front: a server takes no connection');
    }
    caller.destroy();
  }

  /** The servers in the order in which they are tried: those that are not well are the last resort. */
  #inTurn(): Target[] {
    const { targets } = this.#options;
    const first = this.#turn++ % targets.length;
    const all = [...targets.slice(first), ...targets.slice(0, first)];
    const isIn = (target: Target): boolean => this.#health.isIn(target);
    return [...all.filter(isIn), ...all.filter((target) => !isIn(target))];
  }

  /** Ends what is carried to a server, if there is another to go to. */
  #cut(target: Target): void {
    if (!this.#options.targets.some((one) => this.#health.isIn(one))) return;
    for (const socket of this.#carried.get(target) ?? []) socket.destroy();
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

  /** Each end sees what becomes of the other. */
  #join(caller: Socket, server: Socket, target: Target): void {
    if (caller.destroyed) return void server.destroy();
    const carried = this.#carried.get(target) ?? new Set();
    this.#carried.set(target, carried.add(server));
    caller.on('close', () => server.destroy());
    server.on('close', () => {
      carried.delete(server);
      caller.destroy();
    });
    caller.pipe(server).pipe(caller);
  }

  #track(socket: Socket): void {
    this.#open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#open.delete(socket));
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
