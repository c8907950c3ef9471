import { parseAccept } from '../http/accept.ts';
import type { Exchange } from '../http/exchange.ts';
import { jsonLine } from '../encoding/encode-object.ts';
import { mustGet, respondObject } from '../handlers/respond.ts';
import type { PathHandler } from '../handlers/dispatch.ts';
import { etagOf, groupDiscoveryList } from './aggregated.ts';
import type { ApiGroup } from './groups.ts';
import { apiGroup, apiGroupList, apiResourceList, apiVersions } from './legacy.ts';

interface Aggregated {
  document: object;
  etag: string;
}

/** Serves `/api` and `/apis`, whole or by group and version. */
export function discoveryHandler(groups: readonly ApiGroup[], address: string): PathHandler {
  const aggregated = new Map<string, Aggregated>();
  const aggregatedOf = (path: string): Aggregated => {
    const known = aggregated.get(path);
    if (known) return known;
    const document = groupDiscoveryList(groups.filter(({ name }) => (name === '') === (path === '/api')));
    const made = { document, etag: etagOf(document) };
    aggregated.set(path, made);
    return made;
  };
  return async (exchange) => {
    const path = exchange.path.replace(/\/+$/, '');
    if ((path === '/api' || path === '/apis') && prefersAggregated(exchange)) {
      exchange.route = path;
      await respondAggregated(exchange, aggregatedOf(path));
      return true;
    }
    const document = documentOf(groups, path, address);
    if (!document) return false;
    exchange.route = path;
    await respondObject(exchange, document);
    return true;
  };
}

/** The document of one path; undefined for paths that are not discovery's. */
function documentOf(groups: readonly ApiGroup[], path: string, address: string): object | undefined {
  const [, prefix, ...rest] = path.split('/');
  if (prefix === 'api' && rest.length === 0) return apiVersions(groups, address);
  if (prefix === 'apis' && rest.length === 0) return apiGroupList(groups);
  const [name = '', version] = prefix === 'api' ? ['', rest[0]] : rest;
  if ((prefix !== 'api' && prefix !== 'apis') || rest.length > (prefix === 'api' ? 1 : 2)) return undefined;
  const group = groups.find((one) => one.name === name);
  if (!group || (name === '' && prefix === 'apis')) return undefined;
  if (version === undefined) return apiGroup(group);
  const found = group.versions.find((one) => one.version === version);
  return found && apiResourceList(name, version, found.resources);
}

/** Whether the client prefers the aggregated document to the old ones. */
function prefersAggregated({ headers }: Exchange): boolean {
  for (const { type, subtype, params } of parseAccept(headers.accept ?? '')) {
    if (type !== 'application' || (subtype !== 'json' && subtype !== '*')) continue;
    if (params['g'] !== 'apidiscovery.k8s.io' || params['as'] !== 'APIGroupDiscoveryList') return false;
    if (params['v'] === 'v2') return true;
  }
  return false;
}

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

async function respondAggregated(exchange: Exchange, { document, etag }: Aggregated): Promise<void> {
  mustGet(exchange);
  exchange.header('ETag', etag);
  exchange.header('Vary', 'Accept');
  exchange.header('Cache-Control', 'public');
  if (exchange.headers['if-none-match'] === etag) return exchange.sendEmpty(304);
  await exchange.send(200, aggregatedType, jsonLine(document, false));
}
