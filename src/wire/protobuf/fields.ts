import { complete } from './complete.ts';
import type { Enum, Field, FieldData, Fields, Init, Message, ObjectOf, Type } from './types.ts';

/** Declares a message: `class PodIP extends message({ ip: string(1) }) {}`. */
export function message<const F extends Fields>(fields: F): Message<ObjectOf<F>> & { readonly fields: F } {
  // oxlint-disable-next-line typescript/no-extraneous-class -- a class gives the type its name, in TypeScript and at run time
  class Declared {
    static readonly fields = fields;

    static of(init: Init<ObjectOf<F>> = {} as Init<ObjectOf<F>>): unknown {
      return complete(this, init);
    }
  }
  // The class is only a name for a type and its facts; the shape of its instances is told by `F`.
  return Declared as unknown as Message<ObjectOf<F>> & { readonly fields: F };
}

/**
 * Declares an enum; its static type is `EnumOf<typeof Name>`, the union of the names. A number that has no name, of a newer
 * protocol, reads as `unknown`, or as the zero value where that is not given; `unknown` itself cannot be sent.
 */
export function enumeration<const V extends string, const U extends string = never>(
  numbers: Readonly<Record<V, number>>,
  unknown?: U,
): Enum<V | U> {
  const names = new Map<number, V>();
  // `Object.entries` widens the keys of a record to string.
  for (const [name, number] of Object.entries(numbers) as [V, number][]) {
    if (!names.has(number)) names.set(number, name);
  }
  const zero = names.get(0);
  if (zero === undefined) throw new Error('an enum of proto3 needs the number 0');
  // That `unknown` has no number is found out by who tries to send it.
  return { numbers: numbers as Readonly<Record<V | U, number>>, names, zero, unknown: unknown ?? zero };
}

export const string = (number: number): Field<string, true> => implicit(number, { kind: 'string' });
export const bytes = (number: number): Field<Uint8Array, true> => implicit(number, { kind: 'bytes' });
export const bool = (number: number): Field<boolean, true> => implicit(number, { kind: 'bool' });
export const int32 = (number: number): Field<number, true> => implicit(number, { kind: 'int32' });
export const uint32 = (number: number): Field<number, true> => implicit(number, { kind: 'uint32' });
export const float = (number: number): Field<number, true> => implicit(number, { kind: 'float' });
export const double = (number: number): Field<number, true> => implicit(number, { kind: 'double' });
export const int64 = (number: number): Field<number, true> => implicit(number, { kind: 'int64', big: false });
export const uint64 = (number: number): Field<number, true> => implicit(number, { kind: 'uint64', big: false });
/** 64 bits where the low ones matter: identities, nanoseconds since 1970. */
export const bigInt64 = (number: number): Field<bigint, true> => implicit(number, { kind: 'int64', big: true });
export const bigUint64 = (number: number): Field<bigint, true> => implicit(number, { kind: 'uint64', big: true });

/** One name of `names`. */
export function oneOf<V extends string>(number: number, names: Enum<V>): Field<V, true> {
  return implicit(number, { kind: 'enum', enum: names });
}

/** A nested message, absent when not sent. Give a function where the declaration comes later in the file. */
export function nested<T>(number: number, type: Message<T> | (() => Message<T>)): Field<T, false> {
  return { number, type: messageType(type), label: 'optional' };
}

/** A scalar that knows whether it was sent: proto3's `optional`, and the scalar members of a `oneof`. */
export function optional<T>(field: Field<T, true>): Field<T, false> {
  return { number: field.number, type: field.type, label: 'optional' };
}

/** A list of messages, or of the scalar that `items` declares: `list(3, int64)`. */
export function list<T>(
  number: number,
  items: Message<T> | ((number: number) => Field<T, true>) | (() => Message<T>),
): Field<T[], true> {
  return { number, type: itemType(number, items), label: 'list' };
}

/** A list of an enum's names. */
export function listOfNames<V extends string>(number: number, names: Enum<V>): Field<V[], true> {
  return { number, type: { kind: 'enum', enum: names }, label: 'list' };
}

/** A map from strings to messages or to the scalar that `values` declares: `map(6, string)`. */
export function map<T>(
  number: number,
  values: Message<T> | ((number: number) => Field<T, true>),
): Field<Record<string, T>, true> {
  return { number, type: itemType(number, values), label: 'map' };
}

function implicit(number: number, type: Type): FieldData {
  return { number, type, label: 'implicit' };
}

function isMessage(value: Message | ((number: number) => unknown)): value is Message {
  return 'fields' in value;
}

function messageType(type: Message | (() => Message)): Type {
  return { kind: 'message', message: isMessage(type) ? () => type : type };
}

/** A scalar's declaration is told from a message's thunk by calling it: only at first use, since thunks look ahead. */
function itemType(number: number, items: Message | ((number: number) => FieldData | Message)): Type {
  if (isMessage(items)) return messageType(items);
  if (items.length === 1) {
    const field = items(number);
    if (!isField(field)) throw new Error('a list takes a message or a scalar declaration');
    return field.type;
  }
  return messageType(items as () => Message); // a thunk has no parameter
}

function isField(value: FieldData | Message): value is FieldData {
  return 'label' in value;
}
