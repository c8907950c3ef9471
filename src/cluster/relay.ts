import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { messageOf, type Component, type Logger } from '#base';

/**
 * Carries TCP connections from one network namespace to another over a unix socket, which every namespace can reach.
 * The nodes pull images and ask upstream DNS servers through the server's relay, so that the machine's firewall and
 * routes need not let them out; the API server reaches pods through the relay of a node.
 *
 * The caller sends one line of JSON, `{"host":"...","port":1}`, and gets one back: `{}` or `{"error":"..."}`. Then bytes.
 */
export class Relay implements Component {
  readonly #path: string;
  readonly #log: Logger;
  readonly #connect: (host: string, port: number) => Socket;
  readonly #open = new Set<Socket>();
  readonly #listening = Promise.withResolvers<void>();

  /** Resolves when callers can connect. */
  readonly ready: Promise<void> = this.#listening.promise;

  constructor(options: { path: string; log: Logger; connect?: (host: string, port: number) => Socket }) {
    this.#path = options.path;
    this.#log = options.log;
    this.#connect = options.connect ?? ((host, port) => createConnection({ host, port }));
  }

  async run(signal: AbortSignal): Promise<void> {
    await rm(this.#path, { force: true });
    const server = createServer({ allowHalfOpen: true }, (caller) => this.#accept(caller));
    server.listen({ path: this.#path });
    await once(server, 'listening');
    this.#listening.resolve();
    if (!signal.aborted) await once(signal, 'abort');
    await this.#close(server);
  }

  async #close(server: Server): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  #accept(caller: Socket): void {
    this.#track(caller);
    readLine(caller)
      .then((line) => this.#dial(caller, JSON.parse(line) as Target))
      .catch((error: unknown) => {
        this.#log.debug({ error }, 'relay: a caller left or sent no target');
        caller.destroy();
      });
  }

  #dial(caller: Socket, { host, port }: Target): void {
    const target = this.#connect(host, port);
    this.#track(target);
    const onError = (error: Error): void => {
      caller.end(`${JSON.stringify({ error: messageOf(error) })}\n`);
    };
    target.once('error', onError);
    target.once('connect', () => {
      target.off('error', onError);
      target.on('error', () => caller.destroy());
      caller.write('{}\n');
      caller.pipe(target).pipe(caller);
    });
    caller.on('close', () => target.destroy());
  }

  #track(socket: Socket): void {
    this.#open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#open.delete(socket));
  }
}

interface Target {
  host: string;
  port: number;
}

/** Dials a TCP address through a relay; throws with the target's name when the other side cannot reach it. */
export async function dialThrough(relayPath: string, host: string, port: number): Promise<Duplex> {
  const socket = createConnection({ path: relayPath, allowHalfOpen: true });
  try {
    await once(socket, 'connect');
    socket.write(`${JSON.stringify({ host, port })}\n`);
    const { error } = JSON.parse(await readLine(socket)) as { error?: string };
    if (error) throw new Error(`${host}:${port}: ${error}`);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** The longest line that is read before the bytes begin. */
const maxLineBytes = 1024;

/**
 * Reads up to the first newline; what follows stays in the socket. It listens for `readable` and not for `data`, since a
 * socket that was paused by hand would not flow by itself for whoever gets it next.
 */
function readLine(socket: Socket): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let gathered = Buffer.alloc(0);
  const onClose = (): void => reject(new Error('the other side closed before its first line'));
  const finish = (): void => {
    socket.off('readable', onReadable);
    socket.off('close', onClose);
    socket.off('error', reject);
  };
  const onReadable = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (!chunk) return;
    gathered = Buffer.concat([gathered, chunk]);
    const end = gathered.indexOf(10);
    if (end < 0 && gathered.length <= maxLineBytes) return;
    finish();
    if (end < 0) return reject(new Error('the first line is too long'));
    if (gathered.length > end + 1) socket.unshift(gathered.subarray(end + 1));
    resolve(gathered.subarray(0, end).toString());
  };
  socket.on('readable', onReadable);
  socket.once('close', onClose);
  socket.once('error', reject);
  return promise;
}
