import { bool, list, message, of, required, string } from '#machinery';
import { typeMeta } from './type-meta.ts';

export class ServerAddressByClientCIDR extends message("The server's address for some clients.", {
  clientCIDR: required(string(1, "The clients' addresses.")),
  serverAddress: required(string(2, "The server's address.")),
}) {}

export class GroupVersionForDiscovery extends message('A version of a group.', {
  groupVersion: required(string(1, 'Both, as in `apps/v1`.')),
  version: required(string(2, 'The version alone.')),
}) {}

export class APIVersions extends message('The versions of the core group.', {
  ...typeMeta,
  versions: required(list(1, 'The versions.', string(0, ''))),
  serverAddressByClientCIDRs: required(list(2, "The server's address, by client.", ServerAddressByClientCIDR)),
}) {}

export class APIGroup extends message('A group of the API.', {
  ...typeMeta,
  name: required(string(1, 'Its name.')),
  versions: required(list(2, 'Its versions.', GroupVersionForDiscovery)),
  preferredVersion: of(3, 'The version that clients should use.', GroupVersionForDiscovery),
  serverAddressByClientCIDRs: list(4, "The server's address, by client.", ServerAddressByClientCIDR),
}) {}

export class APIGroupList extends message('The groups of the API.', {
  ...typeMeta,
  groups: required(list(1, 'The groups.', APIGroup)),
}) {}

export class APIResource extends message('A resource of the API.', {
  name: required(string(1, 'Its plural name, with the subresource where it is one.')),
  singularName: required(string(6, 'Its singular name.')),
  namespaced: required(bool(2, 'Whether its objects live in namespaces.')),
  group: string(8, 'The group of its kind, where it is another.'),
  version: string(9, 'The version of its kind, where it is another.'),
  kind: required(string(3, 'The kind of its objects.')),
  verbs: required(list(4, 'What can be done with it.', string(0, ''), { wrapped: true })),
  shortNames: list(5, 'Names that are quicker to type.', string(0, '')),
  categories: list(7, 'Sets that it belongs to, such as `all`.', string(0, '')),
  storageVersionHash: string(10, 'Tells whether the stored version has changed.'),
}) {}

export class APIResourceList extends message('The resources of a version.', {
  ...typeMeta,
  groupVersion: required(string(1, 'The group and version.')),
  resources: required(list(2, 'The resources.', APIResource)),
}) {}

export class RootPaths extends message('The paths that the server knows.', {
  paths: required(list(1, 'The paths.', string(0, ''))),
}) {}

export class GroupVersionKind extends message('A kind, with its group and version.', {
  group: required(string(1, 'The group.')),
  version: required(string(2, 'The version.')),
  kind: required(string(3, 'The kind.')),
}) {}
