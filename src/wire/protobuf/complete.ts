import type { FieldData, Message, Type } from './types.ts';

/** The value of an implicit field that was not sent. */
export function zeroOf(type: Type): unknown {
  switch (type.kind) {
    case 'string':
      return '';
    case 'bytes':
      return new Uint8Array(0);
    case 'bool':
      return false;
    case 'enum':
      return type.enum.zero;
    case 'int64':
    case 'uint64':
      return type.big ? 0n : 0;
    default:
      return 0;
  }
}

/** What a field holds when nothing was sent; `undefined` for those that may be absent. */
export function emptyOf(field: FieldData): unknown {
  if (field.label === 'list') return [];
  if (field.label === 'map') return {};
  return field.label === 'optional' ? undefined : zeroOf(field.type);
}

/** A complete object of the message from any part of one. */
export function complete(message: Message, init: object): Record<string, unknown> {
  const given = init as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(message.fields)) {
    const value = given[name];
    const made = value === undefined || value === null ? emptyOf(field) : completeField(field, value);
    if (made !== undefined) result[name] = made;
  }
  return result;
}

function completeField(field: FieldData, value: unknown): unknown {
  if (field.label === 'list') return (value as unknown[]).map((item) => completeValue(field.type, item));
  if (field.label !== 'map') return completeValue(field.type, value);
  // A map's keys come from outside: `fromEntries` defines them, so that `__proto__` is a key as any other.
  return Object.fromEntries(
    Object.entries(value as object).map(([key, item]) => [key, completeValue(field.type, item)]),
  );
}

function completeValue(type: Type, value: unknown): unknown {
  return type.kind === 'message' ? complete(type.message(), value as object) : value;
}
