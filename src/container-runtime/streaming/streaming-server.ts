import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { messageOf, type Timer } from '#base';
import { CriError, type AttachRequest, type ExecRequest, type PortForwardRequest } from '#cri';
import { acceptPortForward, acceptRemoteCommand, refuseUpgrade, UpgradeError, type RemoteStreams } from '#wire';
import { requireRunning } from '../container/container-config.ts';
import type { Context } from '../context.ts';
import { findSandbox } from '../sandbox/sandbox-config.ts';
import { serveAttach } from './attach.ts';
import { exitStatus, failureStatus } from './exec-status.ts';
import { serveExec } from './exec.ts';
import { servePortForward } from './port-forward.ts';

interface Upgrade {
  req: IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

interface Ticket {
  serve: (upgrade: Upgrade) => Promise<void>;
  timer: Timer;
}

/** How long a URL may wait for who asked for it, and how many may. The figures of containerd and CRI-O. */
const ticketMs = 60_000;
const maxTickets = 1000;

/**
 * Serves what the kubelet hands on to clients: exec, attach, port-forward. CRI answers a URL with a random word in it,
 * which is good once and for a minute; who has it is the one who asked for it.
 */
export class StreamingServer {
  readonly #context: Context;
  readonly #server: Server;
  readonly #tickets = new Map<string, Ticket>();
  readonly #sockets = new Set<Duplex>();

  constructor(context: Context) {
    this.#context = context;
    this.#server = createServer((_, response) => response.writeHead(404).end('not found\n'));
    this.#server.on('upgrade', (req, socket, head) => void this.#upgrade({ req, socket, head }));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // it listens on TCP
  }

  async listen(): Promise<void> {
    this.#server.listen(this.#context.options.streaming);
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    for (const { timer } of this.#tickets.values()) timer.cancel();
    this.#tickets.clear();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** The URL of a command's streams. Throws when the container does not run. */
  exec(request: ExecRequest): string {
    requireRunning(this.#context, request.containerId);
    if (!request.stdin && !request.stdout && !request.stderr)
      throw new CriError('InvalidArgument', 'one of stdin, stdout, or stderr must be set');
    return this.#ticket('exec', ({ req, socket, head }) =>
      this.#remoteCommand({ req, socket, head }, request, async (streams) =>
        exitStatus(await serveExec(this.#context, request, streams)),
      ),
    );
  }

  /** The URL of the streams of a container's first process. */
  attach(request: AttachRequest): string {
    requireRunning(this.#context, request.containerId);
    return this.#ticket('attach', (upgrade) =>
      this.#remoteCommand(upgrade, request, async (streams) => {
        await serveAttach(this.#context, request, streams);
        return exitStatus(0);
      }),
    );
  }

  /** The URL of connections to a pod's ports. */
  portForward(request: PortForwardRequest): string {
    if (!findSandbox(this.#context, request.podSandboxId))
      throw new CriError('NotFound', `failed to find sandbox "${request.podSandboxId}": not found`);
    return this.#ticket('portforward', async ({ req, socket, head }) => {
      const { clock } = this.#context;
      const connections = await acceptPortForward(req, socket, head, { clock, ports: request.port });
      await servePortForward(this.#context, request, connections);
    });
  }

  #ticket(verb: string, serve: Ticket['serve']): string {
    if (this.#tickets.size >= maxTickets)
      throw new CriError('ResourceExhausted', 'maximum number of in-flight requests exceeded');
    const { clock, random, options } = this.#context;
    const token = Buffer.from(random.bytes(24)).toString('base64url');
    const path = `/${verb}/${token}`;
    this.#tickets.set(path, { serve, timer: clock.timer(ticketMs, () => this.#tickets.delete(path)) });
    return `http://${options.streaming.host}:${this.port}${path}`;
  }

  async #upgrade(upgrade: Upgrade): Promise<void> {
    const { req, socket } = upgrade;
    const path = req.url?.split('?')[0] ?? '';
    const ticket = this.#tickets.get(path);
    if (!ticket) return refuseUpgrade(socket, 404, 'not found');
    this.#tickets.delete(path);
    ticket.timer.cancel();
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    try {
      await ticket.serve(upgrade);
    } catch (error) {
      if (!(error instanceof UpgradeError))
        this.#context.log.warn({ error, path: path.split('/')[1] }, 'a stream failed');
    }
  }

  async #remoteCommand(
    { req, socket, head }: Upgrade,
    request: { stdin: boolean; stdout: boolean; stderr: boolean; tty: boolean },
    work: (streams: RemoteStreams) => Promise<object>,
  ): Promise<void> {
    const { stdin, stdout, stderr, tty } = request;
    const streams = await acceptRemoteCommand(req, socket, head, {
      stdin,
      stdout,
      stderr,
      tty,
      clock: this.#context.clock,
    });
    for (const stream of [streams.stdout, streams.stderr, streams.error]) stream?.on('error', () => {}); // the client may leave
    try {
      streams.writeStatus(await work(streams));
    } catch (error) {
      streams.writeStatus(failureStatus(messageOf(error)));
    } finally {
      streams.close();
    }
  }
}
