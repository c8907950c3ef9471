import type { Resource } from '#machinery';

/** Resources that are not kept under their own name (`pkg/kubeapiserver/default_storage_factory_builder.go`). */
const special: Readonly<Record<string, string>> = {
  nodes: 'minions',
  services: 'services/specs',
  endpoints: 'services/endpoints',
  replicationcontrollers: 'controllers',
  ingresses: 'ingress',
};

/** Groups whose resources stand directly under `/registry`; the resources of any other group stand under its name. */
function isBuiltIn(group: string): boolean {
  // These two are servers of their own upstream, which keep their objects under their groups.
  if (group === 'apiextensions.k8s.io' || group === 'apiregistration.k8s.io') return false;
  return !group.includes('.') || group.endsWith('.k8s.io');
}

/** `/registry/pods/`: where the store has a resource's objects; `ns/name` or `name` follows. */
export function storagePrefix({ group, plural }: Pick<Resource, 'group' | 'plural'>): string {
  if (!isBuiltIn(group)) return `/registry/${group}/${plural}/`;
  return `/registry/${special[plural] ?? plural}/`;
}
