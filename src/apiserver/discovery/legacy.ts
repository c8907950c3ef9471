import { createHash } from 'node:crypto';
import type { Resource, Subresource } from '#machinery';
import { groupVersion, type ApiGroup } from './groups.ts';

/** `/api`. */
export function apiVersions(groups: readonly ApiGroup[], address: string): object {
  const core = groups.find(({ name }) => name === '');
  return {
    kind: 'APIVersions',
    versions: core?.versions.map(({ version }) => version) ?? [],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
  };
}

/** `/apis`. */
export function apiGroupList(groups: readonly ApiGroup[]): object {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.filter(({ name }) => name !== '').map(group) };
}

/** `/apis/<group>`. */
export function apiGroup(of: ApiGroup): object {
  return { kind: 'APIGroup', apiVersion: 'v1', ...group(of) };
}

function group({ name, versions }: ApiGroup): object {
  const all = versions.map(({ version }) => ({ groupVersion: groupVersion(name, version), version }));
  return { name, versions: all, preferredVersion: all[0] };
}

/** `/api/v1` and `/apis/<group>/<version>`. */
export function apiResourceList(group: string, version: string, resources: readonly Resource[]): object {
  return {
    kind: 'APIResourceList',
    // Upstream's core group says no apiVersion here, out of an old habit that clients know.
    ...(group !== '' && { apiVersion: 'v1' }),
    groupVersion: groupVersion(group, version),
    resources: resources.flatMap((resource) => [
      apiResource(resource),
      ...subresourcesOf(resource).map(([name, sub]) => apiSubresource(resource, name, sub)),
    ]),
  };
}

function apiResource(resource: Resource): object {
  const { plural, singular, namespaced, kindName, verbs, shortNames, categories } = resource;
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind: kindName,
    verbs: [...verbs].sort(),
    ...(shortNames && shortNames.length > 0 && { shortNames }),
    ...(categories && categories.length > 0 && { categories }),
    ...(verbs.includes('watch') && { storageVersionHash: storageVersionHash(resource) }),
  };
}

function apiSubresource(
  { group, version, plural, namespaced, kindName }: Resource,
  name: string,
  { kind, verbs }: Subresource,
): object {
  return {
    name: `${plural}/${name}`,
    singularName: '',
    namespaced,
    ...(kind && (kind.group !== group || kind.version !== version) && { group: kind.group, version: kind.version }),
    kind: kind?.kind.name ?? kindName,
    verbs: [...verbs].sort(),
  };
}

/** The subresources in the order of their names. */
export function subresourcesOf(resource: Resource): [string, Subresource][] {
  return Object.entries(resource.subresources ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Tells clients when a resource changes the version it is stored in (`endpoints/discovery/storageversionhash.go`). */
function storageVersionHash({ group, version, kindName }: Resource): string {
  const kind = `${group}/${version}/${kindName}`;
  return createHash('sha256')
    .update(storedAs[kind] ?? kind)
    .digest()
    .subarray(0, 8)
    .toString('base64');
}

/** Kinds that upstream stores in another version than the one they are asked for. */
const storedAs: Readonly<Record<string, string>> = {
  'events.k8s.io/v1/Event': '/v1/Event',
  'autoscaling/v1/HorizontalPodAutoscaler': 'autoscaling/v2/HorizontalPodAutoscaler',
  'apiextensions.k8s.io/v1/CustomResourceDefinition': 'apiextensions.k8s.io/v1beta1/CustomResourceDefinition',
  'admissionregistration.k8s.io/v1/MutatingAdmissionPolicy':
    'admissionregistration.k8s.io/v1beta1/MutatingAdmissionPolicy',
  'admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding':
    'admissionregistration.k8s.io/v1beta1/MutatingAdmissionPolicyBinding',
};
