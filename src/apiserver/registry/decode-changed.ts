import { copyJson, decode, isObject, setKey, type KubeObject, type Message } from '#machinery';
import { setManagedFields } from './managed-fields.ts';

/**
 * As `decode`, of what was made of an object that was decoded once. What stands in it untouched, as the spec does where a
 * label was changed, needs no second look and is copied: that takes a tenth of the time. Its managed fields are shared, as
 * those of any copy.
 */
export function decodeChanged<T extends KubeObject>(
  message: Message<T>,
  value: unknown,
  old: KubeObject | undefined,
): { object: T; unknownFields: string[] } {
  if (!isObject(value) || !old) return decode(message, value);
  const before: Readonly<Record<string, unknown>> = { ...old };
  const changed: Record<string, unknown> = {};
  const kept: Record<string, unknown> = {};
  for (const name in value) {
    const member = value[name];
    // Of the metadata something always changes: who owns what.
    const isKept = name !== 'metadata' && isObject(member) && member === before[name];
    setKey(isKept ? kept : changed, name, isKept ? copyJson(member) : member);
  }
  const { metadata } = value;
  const { managedFields } = old.metadata;
  const isShared = isObject(metadata) && managedFields !== undefined && metadata.managedFields === managedFields;
  if (isShared) changed.metadata = { ...metadata, managedFields: undefined };
  const decoded = decode(message, changed);
  Object.assign(decoded.object, kept);
  if (isShared) setManagedFields(decoded.object, managedFields);
  return decoded;
}
