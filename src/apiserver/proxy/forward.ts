import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { messageOf } from '#base';
import { serviceUnavailable } from '#machinery';
import { proxyUpgrade } from '#wire';
import type { Exchange } from '../http/exchange.ts';
import { callBackend, openBackend, type Backend } from './backend.ts';

/** Headers that belong to one connection, or that the backend must not see. */
const dropped = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'authorization',
  'host',
]);

/** The headers that go on to the backend; `keepUpgrade` keeps what an upgrade needs. */
export function forwardedHeaders(exchange: Exchange, keepUpgrade = false): OutgoingHttpHeaders {
  const kept = keepUpgrade ? new Set(['connection', 'upgrade']) : new Set<string>();
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(exchange.headers)) {
    if (name.startsWith(':') || name.startsWith('impersonate-') || value === undefined) continue;
    if (!dropped.has(name) || kept.has(name)) headers[name] = value;
  }
  headers['x-forwarded-uri'] = exchange.path;
  return headers;
}

/** Sends the request to `path` of the backend and its answer back, byte for byte. */
export async function forward(exchange: Exchange, backend: Backend, path: string): Promise<void> {
  if (exchange.upgrade) return forwardUpgrade(exchange, backend, path);
  const headers = { ...forwardedHeaders(exchange), host: `${hostOf(backend)}:${backend.port}` };
  const hasBody = exchange.method !== 'GET' && exchange.method !== 'HEAD';
  const answer = await callBackend(backend, {
    method: exchange.method,
    path,
    headers,
    signal: exchange.signal,
    ...(hasBody && { body: exchange.incoming }),
  }).catch((error: unknown) => {
    throw serviceUnavailable(`error trying to reach service: ${messageOf(error)}`);
  });
  await relay(exchange, answer);
}

/** Hands the connection over to the backend: WebSocket and SPDY reach it unchanged. */
export async function forwardUpgrade(exchange: Exchange, backend: Backend, path: string): Promise<void> {
  const { incoming, upgrade } = exchange;
  if (!upgrade || 'stream' in incoming) throw serviceUnavailable('the connection cannot be upgraded');
  await proxyUpgrade(incoming, upgrade.socket, upgrade.head, {
    connect: () => openBackend(backend),
    path,
    headers: { ...forwardedHeaders(exchange, true), host: `${hostOf(backend)}:${backend.port}` },
  });
}

/** Streams an answer to the client, keeping its pace. */
export async function relay(exchange: Exchange, answer: IncomingMessage): Promise<void> {
  copyHeaders(exchange, answer.headers);
  exchange.outgoing.statusCode = answer.statusCode ?? 502;
  exchange.outgoing.flushHeaders();
  try {
    for await (const chunk of answer) {
      if (exchange.signal.aborted) break;
      await exchange.write(chunk as Buffer);
    }
  } catch (error) {
    if (!exchange.signal.aborted) throw error;
  } finally {
    answer.destroy();
    exchange.endStream();
  }
}

function copyHeaders(exchange: Exchange, headers: IncomingHttpHeaders): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !dropped.has(name)) exchange.header(name, value);
  }
}

function hostOf({ host }: Backend): string {
  return host.includes(':') ? `[${host}]` : host;
}
