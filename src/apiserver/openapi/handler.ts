import { createHash } from 'node:crypto';
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
export function openApiHandler(groups: readonly ApiGroup[], version: string): PathHandler {
  const v2 = lazily(json, async () => textOf(await documentV2(groups, version)));
  const v2Protobuf = lazily(protobufV2, async () => encodeDocumentV2(await documentV2(groups, version)));
  const v3 = new Map([...documentsV3(groups, version)].map(([path, make]) => [path, formsV3(make)] as const));
  const index = lazily(json, async () => textOf(await indexOf(v3)));
  return async (exchange) => {
    const path = exchange.path.replace(/\/+$/, '');
    if (path === '/openapi/v2') await respond(exchange, [v2, v2Protobuf], path);
    else if (path === '/openapi/v3') await respondIndex(exchange, await index());
    else if (path.startsWith('/openapi/v3/')) {
      const document = v3.get(path.slice('/openapi/v3/'.length));
      exchange.route = '/openapi/v3';
      // Without a word, as upstream's own multiplexer.
      if (document) await respondHashed(exchange, document);
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
async function respondIndex(exchange: Exchange, { bytes }: Document): Promise<void> {
  exchange.route = '/openapi/v3';
  await exchange.send(200, 'text/plain; charset=utf-8', bytes);
}

/** A document under its hash may be kept for ever; under an old hash the client is sent to the new one. */
async function respondHashed(exchange: Exchange, forms: readonly [json: Lazy, protobuf: Lazy]): Promise<void> {
  const hash = exchange.query.get('hash');
  const { hash: current } = await forms[0]();
  if (hash !== null && hash !== current) {
    exchange.header('Location', `${exchange.path}?hash=${current}`);
    return exchange.sendEmpty(301);
  }
  if (hash !== null) exchange.header('Cache-Control', 'public, immutable');
  await respond(exchange, forms, '/openapi/v3', current);
}

async function respond(exchange: Exchange, forms: readonly Lazy[], route: string, shared?: string): Promise<void> {
  exchange.route = route;
  const form = choose(exchange.headers.accept, forms);
  if (!form) return exchange.sendEmpty(406);
  const { contentType, bytes, hash } = await form();
  const etag = `"${shared ?? hash}"`;
  exchange.header('ETag', etag);
  exchange.header('Vary', 'Accept');
  if (exchange.headers['if-none-match'] === etag) return exchange.sendEmpty(304);
  await exchange.send(200, contentType, bytes);
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
