import { copyJson, isObject } from './json.ts';
import type { FieldData, Message, Type } from './schema/types.ts';

interface DefaultedField {
  readonly name: string;
  readonly field: FieldData;
}

const compiled = new WeakMap<Message, readonly DefaultedField[]>();

/**
 * Sets what the schema gives as default wherever the object says nothing, in place. As in Go, a zero value that is not
 * held by pointer says nothing. Messages that are absent stay absent.
 */
export function applyDefaults(message: Message, object: unknown): void {
  if (!isObject(object)) return;
  for (const { name, field } of defaultedFields(message)) {
    if (isSet(field) && isUnset(object[name], field)) object[name] = copyJson(field.default);
    descend(field.type, object[name]);
  }
}

/** Go leaves out a default that is the zero value of a field with `omitempty`. */
function isSet(field: FieldData): boolean {
  if (field.default === undefined) return false;
  return field.pointer === true || field.emitEmpty === true || field.required === true || !isZero(field.default);
}

function isZero(value: unknown): boolean {
  return value === '' || value === 0 || value === false;
}

/** The fields below which there is any default at all, so that the walk skips the rest. */
function defaultedFields(message: Message): readonly DefaultedField[] {
  const known = compiled.get(message);
  if (known) return known;
  const made = Object.entries(message.fields)
    .filter(([, field]) => isSet(field) || hasDefaults(field.type, new Set()))
    .map(([name, field]) => ({ name, field }));
  compiled.set(message, made);
  return made;
}

function hasDefaults(type: Type, seen: Set<Message>): boolean {
  if (type.kind === 'list') return hasDefaults(type.items, seen);
  if (type.kind === 'map') return hasDefaults(type.values, seen);
  if (type.kind !== 'message' && type.kind !== 'either') return false;
  const message = type.message();
  if (seen.has(message)) return false;
  seen.add(message);
  return Object.values(message.fields).some((one) => isSet(one) || hasDefaults(one.type, seen));
}

function isUnset(value: unknown, { pointer }: FieldData): boolean {
  if (value === undefined || value === null) return true;
  return pointer !== true && isZero(value);
}

function descend(type: Type, value: unknown): void {
  if (value === undefined || value === null) return;
  if (type.kind === 'message' || (type.kind === 'either' && isObject(value))) applyDefaults(type.message(), value);
  else if (type.kind === 'either') descend(type.other, value);
  else if (type.kind === 'list' && Array.isArray(value)) for (const item of value) descend(type.items, item);
  else if (type.kind === 'map' && isObject(value)) for (const item of Object.values(value)) descend(type.values, item);
}
