import type { Field, FieldData, Fields, Message, ObjectOf, PatchStrategy, Type } from './types.ts';

type Extra = Pick<
  FieldData,
  'default' | 'emitEmpty' | 'omitZero' | 'wrapped' | 'isListTypeUntold' | 'patchStrategy' | 'patchMergeKey'
>;
type StringFacts = {
  enum?: readonly string[];
  enumAsListed?: boolean;
  format?: string;
  minLength?: number;
  maxLength?: number;
};
type NumberFacts = { minimum?: number; maximum?: number };

function field<T>(number: number, doc: string, type: Type, extra: Extra = {}): Field<T, false> {
  return { number, doc, type, ...extra };
}

/** What a message says about itself as a whole. */
type MessageFacts = Pick<Message, 'mapType' | 'unions' | 'walk'>;

/** Declares a message type: `class Container extends message('...', { name: required(string(1, '...')) }) {}`. */
export function message<const F extends Fields>(
  doc: string,
  fields: F,
  facts: MessageFacts = {},
): Message<ObjectOf<F>> & { readonly fields: F } {
  // oxlint-disable-next-line typescript/no-extraneous-class -- a class gives the type its name, in TypeScript and at run time
  class Declared {
    static readonly doc = doc;
    static readonly fields = fields;
    static readonly mapType = facts.mapType;
    static readonly unions = facts.unions;
    static readonly walk = facts.walk;
  }
  // The class is only a name for a type and its facts; the shape of its instances is told by `F`.
  return Declared as unknown as Message<ObjectOf<F>> & { readonly fields: F };
}

export function string(
  number: number,
  doc: string,
  { enum: values, enumAsListed, format, minLength, maxLength, ...extra }: StringFacts & Extra = {},
): Field<string, false> {
  return field(
    number,
    doc,
    { kind: 'string', enum: values, format, minLength, maxLength, ...(enumAsListed && { enumAsListed }) },
    extra,
  );
}

/**
 * A string that is one of `values`; anything else is `Unsupported value`, unless `enumIsForRules` says that the rules of
 * the kind tell it in words of their own.
 */
export function oneOf<const V extends string>(
  number: number,
  doc: string,
  values: readonly V[],
  { enumIsForRules, enumAsListed, ...extra }: Extra & { enumIsForRules?: boolean; enumAsListed?: boolean } = {},
): Field<V, false> {
  const type: Type = {
    kind: 'string',
    enum: values,
    ...(enumIsForRules && { enumIsForRules }),
    ...(enumAsListed && { enumAsListed }),
  };
  return field(number, doc, type, extra);
}

export function bool(number: number, doc: string, extra: Extra = {}): Field<boolean, false> {
  return field(number, doc, { kind: 'bool' }, extra);
}

export function int32(
  number: number,
  doc: string,
  { minimum, maximum, ...extra }: NumberFacts & Extra = {},
): Field<number, false> {
  return field(number, doc, { kind: 'int32', minimum, maximum }, extra);
}

export function int64(
  number: number,
  doc: string,
  { minimum, maximum, ...extra }: NumberFacts & Extra = {},
): Field<number, false> {
  return field(number, doc, { kind: 'int64', minimum, maximum }, extra);
}

export function double(number: number, doc: string, extra: Extra = {}): Field<number, false> {
  return field(number, doc, { kind: 'double' }, extra);
}

/** Bytes; the object holds them as the base64 string that JSON carries. */
export function bytes(number: number, doc: string, extra: Extra = {}): Field<string, false> {
  return field(number, doc, { kind: 'bytes' }, extra);
}

export function quantity(number: number, doc: string, extra: Extra = {}): Field<string, false> {
  return field(number, doc, { kind: 'quantity' }, extra);
}

export function intOrString(number: number, doc: string, extra: Extra = {}): Field<number | string, false> {
  return field(number, doc, { kind: 'intOrString' }, extra);
}

/** RFC 3339 with whole seconds. */
export function time(number: number, doc: string, extra: Extra = {}): Field<string, false> {
  return field(number, doc, { kind: 'time' }, extra);
}

/** RFC 3339 with microseconds. */
export function microTime(number: number, doc: string, extra: Extra = {}): Field<string, false> {
  return field(number, doc, { kind: 'microTime' }, extra);
}

