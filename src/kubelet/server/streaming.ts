import { connect } from 'node:net';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { proxyUpgrade } from '#wire';

/**
 * Hands an upgrade request through to the runtime's streaming server and the bytes after it both ways, whatever protocol
 * they agree on. Throws when the runtime cannot be reached.
 */
export function proxyToRuntime(request: IncomingMessage, socket: Duplex, head: Buffer, url: string): Promise<void> {
  const target = new URL(url);
  return proxyUpgrade(request, socket, head, {
    connect: () => dial(target.hostname.replace(/^\[|\]$/g, ''), Number(target.port || 80)),
    path: `${target.pathname}${target.search}`,
    headers: { host: target.host, authorization: undefined },
  });
}

async function dial(host: string, port: number): Promise<Duplex> {
  const socket = connect({ host, port });
  await once(socket, 'connect'); // rejects with the socket's error
  return socket;
}
