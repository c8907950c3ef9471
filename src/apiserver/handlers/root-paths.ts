import { compareText } from '#base';
import type { ApiGroup } from '../discovery/groups.ts';
import { checksOf, healthEndpoints, type HealthCheck } from './health.ts';

/** All paths that the server answers, in order: what stands at `/`. */
export function rootPaths(groups: readonly ApiGroup[], checks: readonly HealthCheck[]): string[] {
  const ofGroups = groups.flatMap(({ name, versions }) => {
    const root = name === '' ? '/api' : `/apis/${name}`;
    return [root, ...versions.map(({ version }) => `${root}/${version}`)];
  });
  const ofHealth = healthEndpoints.flatMap((endpoint) =>
    ['', ...checksOf(checks, endpoint).map(({ name }) => `/${name}`)].map((name) => `/${endpoint}${name}`),
  );
  return [...others, ...ofGroups, ...ofHealth].sort(compareText);
}

const others = [
  '/.well-known/openid-configuration',
  '/apis',
  '/apis/',
  '/flagz',
  '/metrics',
  '/metrics/slis',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/',
  '/openid/v1/jwks',
  '/statusz',
  '/version',
];
