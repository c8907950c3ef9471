import * as http from 'node:http';
import type { Duplex } from 'node:stream';
import { adoptSocket } from './upgrade.ts';

export interface ProxyTarget {
  /** Opens a connection to the backend, with TLS where it wants that. */
  connect: () => Promise<Duplex>;
  /** The backend's path with its query; default the request's own. */
  path?: string;
  /** Replaces headers of the request; `undefined` drops one. */
  headers?: Readonly<Record<string, string | undefined>>;
}

/**
 * Passes an Upgrade request on to a backend and then carries bytes both ways, whatever they mean; resolves when that is
 * over. A backend that refuses is answered to the client as it is, in plain HTTP. Throws when the backend cannot be
 * reached or hangs up without an answer: then nothing was written, and `refuseUpgrade` may tell the client.
 */
export async function proxyUpgrade(
  req: http.IncomingMessage,
  socket: Duplex,
  head: Buffer,
  target: ProxyTarget,
): Promise<void> {
  adoptSocket(socket);
  const backend = await target.connect();
  adoptSocket(backend);
  if (socket.destroyed) {
    backend.destroy();
    return;
  }
  const abandon = (): void => void backend.destroy();
  socket.once('close', abandon);
  try {
    const answer = await ask(backend, requestOptions(req, target));
    if (answer.upgraded) await join(socket, head, answer);
    else await passOn(socket, answer.response);
  } finally {
    backend.destroy();
    socket.off('close', abandon);
  }
}

interface Answer {
  response: http.IncomingMessage;
  upgraded?: { socket: Duplex; head: Buffer };
}

function requestOptions(req: http.IncomingMessage, { path, headers }: ProxyTarget): http.RequestOptions {
  const merged: Record<string, string | string[] | undefined> = { ...req.headers };
  // Node joins what came in several lines; those that are lists mean the same either way.
  for (const [name, value] of Object.entries(headers ?? {})) merged[name.toLowerCase()] = value;
  // A POST without a body, which is what SPDY clients send, must not become a chunked one.
  if (req.method !== 'GET') merged['content-length'] ??= '0';
  const given = Object.entries(merged).filter(([, value]) => value !== undefined);
  return { method: req.method ?? 'GET', path: path ?? req.url ?? '/', headers: Object.fromEntries(given) };
}

function ask(backend: Duplex, options: http.RequestOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ ...options, createConnection: () => backend });
    request.on('error', reject);
    request.on('response', (response) => resolve({ response }));
    request.on('upgrade', (response, socket, head) => resolve({ response, upgraded: { socket, head } }));
    request.end();
  });
}

/** Ends when both directions have: either side may close its half and still receive. */
async function join(client: Duplex, clientHead: Buffer, { response, upgraded }: Answer): Promise<void> {
  if (!upgraded) return;
  const { socket: backend, head } = upgraded;
  client.write(headOf(response, rawHeaders(response)));
  if (head.length > 0) client.write(head);
  if (clientHead.length > 0) backend.write(clientHead);
  client.pipe(backend);
  backend.pipe(client);
  await Promise.all([closing(client, backend), closing(backend, client)]);
}

/** Resolves when the socket is closed, which closes the other one after what it still has to write. */
function closing(socket: Duplex, other: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      if (socket.errored || !socket.readableEnded) other.destroy();
      else other.end();
      resolve();
    };
    if (socket.destroyed) done();
    else socket.once('close', done);
  });
}

/** A refusal: its head without what belongs to the backend's connection, then its body. */
async function passOn(client: Duplex, response: http.IncomingMessage): Promise<void> {
  const connectionHeaders = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade'];
  const headers = rawHeaders(response).filter(([name]) => !connectionHeaders.includes(name.toLowerCase()));
  client.resume();
  client.write(headOf(response, [...headers, ['Connection', 'close']]));
  response.on('error', () => client.destroy());
  response.pipe(client);
  await new Promise<void>((resolve) => {
    client.once('finish', resolve);
    client.once('close', resolve);
    if (client.destroyed) resolve();
  });
  client.destroy();
}

function rawHeaders({ rawHeaders: flat }: http.IncomingMessage): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[i * 2] ?? '', flat[i * 2 + 1] ?? '']);
}

function headOf({ statusCode, statusMessage }: http.IncomingMessage, headers: readonly [string, string][]): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${statusCode ?? 502} ${statusMessage ?? ''}\r\n${lines.join('')}\r\n`;
}
