import {
  allResources,
  APIGroup,
  APIGroupDiscoveryList,
  APIGroupList,
  APIResourceList,
  APIVersions,
  Binding,
  DeleteOptions,
  Eviction,
  PartialObjectMetadata,
  RangeAllocation,
  Scale,
  Status,
  TokenRequest,
} from '#api';
import type { Message } from '#machinery';

/** The message of every kind that can stand alone on the wire, by `apiVersion/kind`. */
const kinds = new Map<string, Message>([
  ['v1/Status', Status],
  ['v1/DeleteOptions', DeleteOptions],
  ['meta.k8s.io/v1/DeleteOptions', DeleteOptions],
  ['meta.k8s.io/v1/PartialObjectMetadata', PartialObjectMetadata],
  // Discovery; those of the core group say no apiVersion.
  ['/APIVersions', APIVersions],
  ['/APIResourceList', APIResourceList],
  ['v1/APIResourceList', APIResourceList],
  ['v1/APIGroup', APIGroup],
  ['v1/APIGroupList', APIGroupList],
  ['apidiscovery.k8s.io/v2/APIGroupDiscoveryList', APIGroupDiscoveryList],
  // What is stored and not served.
  ['v1/RangeAllocation', RangeAllocation],
  // What goes in and out of subresources.
  ['v1/Binding', Binding],
  ['policy/v1/Eviction', Eviction],
  ['policy/v1beta1/Eviction', Eviction],
  ['autoscaling/v1/Scale', Scale],
  ['authentication.k8s.io/v1/TokenRequest', TokenRequest],
]);

for (const { apiVersion, kindName, kind } of allResources) {
  kinds.set(`${apiVersion}/${kindName}`, kind);
  // Old clients send DeleteOptions under the group of what they delete.
  kinds.set(`${apiVersion}/DeleteOptions`, DeleteOptions);
}

/** The message of a kind; undefined for kinds that are not built in. */
export function messageOfKind(apiVersion: string, kind: string): Message | undefined {
  return kinds.get(`${apiVersion}/${kind}`);
}
