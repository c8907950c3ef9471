import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import type * as net from 'node:net';
import type { Duplex } from 'node:stream';
import { acceptPortForward } from '../streams/port-forward.ts';
import { acceptRemoteCommand, type RemoteStreams, type StatusLike } from '../streams/remote-command.ts';
import type { TerminalSize } from '../streams/terminal-size.ts';

/**
 * A server whose "containers" are a few functions, told by the query's `command`: `cat`, `count N`, `exit N`,
 * `sizes N`, `stderr`, `hang`. Port-forward echoes, but refuses port 1.
 */
export interface ExecServer {
  url: string;
  port: number;
  /** Upgrades that are not over. */
  open: Set<Duplex>;
  errors: unknown[];
  close(): Promise<void>;
}

type Handler = (req: http.IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;

export interface ExecServerOptions {
  tls?: { cert: string; key: string };
  upgrade?: Handler;
  request?: http.RequestListener;
}

export async function startExecServer({ tls, upgrade, request }: ExecServerOptions = {}): Promise<ExecServer> {
  const server = tls ? https.createServer(tls) : http.createServer();
  const open = new Set<Duplex>();
  const errors: unknown[] = [];
  if (request) server.on('request', request);
  server.on('connection', (socket: net.Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.on('upgrade', (req, socket, head) => {
    (upgrade ?? serveUpgrade)(req, socket, head).catch((error: unknown) => errors.push(error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    open,
    errors,
    close: async () => {
      server.close();
      for (const socket of open) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
}

export async function serveUpgrade(req: http.IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://localhost');
  if (/portforward$/i.test(url.pathname)) return serveForwards(req, socket, head);
  const asked = (name: string): boolean => ['true', '1'].includes(url.searchParams.get(name) ?? '');
  const streams = await acceptRemoteCommand(req, socket, head, {
    stdin: asked('stdin'),
    stdout: asked('stdout'),
    stderr: asked('stderr'),
    tty: asked('tty'),
  });
  const status = await run(url.searchParams.getAll('command'), streams);
  streams.writeStatus(status);
  streams.close();
  await streams.closed;
}

async function run(command: string[], streams: RemoteStreams): Promise<StatusLike> {
  const amount = Number(command[1] ?? 0);
  switch (command[0]) {
    case 'cat':
      for await (const chunk of streams.stdin ?? []) await write(streams.stdout, chunk as Buffer);
      break;
    case 'count':
      for (let left = amount; left > 0; left -= 100_000) {
        await write(streams.stdout, Buffer.alloc(Math.min(left, 100_000), 'x'));
      }
      break;
    case 'stderr':
      await write(streams.stderr, Buffer.from('to stderr'));
      break;
    case 'sizes':
      await write(streams.stdout, Buffer.from(`${JSON.stringify(await sizes(streams.resize, amount))}\n`));
      break;
    case 'hang':
      await streams.closed;
      break;
    case 'exit':
      return exitStatus(amount);
    default:
  }
  return { status: 'Success' };
}

async function sizes(from: AsyncIterable<TerminalSize> | undefined, amount: number): Promise<TerminalSize[]> {
  const seen: TerminalSize[] = [];
  if (amount === 0) return seen;
  for await (const size of from ?? []) if (seen.push(size) === amount) break;
  return seen;
}

function write(to: RemoteStreams['stdout'], data: Buffer): Promise<void> {
  return new Promise((resolve, reject) => to?.write(data, (error) => (error ? reject(error) : resolve())));
}

function exitStatus(code: number): StatusLike {
  return {
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  } as StatusLike;
}

async function serveForwards(req: http.IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  for await (const { port, data, error } of await acceptPortForward(req, socket, head)) {
    if (port === 1) {
      error.end(`cannot reach port ${port}`);
      data.end();
      continue;
    }
    data.pipe(data);
    data.once('finish', () => error.end());
    data.once('close', () => error.end());
  }
}
