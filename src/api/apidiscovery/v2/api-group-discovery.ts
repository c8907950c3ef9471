import { list, listMap, message, of, oneOf, pointer, present, required, set, string } from '#machinery';
import { GroupVersionKind } from '../../meta/v1/discovery.ts';
import { ListMeta } from '../../meta/v1/list-meta.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class APISubresourceDiscovery extends message('APISubresourceDiscovery.', {
  subresource: required(string(1, 'The subresource.')),
  responseKind: pointer(of(2, 'The response kind.', GroupVersionKind)),
  acceptedTypes: listMap(3, 'The accepted types.', ['group', 'version', 'kind'], GroupVersionKind),
  verbs: required(set(4, 'The verbs.', string(0, ''))),
}) {}

export class APIResourceDiscovery extends message('APIResourceDiscovery.', {
  resource: required(string(1, 'The resource.')),
  responseKind: pointer(of(2, 'The response kind.', GroupVersionKind)),
  scope: required(oneOf(3, 'The scope.', ['Cluster', 'Namespaced'])),
  singularResource: required(string(4, 'The singular resource.')),
  verbs: required(set(5, 'The verbs.', string(0, ''))),
  shortNames: set(6, 'The short names.', string(0, '')),
  categories: set(7, 'The categories.', string(0, '')),
  subresources: listMap(8, 'The subresources.', ['subresource'], APISubresourceDiscovery),
}) {}

export class APIVersionDiscovery extends message('APIVersionDiscovery.', {
  version: required(string(1, 'The version.')),
  resources: listMap(2, 'The resources.', ['resource'], APIResourceDiscovery),
  freshness: oneOf(3, 'The freshness.', ['Current', 'Stale']),
}) {}

export class APIGroupDiscovery extends message('APIGroupDiscovery.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  versions: listMap(2, 'The versions.', ['version'], APIVersionDiscovery),
}) {}

export class APIGroupDiscoveryList extends message('APIGroupDiscoveryList.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ListMeta)),
  items: required(list(2, 'The items.', APIGroupDiscovery)),
}) {}
