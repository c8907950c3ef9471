import { rm, chmod } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Clock, Component, Logger, Random } from '#base';
import { openEtcdServer, type EtcdServer, type Member } from '#etcd';

export interface StoreSocketOptions {
  member: Member;
  path: string;
  clock: Clock;
  random: Random;
  log: Logger;
}

/**
 * The store of a cluster on a unix socket, for etcdctl and other clients of etcd; only its owner may connect. What speaks
 * the protocol is loaded when the first of them does: most clusters have none.
 */
export class StoreSocket implements Component {
  readonly #options: StoreSocketOptions;
  #server: Promise<EtcdServer> | undefined;

  constructor(options: StoreSocketOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { path } = this.#options;
    const listener = createServer((socket) => void this.#accept(socket));
    await rm(path, { force: true });
    listener.listen(path);
    await once(listener, 'listening');
    await chmod(path, 0o600); // the folder is closed to others, too
    if (!signal.aborted) await once(signal, 'abort');
    listener.close();
    await (await this.#server)?.close();
  }

  async #accept(socket: Socket): Promise<void> {
    socket.on('error', () => socket.destroy());
    try {
      this.#server ??= openEtcdServer({ ...this.#options, clientUrls: [`unix://${this.#options.path}`] });
      (await this.#server).accept(socket);
    } catch (error) {
      this.#options.log.warn({ error }, 'the store cannot be served to clients of etcd');
      this.#server = undefined;
      socket.destroy();
    }
  }
}
