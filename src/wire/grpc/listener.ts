import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import * as net from 'node:net';
import * as tls from 'node:tls';

/** A unix socket, in place of whatever is there; or an address, port 0 for any. */
export type ListenAddress = { socketPath: string; mode?: number } | { host: string; port: number };

export interface ServerTls {
  /** PEM. */
  cert: string;
  key: string;
  /** Clients must show a certificate of it. */
  clientCa?: string;
}

export interface Listener {
  /** 0 for a unix socket. */
  port: number;
  /** Takes no more connections; those there are stay. */
  close(): void;
}

/** Listens, over TLS if told to, and hands on each connection once it can be read. Throws when the address cannot be had. */
export async function listenOn(
  address: ListenAddress,
  options: { tls?: ServerTls; onConnection: (socket: net.Socket) => void; onFailure: (error: Error) => void },
): Promise<Listener> {
  const server = options.tls ? tlsServer(options.tls, options) : net.createServer(options.onConnection);
  if ('socketPath' in address) await rm(address.socketPath, { force: true });
  server.listen('socketPath' in address ? { path: address.socketPath } : address);
  await once(server, 'listening');
  server.on('error', options.onFailure);
  if ('socketPath' in address && address.mode !== undefined) await chmod(address.socketPath, address.mode);
  const bound = server.address();
  return { port: typeof bound === 'object' && bound ? bound.port : 0, close: () => void server.close() };
}

function tlsServer(
  { cert, key, clientCa }: ServerTls,
  options: { onConnection: (socket: net.Socket) => void; onFailure: (error: Error) => void },
): tls.Server {
  const server = tls.createServer({
    cert,
    key,
    ...(clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['h2', 'http/1.1'],
  });
  server.on('secureConnection', options.onConnection);
  server.on('tlsClientError', options.onFailure);
  return server;
}
