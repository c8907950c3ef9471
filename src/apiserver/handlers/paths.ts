import { jsonWebKeySet, openIdConfiguration, type ServiceAccountKey } from '../authn/service-account-key.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { PathHandler } from './dispatch.ts';
import { mustGet, respondJson } from './respond.ts';

/** `version.Info`, as `/version` tells it. */
export interface VersionInfo {
  major: string;
  minor: string;
  gitVersion: string;
  gitCommit: string;
  gitTreeState: string;
  buildDate: string;
  goVersion: string;
  compiler: string;
  platform: string;
}

/** The version of the API that this server implements. */
export const apiVersionInfo: VersionInfo = {
  major: '1',
  minor: '36',
  gitVersion: 'v1.36.0+kedge',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: 'node',
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
};

/** A handler for exactly these paths. */
export function jsonPath(path: string, document: () => object): PathHandler {
  return async (exchange) => {
    if (exchange.path !== path && exchange.path !== `${path}/`) return false;
    exchange.route = path;
    await respondJson(exchange, document());
    return true;
  };
}

export function versionHandler(info: VersionInfo): PathHandler {
  return jsonPath('/version', () => info);
}

/** What lets others check service account tokens by themselves. */
export function openIdHandlers(key: ServiceAccountKey, issuer: string): PathHandler[] {
  return [
    jsonPath('/.well-known/openid-configuration', () => openIdConfiguration(key, issuer)),
    jsonPath('/openid/v1/jwks', () => jsonWebKeySet(key)),
  ];
}

export function metricsHandler(metrics: Metrics): PathHandler {
  return async (exchange) => {
    if (exchange.path !== '/metrics') return false;
    mustGet(exchange);
    exchange.route = '/metrics';
    await exchange.send(200, metrics.contentType, await metrics.text());
    return true;
  };
}

/** `/`: the paths that there are. */
export function rootHandler(paths: readonly string[]): PathHandler {
  return async (exchange) => {
    if (exchange.path !== '/') return false;
    exchange.route = '/';
    await respondJson(exchange, { paths });
    return true;
  };
}
