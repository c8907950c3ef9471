import type { KubeMeta, KubeObject } from './schema/resource.ts';

/** An entry of `metadata.ownerReferences`. */
export type OwnerReference = NonNullable<KubeMeta['ownerReferences']>[number];

/** What the helpers below read of an object. */
export interface HasMeta {
  readonly metadata: KubeMeta;
}

/** The object's name; empty before it has one. */
export function nameOf(object: HasMeta): string {
  return object.metadata.name ?? '';
}

/** The object's namespace; empty where the resource has none. */
export function namespaceOf(object: HasMeta): string {
  return object.metadata.namespace ?? '';
}

/** The object's uid; empty before it is stored. */
export function uidOf(object: HasMeta): string {
  return object.metadata.uid ?? '';
}

/** `namespace/name`, or `name` for what has no namespace: the key of work queues and listers. */
export function keyOf(object: HasMeta): string {
  return joinKey(namespaceOf(object), nameOf(object));
}

/** `namespace/name`, or `name` where the namespace is empty. */
export function joinKey(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** Takes a key of `keyOf` apart. */
export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return slash < 0 ? { namespace: '', name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The owner that manages this object, of which there is one at most. */
export function controllerOf(object: HasMeta): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((one) => one.controller === true);
}

/** Whether `owner` is the controller of `object`; told by uid, since names come back. */
export function isControlledBy(object: HasMeta, owner: HasMeta): boolean {
  const controller = controllerOf(object);
  return controller !== undefined && controller.uid === owner.metadata.uid;
}

/** The reference that makes `owner` the controller of what carries it, and holds its foreground deletion up. */
export function ownerReferenceTo(
  owner: HasMeta,
  resource: { readonly apiVersion: string; readonly kindName: string },
): OwnerReference {
  return {
    apiVersion: resource.apiVersion,
    kind: resource.kindName,
    name: nameOf(owner),
    uid: uidOf(owner),
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Whether `finalizer` still holds the object back from its end. */
export function hasFinalizer(object: HasMeta, finalizer: string): boolean {
  return object.metadata.finalizers?.includes(finalizer) ?? false;
}

/** Whether the object was deleted and waits for its grace period or finalizers. */
export function isDeleting(object: HasMeta): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

/** Whether a JSON value has the outline of a Kubernetes object. */
export function isKubeObject(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null || !('metadata' in value)) return false;
  return typeof value.metadata === 'object' && value.metadata !== null;
}

/** `apps/v1` as group and version; the core group is the empty one. */
export function parseApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  if (slash < 0) return { group: '', version: apiVersion };
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}
