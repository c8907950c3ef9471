import { conflict, joinKey, type KubeMeta, type Resource } from '#machinery';
import { storagePrefix } from './keys.ts';

type Named = Pick<Resource, 'group' | 'plural'>;

/**
 * Throws Conflict where the object is another than the one whose uid the caller knows, in the words of upstream's storage, which
 * people search for (`apiserver/pkg/storage/errors.go`).
 */
export function mustHaveUid(resource: Named, wanted: string, meta: KubeMeta): void {
  if (wanted !== meta.uid) throw otherUid(resource, wanted, meta);
}

/** Conflict: there is no object of this uid. */
export function otherUid(resource: Named, wanted: string, { namespace = '', name = '', uid = '' }: KubeMeta): Error {
  const key = `${storagePrefix(resource).replace(/^\/registry/, '')}${joinKey(namespace, name)}`;
  const why = `Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${uid}`;
  const told = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`;
  return conflict(resource, name, told);
}
