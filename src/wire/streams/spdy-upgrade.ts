import { SpdyConnection } from '../spdy/connection.ts';
import type { SpdyStream } from '../spdy/stream.ts';
import type { Clock } from '#base';
import { adoptSocket, listHeader, refused, type Upgrade } from './upgrade.ts';

const versionHeader = 'X-Stream-Protocol-Version';

export interface SpdyUpgradeOptions {
  /** What this side speaks; the first of the client's that is among them is taken. */
  protocols: readonly string[];
  onStream: (stream: SpdyStream) => boolean;
  clock?: Clock | undefined;
}

/**
 * Accepts an Upgrade to SPDY/3.1 with Kubernetes' negotiation of what is spoken on its streams
 * (apimachinery `httpstream.Handshake`). Throws an `UpgradeError` after having told the peer.
 */
export function acceptSpdy(
  { req, socket, head }: Upgrade,
  { protocols, onStream, clock }: SpdyUpgradeOptions,
): { connection: SpdyConnection; protocol: string } {
  if (!/^spdy\/3\.1$/i.test(req.headers.upgrade ?? '')) {
    throw refused(socket, 400, 'unable to upgrade: missing upgrade headers in request');
  }
  const offered = listHeader(req, versionHeader.toLowerCase());
  if (offered.length === 0) throw refused(socket, 400, `unable to upgrade: ${versionHeader} is required`);
  const protocol = offered.find((name) => protocols.includes(name));
  if (protocol === undefined) {
    const message = `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${protocols.join(' ')}]`;
    throw refused(socket, 403, message, { 'X-Accepted-Stream-Protocol-Versions': protocols.join(', ') });
  }
  adoptSocket(socket);
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n${versionHeader}: ${protocol}\r\n\r\n`,
  );
  return {
    connection: new SpdyConnection({ socket, head, server: true, onStream, ...(clock && { clock }) }),
    protocol,
  };
}
