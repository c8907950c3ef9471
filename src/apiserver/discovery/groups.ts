import { compareText } from '#base';
import type { Resource } from '#machinery';
import { groupRank } from './priorities.ts';

/** One group with its versions, most preferred first. */
export interface ApiGroup {
  name: string;
  versions: { version: string; resources: Resource[] }[];
}

/** Sorts resources into groups and versions. */
export function groupsOf(resources: readonly Resource[]): ApiGroup[] {
  const groups = new Map<string, Map<string, Resource[]>>();
  for (const resource of resources) {
    const versions = groups.get(resource.group) ?? new Map<string, Resource[]>();
    groups.set(resource.group, versions);
    versions.set(resource.version, [...(versions.get(resource.version) ?? []), resource]);
  }
  return [...groups]
    .map(([name, versions]) => ({
      name,
      versions: [...versions].map(([version, all]) => ({ version, resources: byName(all) })),
    }))
    .map((group) => ({
      ...group,
      versions: group.versions.sort((one, other) => newerFirst(one.version, other.version)),
    }))
    .sort((one, other) => groupRank(one.name) - groupRank(other.name) || compareText(one.name, other.name));
}

function byName(resources: Resource[]): Resource[] {
  return resources.sort((one, other) => compareText(one.plural, other.plural));
}

/** v2 before v1 before v1beta2 before v1alpha1 (`apimachinery/pkg/version`). */
function newerFirst(one: string, other: string): number {
  const [a, b] = [weight(one), weight(other)];
  return b[0] - a[0] || b[1] - a[1] || b[2] - a[2];
}

function weight(version: string): [number, number, number] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (!match) return [-1, 0, 0];
  const stage = match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0;
  return [stage, Number(match[1]), Number(match[3] ?? 0)];
}

/** `v1` or `apps/v1`. */
export function groupVersion(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}
