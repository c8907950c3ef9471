import { jsonWebKeySet, openIdConfiguration, type ServiceAccountKey } from '../authn/service-account-key.ts';
import { jsonLine } from '../encoding/encode-object.ts';
import { mediaTypes } from '../http/negotiate.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { producible } from '../http/producible.ts';
import type { PathHandler } from './dispatch.ts';
import { respondJson } from './respond.ts';

/** `version.Info`, as `/version` tells it. */
export interface VersionInfo {
  major: string;
  minor: string;
  emulationMajor: string;
  emulationMinor: string;
  minCompatibilityMajor: string;
  minCompatibilityMinor: string;
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
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.0+kedge',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: 'node',
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
};

interface JsonPathOptions {
  contentType?: string;
  produces?: readonly string[];
  cacheControl?: string;
}

/** A handler for exactly this path. */
export function jsonPath(path: string, document: () => object, options: JsonPathOptions = {}): PathHandler {
  return async (exchange) => {
    if (exchange.path !== path && exchange.path !== `${path}/`) return false;
    exchange.route = path;
    if (options.cacheControl) exchange.header('Cache-Control', options.cacheControl);
    await respondJson(exchange, document(), options.contentType, options.produces);
    return true;
  };
}

export function versionHandler(info: VersionInfo): PathHandler {
  return jsonPath('/version', () => info);
}

/** What lets others check service account tokens by themselves. */
export function openIdHandlers(key: ServiceAccountKey, issuer: string): PathHandler[] {
  const cacheControl = 'public, max-age=3600'; // `pkg/routes/openidmetadata.go`
  const [contentType] = producible.keys;
  return [
    jsonPath('/.well-known/openid-configuration', () => openIdConfiguration(key, issuer), { cacheControl }),
    jsonPath('/openid/v1/jwks', () => jsonWebKeySet(key), {
      contentType,
      produces: producible.keys,
      cacheControl,
    }),
  ];
}

export function metricsHandler(metrics: Metrics): PathHandler {
  return async (exchange) => {
    if (exchange.path !== '/metrics') return false;
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
    // Not a route of upstream's container: whatever is asked, this is the answer.
    await exchange.send(200, mediaTypes.json, jsonLine({ paths }, true));
    return true;
  };
}
