import type { Exchange } from '../http/exchange.ts';
import { mediaTypes, negotiate, negotiateAggregated, type Format } from '../http/negotiate.ts';
import { producible } from '../http/producible.ts';
import { encodeObject } from '../encoding/encode-object.ts';
import { mustRead } from '../handlers/respond.ts';
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
    const document = documentOf(groups, path, address);
    if (!document) return false;
    exchange.route = path;
    if (isRoute(path)) mustRead(exchange, producible.object);
    const isWhole = path === '/api' || path === '/apis';
    const format = isWhole ? negotiateAggregated(exchange.headers.accept) : undefined;
    if (format) await respondAggregated(exchange, format, aggregatedOf(path));
    else await respond(exchange, document);
    return true;
  };
}

/** The list of groups, and a group, are answered by the aggregator, which takes any method and any wildcard. */
function isRoute(path: string): boolean {
  return path.startsWith('/api/') || path === '/api' || path.split('/').length > 3;
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

async function respond(exchange: Exchange, document: object): Promise<void> {
  const format = negotiate(exchange.negotiation);
  await exchange.send(200, mediaTypes[format.encoding], encodeObject(document, format));
}

async function respondAggregated(exchange: Exchange, format: Format, { document, etag }: Aggregated): Promise<void> {
  exchange.header('ETag', etag);
  exchange.header('Vary', 'Accept');
  exchange.header('Cache-Control', 'public');
  if (exchange.headers['if-none-match'] === etag) return exchange.sendEmpty(304);
  const type = `${mediaTypes[format.encoding]};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList`;
  await exchange.send(200, type, encodeObject(document, { encoding: format.encoding, pretty: false }));
}
