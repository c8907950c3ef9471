import { createHash } from 'node:crypto';
import type { Clock } from '#base';
import type { ApiGroup } from '../discovery/groups.ts';
import type { PathHandler } from '../handlers/dispatch.ts';
import { parseAccept } from '../http/accept.ts';
import type { Exchange } from '../http/exchange.ts';
import { documentsV3, documentV2 } from './documents.ts';
import { encodeDocumentV2 } from './gnostic.ts';
import { encodeDocumentV3 } from './gnostic-v3.ts';

interface Document {
  contentType: string;
  bytes: Buffer;
  /** SHA-512 in upper-case hex, as upstream's. */
  hash: string;
}

const json = 'application/json';
/** What `/openapi/v2` in protobuf is called; clients ask for it by the older name with an `@`, too. */
const protobufV2 = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

const protobufV3 = 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf';

/** Serves `/openapi/v2`, the index `/openapi/v3`, and its documents. Each is made when it is first asked for. */
export function openApiHandler(groups: readonly ApiGroup[], version: string, clock: Clock): PathHandler {
  // Go tells times of whole seconds.
  const changed = Math.floor(clock.now() / 1000) * 1000;
  const v2 = lazily(json, async () => textOf(await documentV2(groups, version)));
  const v2Protobuf = lazily(protobufV2, async () => encodeDocumentV2(await documentV2(groups, version)));
  const v3 = new Map([...documentsV3(groups, version)].map(([path, make]) => [path, formsV3(make)] as const));
  const index = lazily(json, async () => textOf(await indexOf(v3)));
  return async (exchange) => {
    const path = exchange.path.replace(/\/+$/, '');
    if (path === '/openapi/v2') await respondV2(exchange, [v2, v2Protobuf], changed);
    else if (path === '/openapi/v3') await respondIndex(exchange, await index(), changed);
    else if (path.startsWith('/openapi/v3/')) {
      const document = v3.get(path.slice('/openapi/v3/'.length));
      exchange.route = '/openapi/v3';
      // Without a word, as upstream's own multiplexer.
      if (document) await respondHashed(exchange, document, changed);
      else exchange.sendEmpty(404);
    } else return false;
    return true;
  };
}

/** Both name the document by the hash of its JSON. */
function formsV3(make: () => Promise<object>): readonly [json: Lazy, protobuf: Lazy] {
  return [
    lazily(json, async () => textOf(await make())),
    lazily(protobufV3, async () => encodeDocumentV3(await make())),
  ];
}

type Lazy = (() => Promise<Document>) & { readonly contentType: string };

function lazily(contentType: string, make: () => Promise<Uint8Array>): Lazy {
  let made: Promise<Document> | undefined;
  const get = async (): Promise<Document> => {
    const bytes = Buffer.from(await make());
    return { contentType, bytes, hash: createHash('sha512').update(bytes).digest('hex').toUpperCase() };
  };
  return Object.assign(() => (made ??= get()), { contentType });
}

function textOf(document: object): Uint8Array {
  return Buffer.from(JSON.stringify(document));
}

async function indexOf(documents: ReadonlyMap<string, readonly [Lazy, Lazy]>): Promise<object> {
  const paths: Record<string, object> = {};
  for (const [path, [asJson]] of documents)
    paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${(await asJson()).hash}` };
  return { paths };
}

/** The index is the same for all, whatever they read, and is plain text by its type. */
async function respondIndex(exchange: Exchange, { bytes }: Document, changed: number): Promise<void> {
  exchange.route = '/openapi/v3';
  if (isKnown(exchange, changed)) return exchange.sendEmpty(304);
  tellTime(exchange, changed);
  await exchange.send(200, 'text/plain; charset=utf-8', bytes);
}

async function respondV2(exchange: Exchange, forms: readonly Lazy[], changed: number): Promise<void> {
  exchange.route = '/openapi/v2';
  exchange.header('Vary', 'Accept-Encoding, Accept');
  const form = choose(exchange.headers.accept, forms);
  if (!form) return exchange.sendEmpty(406);
  const document = await form();
  await respond(exchange, document, document.hash, changed);
}

/** A document under its hash may be kept for ever; under an old hash the client is sent to the new one. */
async function respondHashed(
  exchange: Exchange,
  forms: readonly [json: Lazy, protobuf: Lazy],
  changed: number,
): Promise<void> {
  exchange.route = '/openapi/v3';
  exchange.header('Vary', 'Accept');
  const form = choose(exchange.headers.accept, forms);
  if (!form) return exchange.sendEmpty(406);
  const { hash: current } = await forms[0]();
  const hash = exchange.query.get('hash');
  if (hash !== null && hash !== current) {
    exchange.header('Content-Type', form.contentType);
    exchange.header('ETag', `"${current}"`);
    exchange.header('Location', `${exchange.path}?hash=${current}`);
    return exchange.sendEmpty(301);
  }
  if (hash !== null) exchange.header('Cache-Control', 'public, immutable');
  await respond(exchange, await form(), current, changed);
}

async function respond(
  exchange: Exchange,
  { contentType, bytes }: Document,
  hash: string,
  changed: number,
): Promise<void> {
  const etag = `"${hash}"`;
  exchange.header('ETag', etag);
  if (isKnown(exchange, changed, etag)) return exchange.sendEmpty(304);
  tellTime(exchange, changed);
  await exchange.send(200, contentType, bytes);
}

/** Whether the client has what there is, by the tag or, when it names none, by the time (`http.ServeContent`). */
function isKnown(exchange: Exchange, changed: number, etag = ''): boolean {
  const tag = exchange.headers['if-none-match'];
  const since = Date.parse(exchange.headers['if-modified-since'] ?? '');
  return tag === undefined ? since >= changed : tag === etag;
}

function tellTime(exchange: Exchange, changed: number): void {
  exchange.header('Last-Modified', new Date(changed).toUTCString());
}

/** The first form that the client takes, in the order of its wishes. */
function choose(accept: string | undefined, forms: readonly Lazy[]): Lazy | undefined {
  for (const { type, subtype } of parseAccept(accept || '*/*')) {
    const wanted = `${type}/${subtype.replace('@', '.')}`;
    const form = forms.find(
      ({ contentType }) => wanted === '*/*' || wanted === 'application/*' || wanted === contentType,
    );
    if (form) return form;
  }
  return undefined;
}
