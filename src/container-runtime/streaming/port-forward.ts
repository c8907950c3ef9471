import { createConnection, type Socket } from 'node:net';
import { once } from 'node:events';
import { messageOf } from '#base';
import { CriError, type PortForwardRequest } from '#cri';
import type { ForwardedPort } from '#wire';
import type { Context } from '../context.ts';
import { NetnsDialer } from '../native/netns-dialer.ts';
import { namespacePath } from '../sandbox/namespaces.ts';
import { findSandbox } from '../sandbox/sandbox-config.ts';

/** Carries connections to ports of a pod, as if they came from inside it: also to what listens on its loopback alone. */
export async function servePortForward(
  context: Context,
  request: PortForwardRequest,
  connections: AsyncIterable<ForwardedPort>,
): Promise<void> {
  const sandbox = findSandbox(context, request.podSandboxId);
  if (!sandbox || sandbox.stopped)
    throw new CriError('Unknown', `sandbox container "${request.podSandboxId}" is not running`);
  const dialer = sandbox.ip ? new NetnsDialer(namespacePath(context.paths.sandbox(sandbox.id), 'net')) : undefined;
  const dial = (port: number): Promise<Socket> => (dialer ? dialer.dial(port) : dialHere(port));
  try {
    for await (const connection of connections) void carry(context, connection, dial);
  } finally {
    await dialer?.close();
  }
}

async function carry(
  context: Context,
  { port, data, error }: ForwardedPort,
  dial: (port: number) => Promise<Socket>,
): Promise<void> {
  error.on('error', () => {}); // the client is gone: nobody to tell
  try {
    const socket = await dial(port);
    await join(data, socket);
    error.end();
  } catch (cause) {
    context.log.debug({ error: cause, port }, 'port-forward');
    error.end(messageOf(cause));
    data.destroy();
  }
}

/** Copies both ways; each direction ends by itself, a broken one breaks the other. */
async function join(client: ForwardedPort['data'], server: Socket): Promise<void> {
  const over = Promise.all([closed(client), closed(server)]);
  client.on('error', () => server.destroy());
  server.on('error', () => client.destroy());
  client.on('close', () => server.destroy());
  client.pipe(server).pipe(client);
  await over;
}

function closed(stream: NodeJS.EventEmitter & { destroyed?: boolean }): Promise<void> {
  return stream.destroyed ? Promise.resolve() : new Promise((resolve) => stream.once('close', () => resolve()));
}

async function dialHere(port: number): Promise<Socket> {
  const socket = createConnection({ host: '127.0.0.1', port, allowHalfOpen: true });
  await once(socket, 'connect');
  return socket;
}
