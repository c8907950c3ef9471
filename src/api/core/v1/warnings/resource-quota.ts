import { Quantity, type Warnings } from '#machinery';
import type { ResourceQuota } from '../resource-quota.ts';

/** What requests and limits there are of, and whether the bare name is that of its requests. */
const resources: readonly [name: string, hasBareName: boolean][] = [
  ['cpu', true],
  ['memory', true],
  ['storage', false],
  ['ephemeral-storage', false],
];

/** Nobody can request more than he may use (`pkg/registry/core/resourcequota/strategy.go`). */
export function warnOfResourceQuota({ spec }: ResourceQuota, warnings: Warnings): void {
  const { hard = {} } = spec;
  for (const [name, hasBareName] of resources) {
    const requests = hard[`requests.${name}`] === undefined && hasBareName ? name : `requests.${name}`;
    const [request, limit] = [hard[requests], hard[`limits.${name}`]];
    if (request === undefined || limit === undefined) continue;
    if (Quantity.parse(request).compare(Quantity.parse(limit)) <= 0) continue;
    warnings.add(`ResourceQuota ${requests} (${request}) should be less than limits.${name} (${limit})`);
  }
}
