import { WebSocketServer, type WebSocket } from 'ws';
import { adoptSocket, listHeader, refused, UpgradeError, type Upgrade } from './upgrade.ts';

/** What upstream accepts in one message (golang.org/x/net/websocket). */
export const maxMessageLength = 32 * 1024 * 1024;

export interface WebSocketUpgradeOptions {
  /** What this side speaks; the first of the client's that is among them is taken. */
  protocols: readonly string[];
  /** What is spoken with a client that names no protocol; without it, such a client is refused. */
  fallback?: string;
}

/** Accepts an Upgrade to a WebSocket. Throws an `UpgradeError` after having told the peer. */
export function acceptWebSocket(
  upgrade: Upgrade,
  { protocols, fallback }: WebSocketUpgradeOptions,
): { socket: WebSocket; protocol: string } {
  const { req, socket } = upgrade;
  const offered = listHeader(req, 'sec-websocket-protocol');
  const protocol = offered.length === 0 ? fallback : offered.find((name) => protocols.includes(name));
  if (protocol === undefined) {
    throw refused(socket, 403, `unable to upgrade: no protocol in common: server accepts [${protocols.join(' ')}]`);
  }
  adoptSocket(socket);
  return { socket: shakeHands(upgrade, offered.length === 0 ? undefined : protocol), protocol };
}

/**
 * `ws` would answer 400 to a protocol with a slash, which `SPDY/3.1+portforward.k8s.io` has: it never sees the header,
 * and our answer to it is added by hand.
 */
function shakeHands({ req, socket, head }: Upgrade, protocol: string | undefined): WebSocket {
  const server = new WebSocketServer({ noServer: true, clientTracking: false, maxPayload: maxMessageLength });
  let failure: Error | undefined;
  let accepted: WebSocket | undefined;
  server.on('headers', (headers) => {
    if (protocol !== undefined) headers.push(`Sec-WebSocket-Protocol: ${protocol}`);
  });
  server.on('wsClientError', (error) => (failure = error));
  delete req.headers['sec-websocket-protocol'];
  server.handleUpgrade(req, socket, head, (websocket) => (accepted = websocket)); // calls back before it returns
  if (accepted) return accepted;
  if (!failure) throw new UpgradeError(400, 'the peer closed the connection');
  throw refused(socket, 400, `unable to upgrade: ${failure.message}`);
}
