import { connect, type Socket } from 'node:net';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const hopHeaders = new Set(['host', 'authorization']);

/**
 * Hands an upgrade request through to the runtime's streaming server and the bytes after it both ways, whatever protocol
 * they agree on: neither SPDY nor WebSocket is understood here.
 */
export function proxyToRuntime(request: IncomingMessage, socket: Duplex, head: Buffer, url: string): void {
  const target = new URL(url);
  const backend: Socket = connect({ host: target.hostname.replace(/^\[|\]$/g, ''), port: Number(target.port || 80) });
  const fail = (): void => {
    socket.destroy();
    backend.destroy();
  };
  backend.setNoDelay(true);
  backend.on('error', () => {
    if (backend.bytesRead === 0 && socket.writable)
      socket.write('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n');
    fail();
  });
  socket.on('error', fail);
  backend.on('connect', () => {
    backend.write(requestHead(request, target));
    if (head.length > 0) backend.write(head);
    socket.pipe(backend);
    backend.pipe(socket);
  });
}

function requestHead({ method = 'GET', rawHeaders }: IncomingMessage, target: URL): string {
  const lines = [`${method} ${target.pathname}${target.search} HTTP/1.1`, `Host: ${target.host}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (!hopHeaders.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[at + 1] ?? ''}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}
