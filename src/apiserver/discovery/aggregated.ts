import { createHash } from 'node:crypto';
import type { Resource, Subresource } from '#machinery';
import { subresourcesOf } from './legacy.ts';
import type { ApiGroup } from './groups.ts';

export type AggregatedVersion = 'v2' | 'v2beta1';

/** All groups, versions and resources in one document (`api/apidiscovery/v2`). */
export function groupDiscoveryList(groups: readonly ApiGroup[], version: AggregatedVersion): object {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: { ...(name !== '' && { name }), creationTimestamp: null },
      versions: versions.map((one) => ({
        version: one.version,
        resources: one.resources.map(resourceDiscovery),
        freshness: 'Current',
      })),
    })),
  };
}

function resourceDiscovery(resource: Resource): object {
  const { group, version, kindName: kind, plural, singular, namespaced, verbs, shortNames, categories } = resource;
  const subresources = subresourcesOf(resource).map(([name, sub]) => subresourceDiscovery(resource, name, sub));
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: [...verbs].sort(),
    ...(shortNames && shortNames.length > 0 && { shortNames }),
    ...(categories && categories.length > 0 && { categories }),
    ...(subresources.length > 0 && { subresources }),
  };
}

function subresourceDiscovery(
  { group, version, kindName }: Resource,
  name: string,
  { kind, verbs }: Subresource,
): object {
  const responseKind = kind
    ? { group: kind.group, version: kind.version, kind: kind.kind.name }
    : { group, version, kind: kindName };
  return { subresource: name, responseKind, verbs: [...verbs].sort() };
}

/** The ETag of a document. */
export function etagOf(document: object): string {
  return `"${createHash('sha512').update(JSON.stringify(document)).digest('hex').toUpperCase()}"`;
}
