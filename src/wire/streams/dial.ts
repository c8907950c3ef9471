import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import { SpdyConnection } from '../spdy/connection.ts';
import { maxMessageLength } from './websocket-upgrade.ts';
import { UpgradeError } from './upgrade.ts';

/** Where to ask for a stream, and as whom. */
export interface DialTarget {
  /** http or https, with the query that says what is wanted. */
  url: string | URL;
  headers?: Readonly<Record<string, string>>;
  /** PEM. */
  ca?: string;
  cert?: string;
  key?: string;
  /** In place of a new connection to the URL's host. */
  connect?: () => Duplex;
}

/** Asks for an Upgrade to SPDY/3.1. Throws an `UpgradeError` with the server's words when refused. */
export async function dialSpdy(
  target: DialTarget,
  protocols: readonly string[],
): Promise<{ connection: SpdyConnection; protocol: string }> {
  const { response, socket, head } = await upgrade(target, {
    Connection: 'Upgrade',
    Upgrade: 'SPDY/3.1',
    'X-Stream-Protocol-Version': [...protocols],
    'Content-Length': '0',
  });
  const protocol = response.headers['x-stream-protocol-version'];
  if (typeof protocol !== 'string') {
    socket.destroy();
    throw new UpgradeError(502, 'the server did not choose a protocol');
  }
  return { connection: new SpdyConnection({ socket, head, server: false }), protocol };
}

/** Asks for a WebSocket. Throws an `UpgradeError` with the server's words when refused. */
export function dialWebSocket(target: DialTarget, protocols: readonly string[]): Promise<WebSocket> {
  const { connect, headers, ca, cert, key } = target;
  const socket = new WebSocket(target.url.toString().replace(/^http/, 'ws'), [...protocols], {
    perMessageDeflate: false,
    maxPayload: maxMessageLength,
    ...(headers && { headers }),
    ...(connect && { createConnection: connect }),
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
  });
  return new Promise((resolve, reject) => {
    socket.on('error', (error) => reject(new UpgradeError(502, error.message, { cause: error })));
    socket.once('open', () => {
      socket.pause(); // until a ChannelSocket listens: the first messages may already be here
      resolve(socket);
    });
    socket.once('unexpected-response', (_request, response) => {
      void refusalOf(response)
        .then(reject)
        .finally(() => socket.terminate());
    });
  });
}

interface Upgraded {
  response: http.IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

function upgrade(target: DialTarget, wanted: http.OutgoingHttpHeaders): Promise<Upgraded> {
  const { url, headers, connect, ca, cert, key } = target;
  const options = { method: 'POST', headers: { ...headers, ...wanted } };
  const dial = connect ? { createConnection: connect } : { agent: false }; // an agent would not ask for it
  const secure = !connect && new URL(url).protocol === 'https:';
  const request = secure
    ? https.request(url, { ...options, agent: false, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) })
    : http.request(connect ? plain(url) : url, { ...options, ...dial });
  return new Promise((resolve, reject) => {
    request.on('error', (error) => reject(new UpgradeError(502, error.message, { cause: error })));
    request.on('upgrade', (response, socket, head) => resolve({ response, socket, head }));
    request.on('response', (response) => void refusalOf(response).then(reject));
    request.end();
  });
}

/** Whoever makes the connection makes its TLS, too. */
function plain(url: string | URL): URL {
  const copy = new URL(url);
  copy.protocol = 'http:';
  return copy;
}

async function refusalOf(response: http.IncomingMessage): Promise<UpgradeError> {
  const words = await text(response).catch(() => '');
  return new UpgradeError(response.statusCode ?? 502, words.trim() || 'the server refused to upgrade');
}
