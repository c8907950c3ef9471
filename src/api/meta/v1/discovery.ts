import { bool, list, message, of, required, string } from '#machinery';
import { typeMeta } from './type-meta.ts';

export class ServerAddressByClientCIDR extends message('ServerAddressByClientCIDR.', {
  clientCIDR: required(string(1, 'The client cidr.')),
  serverAddress: required(string(2, 'The server address.')),
}) {}

export class GroupVersionForDiscovery extends message('GroupVersionForDiscovery.', {
  groupVersion: required(string(1, 'The group version.')),
  version: required(string(2, 'The version.')),
}) {}

export class APIVersions extends message('APIVersions.', {
  ...typeMeta,
  versions: required(list(1, 'The versions.', string(0, ''))),
  serverAddressByClientCIDRs: required(list(2, 'The server address by client cidrs.', ServerAddressByClientCIDR)),
}) {}

export class APIGroup extends message('APIGroup.', {
  ...typeMeta,
  name: required(string(1, 'The name.')),
  versions: required(list(2, 'The versions.', GroupVersionForDiscovery)),
  preferredVersion: of(3, 'The preferred version.', GroupVersionForDiscovery),
  serverAddressByClientCIDRs: list(4, 'The server address by client cidrs.', ServerAddressByClientCIDR),
}) {}

export class APIGroupList extends message('APIGroupList.', {
  ...typeMeta,
  groups: required(list(1, 'The groups.', APIGroup)),
}) {}

export class APIResource extends message('APIResource.', {
  name: required(string(1, 'The name.')),
  singularName: required(string(6, 'The singular name.')),
  namespaced: required(bool(2, 'The namespaced.')),
  group: string(8, 'The group.'),
  version: string(9, 'The version.'),
  kind: required(string(3, 'The kind.')),
  verbs: required(list(4, 'The verbs.', string(0, ''))),
  shortNames: list(5, 'The short names.', string(0, '')),
  categories: list(7, 'The categories.', string(0, '')),
  storageVersionHash: string(10, 'The storage version hash.'),
}) {}

export class APIResourceList extends message('APIResourceList.', {
  ...typeMeta,
  groupVersion: required(string(1, 'The group version.')),
  resources: required(list(2, 'The resources.', APIResource)),
}) {}

export class RootPaths extends message('RootPaths.', {
  paths: required(list(1, 'The paths.', string(0, ''))),
}) {}

export class GroupVersionKind extends message('GroupVersionKind.', {
  group: required(string(1, 'The group.')),
  version: required(string(2, 'The version.')),
  kind: required(string(3, 'The kind.')),
}) {}
