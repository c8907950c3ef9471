import { allResources, DeleteOptions, PartialObjectMetadata, Status } from '#api';
import type { Message } from '#machinery';

/** The message of every kind that can stand alone on the wire, by `apiVersion/kind`. */
const kinds = new Map<string, Message>([
  ['v1/Status', Status],
  ['v1/DeleteOptions', DeleteOptions],
  ['meta.k8s.io/v1/DeleteOptions', DeleteOptions],
  ['meta.k8s.io/v1/PartialObjectMetadata', PartialObjectMetadata],
]);

for (const { apiVersion, kindName, kind, subresources } of allResources) {
  kinds.set(`${apiVersion}/${kindName}`, kind);
  // Old clients send DeleteOptions under the group of what they delete.
  kinds.set(`${apiVersion}/DeleteOptions`, DeleteOptions);
  for (const { kind: other } of Object.values(subresources ?? {})) {
    if (!other) continue;
    const version = other.group === '' ? other.version : `${other.group}/${other.version}`;
    kinds.set(`${version}/${other.kind.name}`, other.kind);
  }
}

/** The message of a kind; undefined for kinds that are not built in. */
export function messageOfKind(apiVersion: string, kind: string): Message | undefined {
  return kinds.get(`${apiVersion}/${kind}`);
}
