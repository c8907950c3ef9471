import { list, listMap, message, of, oneOf, pointer, present, required, set, string } from '#machinery';
import { GroupVersionKind } from '../../meta/v1/discovery.ts';
import { ListMeta } from '../../meta/v1/list-meta.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class APISubresourceDiscovery extends message('A subresource.', {
  subresource: required(string(1, 'Its name.')),
  responseKind: pointer(of(2, 'The kind that comes back.', GroupVersionKind)),
  acceptedTypes: listMap(
    3,
    'The kinds that go in, where they are others.',
    ['group', 'version', 'kind'],
    GroupVersionKind,
  ),
  verbs: required(set(4, 'What can be done with it.', string(0, ''))),
}) {}

export class APIResourceDiscovery extends message('A resource of a version.', {
  resource: required(string(1, 'Its plural name.')),
  responseKind: pointer(of(2, 'The kind of its objects.', GroupVersionKind)),
  scope: required(oneOf(3, 'Whether its objects live in namespaces.', ['Cluster', 'Namespaced'])),
  singularResource: required(string(4, 'Its singular name.')),
  verbs: required(set(5, 'What can be done with it.', string(0, ''))),
  shortNames: set(6, 'Names that are quicker to type.', string(0, '')),
  categories: set(7, 'Sets that it belongs to, such as `all`.', string(0, '')),
  subresources: listMap(8, 'Its subresources.', ['subresource'], APISubresourceDiscovery),
}) {}

export class APIVersionDiscovery extends message('A version of a group.', {
  version: required(string(1, 'Its name.')),
  resources: listMap(2, 'Its resources.', ['resource'], APIResourceDiscovery),
  freshness: oneOf(3, 'Whether this is known for sure, or was told earlier.', ['Current', 'Stale']),
}) {}

export class APIGroupDiscovery extends message('A group of the API, with all its resources.', {
  ...typeMeta,
  metadata: present(of(1, "The group's name.", ObjectMeta)),
  versions: listMap(2, 'Its versions, the preferred one first.', ['version'], APIVersionDiscovery),
}) {}

export class APIGroupDiscoveryList extends message('All groups of the API, with all resources.', {
  ...typeMeta,
  metadata: present(of(1, 'Nothing of note.', ListMeta)),
  items: required(list(2, 'The groups.', APIGroupDiscovery)),
}) {}
