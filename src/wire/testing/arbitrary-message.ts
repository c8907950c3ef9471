import * as fc from 'fast-check';
import type { FieldData, Message, Type } from '../protobuf/types.ts';

/** Complete objects of a message, for round trips. */
export function arbitraryOf<T>(message: Message<T>, depth = 0): fc.Arbitrary<T> {
  const fields = Object.entries(message.fields).filter(([, field]) => depth < 4 || field.label !== 'optional');
  const record = Object.fromEntries(fields.map(([name, field]) => [name, fieldOf(field, depth)]));
  const requiredKeys = fields.filter(([, field]) => field.label !== 'optional').map(([name]) => name);
  return fc.record(record, { requiredKeys, noNullPrototype: true }) as fc.Arbitrary<T>;
}

function fieldOf(field: FieldData, depth: number): fc.Arbitrary<unknown> {
  const value = valueOf(field.type, depth + 1);
  const maxLength = depth > 1 ? 1 : 3;
  if (field.label === 'list') return fc.array(value, { maxLength });
  if (field.label === 'map') {
    return fc.dictionary(fc.string({ maxLength: 5 }), value, { maxKeys: maxLength, noNullPrototype: true });
  }
  return value;
}

function valueOf(type: Type, depth: number): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'string':
      return fc.string({ unit: 'grapheme', maxLength: 12 });
    case 'bytes':
      return fc.uint8Array({ maxLength: 12 }).map((bytes) => Uint8Array.from(bytes));
    case 'bool':
      return fc.boolean();
    case 'int32':
      return fc.integer();
    case 'uint32':
      return fc.nat(2 ** 32 - 1);
    case 'int64':
      return type.big ? fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) : fc.maxSafeInteger();
    case 'uint64':
      return type.big ? fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) : fc.maxSafeNat();
    case 'float':
      return fc.float({ noNaN: true });
    case 'double':
      return fc.double({ noNaN: true });
    case 'enum':
      return fc.constantFrom(...type.enum.names.values());
    case 'message':
      return arbitraryOf(type.message(), depth);
  }
}
