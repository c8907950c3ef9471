import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Exchange } from '../http/exchange.ts';

/** Headers that belong to one connection. */
const hopByHop = new Set([
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
]);

export function isHopByHop(name: string): boolean {
  return hopByHop.has(name);
}

/**
 * What the client proves itself with, or could pretend to be somebody with, is for the API server alone
 * (`authenticatorfactory/requestheader.go`, `headerrequest.ClearAuthenticationHeaders`).
 */
function isSecret(name: string): boolean {
  return (
    name === 'authorization' ||
    name === 'proxy-authorization' ||
    name.startsWith('impersonate-') ||
    /^x-remote-(?:user|uid|group|extra-.*)$/.test(name)
  );
}

/** The headers that go on to the backend, with the client's address (Go `net/http/httputil/reverseproxy.go`). */
export function forwardedHeaders(exchange: Exchange): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  const ofConnection = namesIn(exchange.headers.connection);
  for (const [name, value] of Object.entries(exchange.headers)) {
    if (name.startsWith(':') || name === 'host' || isSecret(name) || isHopByHop(name)) continue;
    if (value !== undefined && !ofConnection.includes(name)) headers[name] = value;
  }
  if (namesIn(exchange.headers.te).includes('trailers')) headers.te = 'trailers';
  return { ...headers, ...forwardedFor(exchange) };
}

/** What changes in the headers of an upgrade that goes on to the backend; what is undefined is dropped. */
export function upgradeHeaders(exchange: Exchange): Record<string, string | undefined> {
  const secrets = Object.keys(exchange.headers).filter(isSecret);
  return { ...Object.fromEntries(secrets.map((name) => [name, undefined])), ...forwardedFor(exchange) };
}

/** Who the request came through so far, and where it comes from. */
function forwardedFor({ headers, clientAddress }: Exchange): Record<string, string> {
  if (clientAddress === undefined) return {};
  return { 'x-forwarded-for': [headers['x-forwarded-for'] ?? [], clientAddress].flat().join(', ') };
}

function namesIn(list: IncomingHttpHeaders[string]): string[] {
  return String(list ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase());
}