export function raw(
  number: number,
  doc: string,
  format: 'rawExtension' | 'fieldsV1' | 'json',
  extra: Extra = {},
): Field<unknown, false> {
  return field(number, doc, { kind: 'raw', format }, extra);
}

/** A nested message. Pass a thunk where two files import each other. */
export function of<T>(
  number: number,
  doc: string,
  type: Message<T> | (() => Message<T>),
  { structType, ...extra }: Extra & { structType?: 'atomic' | 'granular' } = {},
): Field<T, false> {
  return field(number, doc, structType ? { ...messageType(type), structType } : messageType(type), extra);
}

/**
 * A message (`number` in protobuf) or what `other` says, under the name that Go gives the two: a field to hand to `as`,
 * `list` or `map`.
 */
export function either<T, U>(
  name: string,
  doc: string,
  { number, message: of, other }: { number: number; message: () => Message<T>; other: Field<U> },
): Field<T | U, false> {
  const rest = { messageNumber: number, other: other.type, otherNumber: other.number };
  return field(0, doc, { kind: 'either', name, doc, message: of, ...rest });
}

/** A field of a type that was made apart from it (`either`). */
export function as<T>(number: number, doc: string, { type }: Field<T>): Field<T, false> {
  return field(number, doc, type);
}

/** The type of list items and map values: a message, or a scalar made by one of the functions above with number 0. */
export type ItemType<T> = Message<T> | (() => Message<T>) | Field<T>;

/** A list that is replaced as a whole (`listType=atomic`). */
export function list<T>(number: number, doc: string, items: ItemType<T>, extra: Extra = {}): Field<T[], false> {
  return field(number, doc, { kind: 'list', items: itemType(items), listType: 'atomic' }, extra);
}

/** A list whose items are unique scalars (`listType=set`). */
export function set<T>(number: number, doc: string, items: ItemType<T>, extra: Extra = {}): Field<T[], false> {
  return field(number, doc, { kind: 'list', items: itemType(items), listType: 'set' }, extra);
}

/** A list of messages that `keys` identify (`listType=map`). */
export function listMap<T>(
  number: number,
  doc: string,
  keys: readonly (keyof NoInfer<T> & string)[],
  items: Message<T> | (() => Message<T>),
  extra: Extra & { patchMergeKey?: keyof NoInfer<T> & string; patchStrategy?: readonly PatchStrategy[] } = {},
): Field<T[], false> {
  const patch: Extra = extra.patchMergeKey && !extra.patchStrategy ? { ...extra, patchStrategy: ['merge'] } : extra;
  return field(number, doc, { kind: 'list', items: messageType(items), listType: 'map', keys }, patch);
}

/** A map from strings. */
export function map<T>(
  number: number,
  doc: string,
  values: ItemType<T>,
  extra: Extra & { atomic?: boolean } = {},
): Field<Record<string, T>, false> {
  const { atomic, ...rest } = extra;
  return field(number, doc, { kind: 'map', values: itemType(values), mapType: atomic ? 'atomic' : 'granular' }, rest);
}

/** OpenAPI `required`: an object without it is invalid. */
export function required<T>(of: Field<T>): Field<T, true> {
  return { ...of, required: true } as Field<T, true>;
}

/** A struct that Go holds by value: decoding always fills it, so the static type has it always, though a client may leave it out. */
export function present<T>(of: Field<T>): Field<T, true> {
  return of as Field<T, true>;
}

/** A pointer in Go: absent and zero are different. */
export function pointer<T, P extends boolean>(of: Field<T, P>): Field<T, P> {
  return { ...of, pointer: true };
}

/** The fields of a message that JSON writes flat into its parent and protobuf nests under `number`: `...inlined(2, VolumeSource)`. */
export function inlined<const F extends Fields>(number: number, of: Message & { readonly fields: F }): F {
  const entries = Object.entries(of.fields).map(([name, inner]) => [name, { ...inner, via: { number, message: of } }]);
  return Object.fromEntries(entries) as F;
}

function isMessage(type: object): type is Message {
  return 'fields' in type && 'doc' in type && typeof type === 'function';
}

function messageType(type: Message | (() => Message)): Extract<Type, { kind: 'message' }> {
  return { kind: 'message', message: isMessage(type) ? () => type : type };
}

function itemType<T>(items: ItemType<T>): Type {
  return typeof items === 'function' ? messageType(items) : items.type;
}
