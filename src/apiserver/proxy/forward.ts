import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { messageOf } from '#base';
import { internalError, serviceUnavailable } from '#machinery';
import { proxyUpgrade, sendStream, UpgradeError } from '#wire';
import type { Upgrade } from '../http/channel.ts';
import type { Exchange } from '../http/exchange.ts';
import { callBackend, openBackend, type Backend } from './backend.ts';
import { dialFailure } from './dial-failure.ts';
import { backendPath } from './escaped-path.ts';
import { forwardedHeaders, isHopByHop, upgradeHeaders } from './forwarded-headers.ts';
import { codingOfPage, proxiedUrl, rewrittenPage, type ProxiedPage } from './proxied-page.ts';

/** Answers of the backend to its own scripts are none to those of the API server's (`util/proxy/upgradeaware.go`). */
const cors = ['credentials', 'headers', 'methods', 'origin'].map((what) => `access-control-allow-${what}`);

/**
 * Sends the request to `path` of the backend and its answer back. Where the answer leads to the backend, it leads through
 * the proxy then; but for that it is the same, byte for byte.
 */
export async function forward(exchange: Exchange, backend: Backend, path: string): Promise<void> {
  if (exchange.upgrade) return forwardUpgrade(exchange, backend, path);
  const host = exchange.headers.host ?? hostOf(backend);
  const headers = { ...forwardedHeaders(exchange), host, 'x-forwarded-uri': backendPath(exchange.path) };
  const hasBody = exchange.method !== 'GET' && exchange.method !== 'HEAD';
  const answer = await callBackend(backend, {
    method: exchange.method,
    path,
    headers,
    signal: exchange.signal,
    ...(hasBody && { body: exchange.body }),
  }).catch((error: unknown) => {
    throw serviceUnavailable(`error trying to reach service: ${dialFailure(error)}`);
  });
  for (const name of cors) delete answer.headers[name];
  const prefix = exchange.path.slice(0, exchange.path.length - exchange.info.subpath.length);
  await relayPage(exchange, answer, { prefix, hosts: { backend: hostOf(backend), request: host } });
}

async function relayPage(exchange: Exchange, answer: IncomingMessage, page: ProxiedPage): Promise<void> {
  const { headers, statusCode = 502 } = answer;
  if (headers.location !== undefined) headers.location = proxiedUrl(headers.location, page);
  const coding = codingOfPage(answer);
  if (exchange.method === 'HEAD' || !coding) return relay(exchange, answer);
  const body = await rewrittenPage(answer, coding, page).catch((error: unknown) => {
    throw internalError(`the page cannot be read: ${messageOf(error)}`);
  });
  delete headers['content-length'];
  copyHeaders(exchange, headers);
  exchange.header('content-length', String(body.length));
  exchange.startStream(statusCode);
  await exchange.write(body);
  exchange.endStream();
}

/** Hands the connection over to the backend: WebSocket and SPDY reach it unchanged. */
export async function forwardUpgrade(exchange: Exchange, backend: Backend, path: string): Promise<void> {
  const { upgrade } = exchange;
  if (!upgrade) throw serviceUnavailable('the connection cannot be upgraded');
  let released = false;
  const connect = async (): Promise<Duplex> => {
    const connection = await openBackend(backend);
    released = true;
    upgrade.release();
    exchange.code = 101;
    return connection;
  };
  const headers = upgradeHeaders(exchange);
  try {
    await proxyUpgrade(upgrade.request, upgrade.socket, upgrade.head, { connect, path, headers });
  } catch (error) {
    if (released) {
      upgrade.restore();
      exchange.code = 0;
    }
    throw internalError(`error dialing backend: ${dialFailure(error)}`);
  }
}

/** Streams an answer to the client, keeping its pace. */
export async function relay(exchange: Exchange, answer: IncomingMessage): Promise<void> {
  copyHeaders(exchange, answer.headers);
  exchange.startStream(answer.statusCode ?? 502);
  try {
    for await (const chunk of answer) {
      if (exchange.aborted) break;
      await exchange.write(chunk as Buffer);
    }
  } catch (error) {
    if (!exchange.aborted) throw error;
  } finally {
    answer.destroy();
    exchange.endStream();
  }
}

/** Streams the body of an answer to the client as messages of a WebSocket. */
export async function relayMessages(exchange: Exchange, upgrade: Upgrade, answer: IncomingMessage): Promise<void> {
  const { request: req, socket, head } = upgrade;
  upgrade.release();
  exchange.code = 101;
  try {
    await sendStream({ req, socket, head }, answer);
  } catch (error) {
    if (!(error instanceof UpgradeError)) throw error;
    exchange.code = error.status; // the client has been told
  }
}

function copyHeaders(exchange: Exchange, headers: IncomingHttpHeaders): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !isHopByHop(name)) exchange.header(name, value);
  }
}

function hostOf({ host, port }: Backend): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
