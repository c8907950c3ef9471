import { createHash } from 'node:crypto';
import type { Resource, Subresource } from '#machinery';
import { subresourcesOf } from './legacy.ts';
import type { ApiGroup } from './groups.ts';

/** All groups, versions and resources in one document (`api/apidiscovery/v2`). */
export function groupDiscoveryList(groups: readonly ApiGroup[]): object {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: name === '' ? {} : { name },
      versions: versions.map((one) => ({
        version: one.version,
        resources: one.resources.map(resourceDiscovery),
        freshness: 'Current',
      })),
    })),
  };
}

function resourceDiscovery(resource: Resource): object {
  const { kindName: kind, plural, singular, namespaced, verbs, shortNames, categories } = resource;
  const subresources = subresourcesOf(resource).map(([name, sub]) => subresourceDiscovery(resource, name, sub));
  return {
    resource: plural,
    responseKind: { group: '', version: '', kind }, // empty: as the group's version
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: [...verbs].sort(),
    ...(shortNames && shortNames.length > 0 && { shortNames }),
    ...(categories && categories.length > 0 && { categories }),
    ...(subresources.length > 0 && { subresources }),
  };
}

function subresourceDiscovery(resource: Resource, name: string, { kind, verbs }: Subresource): object {
  const isOther = kind && (kind.group !== resource.group || kind.version !== resource.version);
  const [group, version] = isOther ? [kind.group, kind.version] : ['', ''];
  const responseKind = { group, version, kind: kind?.kind.name ?? resource.kindName };
  return { subresource: name, responseKind, verbs: [...verbs].sort() };
}

/** The ETag of a document. */
export function etagOf(document: object): string {
  return `"${createHash('sha512').update(JSON.stringify(document)).digest('hex').toUpperCase()}"`;
}
