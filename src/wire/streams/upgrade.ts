import { STATUS_CODES, type IncomingMessage } from 'node:http';
import * as net from 'node:net';
import type { Duplex } from 'node:stream';

/** An Upgrade that was refused; on the server's side the peer has been told. */
export class UpgradeError extends Error {
  override readonly name = 'UpgradeError';
  /** The HTTP status of the refusal. */
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Where an Upgrade request arrives: what node:http gives to its `upgrade` listeners. */
export interface Upgrade {
  req: IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

/** A vanished peer is noticed within minutes, though it never says a word. */
const keepAliveMs = 30_000;

/** Prepares a socket for a long life: errors are no exceptions, the peer's life is watched. */
export function adoptSocket(socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  if (!(socket instanceof net.Socket)) return;
  socket.setTimeout(0);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, keepAliveMs);
}

/** Answers an Upgrade request in plain HTTP and closes. */
export function refuseUpgrade(
  socket: Duplex,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const fields = { 'Content-Type': 'text/plain; charset=utf-8', ...headers };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = Buffer.byteLength(body);
  socket.on('error', () => socket.destroy());
  socket.resume();
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}Content-Length: ${length}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

/** Refuses, and gives the error to throw. */
export function refused(socket: Duplex, status: number, message: string, headers?: Record<string, string>): Error {
  refuseUpgrade(socket, status, `${message}\n`, headers);
  return new UpgradeError(status, message);
}

/** The values of a header that is a list, in whatever number of lines it came. */
export function listHeader(req: IncomingMessage, name: string): string[] {
  const values = (req.headersDistinct[name] ?? []).flatMap((line) => line.split(','));
  return values.map((value) => value.trim()).filter((value) => value !== '');
}

/** Whether the request asks for a WebSocket; SPDY otherwise. */
export function isWebSocketRequest(req: IncomingMessage): boolean {
  return (req.headers.upgrade ?? '').toLowerCase() === 'websocket';
}
