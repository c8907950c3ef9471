/**
 * Protocol buffers (proto3) as plain data. A message is declared once, as a class that is never instantiated; its static
 * type, its codec and its defaults follow from the same declaration.
 *
 * The objects themselves are plain and complete, as a proto3 decoder leaves them: a scalar that was not sent is its zero
 * value, a list is `[]`, a map is `{}`. Only messages, and fields declared `optional`, may be absent.
 */

/** The names of an enum with their numbers; the first name that has the number 0 stands for what was not sent. */
export interface Enum<V extends string = string> {
  readonly numbers: Readonly<Record<V, number>>;
  readonly names: ReadonlyMap<number, V>;
  readonly zero: V;
  /** What a number reads as that has no name. */
  readonly unknown: V;
}

/** The static type of an enum: the union of its names. */
export type EnumOf<E> = E extends Enum<infer V> ? V : never;

export type ScalarKind = 'string' | 'bytes' | 'bool' | 'int32' | 'uint32' | 'float' | 'double';

/** How one value is written. `big` 64-bit integers are bigints; others are numbers, exact up to 2^53. */
export type Type =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'int64' | 'uint64'; readonly big: boolean }
  | { readonly kind: 'enum'; readonly enum: Enum }
  | { readonly kind: 'message'; readonly message: () => Message };

/** One field of a message: facts of the protocol, as data. */
export interface FieldData {
  readonly number: number;
  readonly type: Type;
  /** `implicit`: zero is not written. `optional`: absent and zero differ. `map` has string keys. */
  readonly label: 'implicit' | 'optional' | 'list' | 'map';
}

declare const valueOf: unique symbol;

/** A field whose value has the static type `T`; `Present` when the static type has no `?`. */
export interface Field<T, Present extends boolean = boolean> extends FieldData {
  readonly [valueOf]?: [T, Present];
}

export type Fields = Readonly<Record<string, FieldData>>;

type TypeOf<F> = F extends { readonly [valueOf]?: [infer T, boolean] } ? T : never;
type PresentKeys<F> = { [K in keyof F]: F[K] extends { readonly [valueOf]?: [unknown, true] } ? K : never }[keyof F];

/** The static type of a message with these fields. */
export type ObjectOf<F> = { [K in PresentKeys<F>]: TypeOf<F[K]> } & {
  [K in Exclude<keyof F, PresentKeys<F>>]?: TypeOf<F[K]>;
};

/** What suffices to make an object: any part of it, at any depth. */
export type Init<T> = T extends Uint8Array | bigint | string | number | boolean
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Init<Item>[]
    : { readonly [K in keyof T]?: Init<T[K]> };

/** A message type. `T` is the static type of its objects. */
export interface Message<T = unknown> {
  new (): T;
  /** The protocol's name of the message, which is the class's name. */
  readonly name: string;
  readonly fields: Fields;
  /** A complete object: what `init` leaves out becomes its zero value, at every depth. Shares nothing but bytes with `init`. */
  of(init?: Init<T>): T;
}

/** The static type of a message's objects. */
export type Infer<M> = M extends { new (): infer T } ? T : never;
