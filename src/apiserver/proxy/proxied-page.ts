import type { IncomingMessage } from 'node:http';
import { posix } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { deflateRaw, gunzip, gzip, inflateRaw } from 'node:zlib';
import { rewriteLinks } from './html-links.ts';

/** What a page that is proxied to was asked for as. */
export interface ProxiedPage {
  /** What of the path leads to the backend; the rest is the backend's own. */
  prefix: string;
  /** Names of where the page is: those of the backend, and of the API server as the client calls it. */
  hosts: { backend: string; request: string };
}

/** Scheme, host, and what follows (RFC 3986, appendix B). */
const urlParts = /^(?:[a-z][a-z\d+.-]*:)?(?:\/\/([^/?#]*))?([^?#]*)(.*)$/is;

/**
 * A URL of the backend as it is reached through the proxy. One that is relative, or leads elsewhere, stays as it is
 * (apimachinery `util/proxy/transport.go`, `rewriteURL`).
 */
export function proxiedUrl(url: string, { prefix, hosts }: ProxiedPage): string {
  const [, host = '', path = '', rest = ''] = urlParts.exec(url) ?? [];
  const isElsewhere = host !== '' && host !== hosts.backend && host !== hosts.request;
  if (isElsewhere || !path.startsWith('/')) return url;
  const origin = host === hosts.request ? url.slice(0, url.length - path.length - rest.length) : '';
  return `${origin}${path.startsWith(prefix) ? path : posix.join(prefix, path)}${rest}`;
}

type Coder = (bytes: Buffer) => Promise<Buffer>;

/** How a body is compressed: back, and there. */
interface Coding {
  decode: Coder;
  encode: Coder;
}

const asItIs: Coder = (bytes) => Promise.resolve(bytes);
const codings = new Map<string, Coding>([
  ['', { decode: asItIs, encode: asItIs }],
  ['gzip', { decode: promisify<Buffer, Buffer>(gunzip), encode: promisify<Buffer, Buffer>(gzip) }],
  ['deflate', { decode: promisify<Buffer, Buffer>(inflateRaw), encode: promisify<Buffer, Buffer>(deflateRaw) }],
]);

/**
 * How the page is compressed whose links are to lead through the proxy. Undefined for what is none, or cannot be read, and for
 * a redirect: where that leads is told in its head.
 */
export function codingOfPage({ headers }: IncomingMessage): Coding | undefined {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim();
  if (headers.location !== undefined || type !== 'text/html') return undefined;
  return codings.get(headers['content-encoding'] ?? '');
}

/** The page with its links through the proxy, compressed as it came. Rejects when it is not what it says it is. */
export async function rewrittenPage(answer: IncomingMessage, coding: Coding, page: ProxiedPage): Promise<Buffer> {
  const body = await buffer(answer);
  if (body.length === 0) return body;
  // Every byte is a character: only what is a link may change.
  const html = (await coding.decode(body)).toString('latin1');
  const rewritten = await rewriteLinks(html, (url) => proxiedUrl(url, page));
  return coding.encode(Buffer.from(rewritten, 'latin1'));
}
