/**
 * The schema language as data. A `Message` is a named record of `Field`s, a field has a `Type`. Every question about a
 * type (decode, default, validate, protobuf, OpenAPI, patch) is one walk over this data, in a file of its own.
 */

/** A plain JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What a value looks like on the wire, without its place in a message. */
export type Type =
  | {
      readonly kind: 'string';
      readonly enum?: readonly string[];
      /** The kind's own rules judge values outside of `enum`, and the empty one, in words of their own. */
      readonly enumIsForRules?: boolean;
      /** Errors list `enum` as it stands here, and not in the order of the alphabet. */
      readonly enumAsListed?: boolean;
      readonly format?: string;
      readonly maxLength?: number;
      readonly minLength?: number;
    }
  | { readonly kind: 'bool' }
  | { readonly kind: 'int32' | 'int64'; readonly minimum?: number; readonly maximum?: number }
  | { readonly kind: 'double' }
  /** base64 in JSON, raw in protobuf. */
  | { readonly kind: 'bytes' }
  | { readonly kind: 'quantity' | 'intOrString' }
  /** RFC 3339, whole seconds (`time`) or microseconds (`microTime`); `duration` as Go writes it ("1h30m"). */
  | { readonly kind: 'time' | 'microTime' | 'duration' }
  /** Any JSON: RawExtension, FieldsV1. */
  | { readonly kind: 'raw'; readonly format: 'rawExtension' | 'fieldsV1' | 'json' }
  | {
      readonly kind: 'message';
      readonly message: () => Message;
      /** `+structType` on the field: how server-side apply takes it, where the message itself says otherwise. */
      readonly structType?: 'atomic' | 'granular' | undefined;
    }
  /** A message, or something plainer in its stead. Protobuf wraps them in a message with a field for each. */
  | {
      readonly kind: 'either';
      readonly name: string;
      readonly doc: string;
      readonly message: () => Message;
      readonly messageNumber: number;
      readonly other: Type;
      readonly otherNumber: number;
    }
  | {
      readonly kind: 'list';
      readonly items: Type;
      readonly listType: 'atomic' | 'set' | 'map';
      readonly keys?: readonly string[];
    }
  | { readonly kind: 'map'; readonly values: Type; readonly mapType: 'atomic' | 'granular' };

/** A type with two faces. */
export type Either = Extract<Type, { kind: 'either' }>;

export type PatchStrategy = 'merge' | 'replace' | 'retainKeys';

/** One field of a message: facts of the Kubernetes API, as data. */
export interface FieldData {
  /** The protobuf field number; 0 for what protobuf does not carry (`apiVersion`, `kind`). */
  readonly number: number;
  readonly doc: string;
  readonly type: Type;
  /** OpenAPI `required`: validation rejects an object without it. */
  readonly required?: boolean;
  /** A pointer in Go: absent and zero are different things, and protobuf writes it only when it is there. */
  readonly pointer?: boolean;
  /** Written to JSON even when empty (no `omitempty` in Go). Required fields are, unless this says false. */
  readonly emitEmpty?: boolean;
  /** A time that is left out where there is none (`omitzero` in Go); others are `null` then. */
  readonly omitZero?: boolean;
  /** A list that Go gives a type of its own (`Verbs`): in protobuf a message with the items as field 1. */
  readonly wrapped?: boolean;
  /** OpenAPI says nothing of how this list is merged: upstream's lists of objects have no marker. */
  readonly isListTypeUntold?: boolean;
  readonly default?: Json;
  readonly patchStrategy?: readonly PatchStrategy[];
  readonly patchMergeKey?: string;
  /** The field stands flat in JSON, but inside this nested message in protobuf (Go's inline structs). */
  readonly via?: { readonly number: number; readonly message: Message };
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

/** A union of upstream's (`x-kubernetes-unions`). */
export interface Union {
  readonly discriminator?: string;
  readonly fields: readonly string[];
}

/** A message type: a class that is never instantiated, whose instance type is the static type of the plain JSON object. */
export interface Message<T = unknown> {
  new (): T;
  /** The Go type's name, which is the class's name. */
  readonly name: string;
  readonly doc: string;
  readonly fields: Fields;
  /** The order in which upstream's rules go through the fields, where it is not that of the schema. */
  readonly walk?: readonly string[] | undefined;
  /** Fields of which one is set, by a discriminator or without: told in OpenAPI alone. */
  readonly unions?: readonly Union[] | undefined;
  /** `atomic` (`+structType=atomic`): server-side apply takes such an object as one value, LabelSelector for one. */
  readonly mapType?: 'atomic' | undefined;
}

/** The static type of a message's objects. */
export type Infer<M> = M extends { new (): infer T } ? T : never;
