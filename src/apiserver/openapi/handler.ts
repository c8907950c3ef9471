import { createHash } from 'node:crypto';
import { notAcceptable } from '#machinery';
import type { ApiGroup } from '../discovery/groups.ts';
import type { PathHandler } from '../handlers/dispatch.ts';
import { mustGet } from '../handlers/respond.ts';
import { parseAccept } from '../http/accept.ts';
import type { Exchange } from '../http/exchange.ts';
import { documentV2, documentV3 } from './documents.ts';

interface Document {
  bytes: Buffer;
  /** SHA-512 in upper-case hex, as upstream's. */
  hash: string;
}

/** Serves `/openapi/v2`, the index `/openapi/v3`, and its documents. Each is made when it is first asked for. */
export function openApiHandler(groups: readonly ApiGroup[], version: string): PathHandler {
  const makers = new Map<string, () => object>();
  for (const { name, versions } of groups) {
    for (const one of versions) {
      const path = name === '' ? `api/${one.version}` : `apis/${name}/${one.version}`;
      makers.set(path, () => documentV3(one.resources, version));
    }
  }
  const all = groups.flatMap(({ versions }) => versions.flatMap(({ resources }) => resources));
  const v2 = lazily(() => documentV2(all, version));
  const v3 = new Map([...makers].map(([path, make]) => [path, lazily(make)]));
  const index = lazily(() => indexOf(v3));
  return async (exchange) => {
    const path = exchange.path.replace(/\/+$/, '');
    if (path === '/openapi/v2') await respond(exchange, v2(), path);
    else if (path === '/openapi/v3') await respond(exchange, index(), path);
    else {
      const document = path.startsWith('/openapi/v3/') ? v3.get(path.slice('/openapi/v3/'.length)) : undefined;
      if (!document) return false;
      await respondHashed(exchange, document());
    }
    return true;
  };
}

function lazily(make: () => object): () => Document {
  let made: Document | undefined;
  return () => {
    if (made) return made;
    const bytes = Buffer.from(JSON.stringify(make()));
    made = { bytes, hash: createHash('sha512').update(bytes).digest('hex').toUpperCase() };
    return made;
  };
}

function indexOf(documents: ReadonlyMap<string, () => Document>): object {
  const paths = [...documents].map(([path, document]) => [
    path,
    { serverRelativeURL: `/openapi/v3/${path}?hash=${document().hash}` },
  ]);
  return { paths: Object.fromEntries(paths) };
}

/** A document under its hash may be kept for ever; under an old hash the client is sent to the new one. */
async function respondHashed(exchange: Exchange, document: Document): Promise<void> {
  const hash = exchange.query.get('hash');
  if (hash !== null && hash !== document.hash) {
    exchange.header('Location', `${exchange.path}?hash=${document.hash}`);
    return exchange.sendEmpty(301);
  }
  if (hash !== null) exchange.header('Cache-Control', 'public, immutable');
  await respond(exchange, document, '/openapi/v3');
}

async function respond(exchange: Exchange, { bytes, hash }: Document, route: string): Promise<void> {
  mustGet(exchange);
  exchange.route = route;
  if (!acceptsJson(exchange.headers.accept)) {
    throw notAcceptable('only the following media types are accepted: application/json');
  }
  const etag = `"${hash}"`;
  exchange.header('ETag', etag);
  exchange.header('Vary', 'Accept');
  if (exchange.headers['if-none-match'] === etag) return exchange.sendEmpty(304);
  await exchange.send(200, 'application/json', bytes);
}

function acceptsJson(accept: string | undefined): boolean {
  if (!accept) return true;
  return parseAccept(accept).some(
    ({ type, subtype }) => type === '*' || (type === 'application' && (subtype === '*' || subtype === 'json')),
  );
}
