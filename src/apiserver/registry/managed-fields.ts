import { messageOf } from '#base';
import {
  copyJson,
  isEqualJson,
  joinKey,
  nameOf,
  namespaceOf,
  readManagedFields,
  type FieldManager,
  type KubeObject,
  type ManagedFieldsEntry,
} from '#machinery';
import type { Door } from './door.ts';
import type { RequestContext, WriteOptions } from './rest.ts';

const maxManagerBytes = 128;

/** Who writes: as the request says, or else by the User-Agent up to its first `/` (`endpoints/handlers/create.go`). */
export function managerOf({ userAgent }: RequestContext, { fieldManager }: WriteOptions): string {
  if (fieldManager) return fieldManager;
  const [name = ''] = userAgent.split('/');
  if (/^[ -~]{0,128}$/.test(name)) return name;
  let manager = '';
  for (const character of name) {
    if (/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character)) continue;
    if (Buffer.byteLength(manager + character) > maxManagerBytes) break;
    manager += character;
  }
  return manager;
}

/** Makes the one who writes the owner of what `object` changes of `old`. */
export function track(
  { fields, log }: { fields: FieldManager; log: Door['log'] },
  request: { context: RequestContext; options: WriteOptions },
  object: KubeObject,
  old: KubeObject | undefined,
): void {
  try {
    setManagedFields(object, fields.update(old, object, managerOf(request.context, request.options)));
  } catch (error) {
    // As upstream: a write does not fail for it, and nothing wrong is kept.
    const key = joinKey(namespaceOf(object), nameOf(object));
    log.error({ kind: object.kind, object: key, error: messageOf(error) }, 'could not tell who owns which fields');
    delete object.metadata.managedFields;
  }
}

export function setManagedFields({ metadata }: KubeObject, entries: ManagedFieldsEntry[] | undefined): void {
  if (entries) metadata.managedFields = entries;
  else delete metadata.managedFields;
}

/** A copy to be changed in place; the managed fields, which are never changed, are shared. */
export function copyOf<T extends KubeObject>(object: T): T {
  const { managedFields } = object.metadata;
  if (!managedFields) return copyJson(object);
  const { managedFields: _shared, ...metadata } = object.metadata;
  const copy = copyJson({ ...object, metadata });
  setManagedFields(copy, managedFields);
  return copy;
}

/** Takes back what admission made of the managed fields, where nobody can read it any more. */
export function keepReadable(
  object: KubeObject,
  before: ManagedFieldsEntry[] | undefined,
  context: RequestContext,
): void {
  const after = object.metadata.managedFields;
  if (after === before) return;
  try {
    readManagedFields(after);
  } catch (error) {
    setManagedFields(object, before);
    context.warn(
      `.metadata.managedFields was in an invalid state after admission; this could be caused by an outdated mutating admission controller; please fix your requests: ${messageOf(error)}`,
    );
  }
}

/**
 * Takes the old times where nothing else changed, so that a write that changes nothing is none
 * (`endpoints/handlers/fieldmanager/equality.go`).
 */
export function keepTimes(object: KubeObject, old: KubeObject): void {
  const [entries = [], before = []] = [object.metadata.managedFields, old.metadata.managedFields];
  if (entries.length !== before.length || entries.length === 0) return;
  const isSameTime = (entry: ManagedFieldsEntry, at: number): boolean => entry.time === before[at]?.time;
  if (entries.every(isSameTime) || !entries.every((entry, at) => isSameButTime(entry, before[at]))) return;
  const { resourceVersion, managedFields } = old.metadata;
  const timed = { ...object, metadata: { ...object.metadata, resourceVersion, managedFields } };
  if (isEqualJson(timed, old)) setManagedFields(object, managedFields);
}

function isSameButTime(a: ManagedFieldsEntry, b: ManagedFieldsEntry | undefined): boolean {
  return a === b || (b !== undefined && isEqualJson({ ...a, time: '' }, { ...b, time: '' }));
}
