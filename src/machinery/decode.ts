import { goType, isEmptyValue } from './go-types.ts';
import { isObject, setKey } from './json.ts';
import { scalarDecoder } from './decode-scalar.ts';
import { childPath, mismatch, type Decode, type DecodeContext } from './decode-context.ts';
import type { Either, FieldData, Message, Type } from './schema/types.ts';
import { badRequest, StatusError } from './status.ts';
import { messageOf } from '#base';

/**
 * From a JSON value to the object that Go would have after reading it, as Go would write it again:
 *
 * - `null` is as good as absent, and unknown fields are dropped (and told);
 * - what Go holds by value and writes always is there: structs as `{}`, quantities as "0", and zero values of the fields
 *   without `omitempty`; lists among them are `[]` where Go may write `null`, so that no list is ever null;
 * - empty values of fields with `omitempty` are gone, unless Go holds them by pointer;
 * - quantities, times, durations and base64 are in their canonical form;
 * - the fields stand in the schema's order, so that equal objects are equal text.
 *
 * Each message is compiled to a closure once, since everything the API server reads passes through here.
 */
export function decode<T>(message: Message<T>, value: unknown): { object: T; unknownFields: string[] } {
  const context: DecodeContext = { path: [], unknownFields: [] };
  try {
    const object = rootDecoderOf(message)(value, context);
    // The compiled decoder makes exactly what the message's static type describes.
    return { object: object as T, unknownFields: context.unknownFields };
  } catch (error) {
    if (error instanceof StatusError || !(error instanceof RangeError)) throw error;
    throw badRequest(messageOf(error));
  }
}

interface CompiledField {
  readonly name: string;
  readonly decode: Decode;
  /** Makes what stands there when the field is absent or its value is dropped; undefined for nothing. */
  readonly absent: (() => unknown) | undefined;
  /** Whether Go leaves this value out (`omitempty`). */
  readonly isDropped: (value: unknown) => boolean;
}

const maxUnknownFields = 100;
const compiledMessages = new WeakMap<Message, Decode>();
const compiledRoots = new WeakMap<Message, Decode>();

function rootDecoderOf(message: Message): Decode {
  const known = compiledRoots.get(message);
  if (known) return known;
  const isObjectKind = 'metadata' in message.fields && !('kind' in message.fields);
  const typeMeta = isObjectKind ? (['apiVersion', 'kind'] as const) : [];
  const made = compileMessage(message, {
    ...Object.fromEntries(typeMeta.map((name) => [name, typeMetaField])),
    ...message.fields,
  });
  compiledRoots.set(message, made);
  return made;
}

/** Objects may say what they are even where their message does not list it. */
const typeMetaField: FieldData = { number: 0, doc: '', type: { kind: 'string' } };

function decoderOf(message: Message): Decode {
  let made = compiledMessages.get(message);
  if (!made) compiledMessages.set(message, (made = compileMessage(message, message.fields)));
  return made;
}

function compileMessage(message: Message, schema: Message['fields']): Decode {
  const fields = Object.entries(schema).map(([name, field]) => compileField(name, field, message));
  const names = new Set(Object.keys(schema));
  return (value, context) => {
    if (!isObject(value)) throw mismatch(value, context, '', `v1.${message.name}`);
    const out: Record<string, unknown> = {};
    let known = 0;
    for (const field of fields) {
      const given = value[field.name];
      if (given !== undefined) known += 1;
      if (!readField(field, given, out, context) && field.absent) out[field.name] = field.absent();
    }
    if (known !== Object.keys(value).length) reportUnknown(value, names, context);
    return out;
  };
}

/** Sets the field unless its value is absent or left out. */
function readField(
  field: CompiledField,
  given: unknown,
  out: Record<string, unknown>,
  context: DecodeContext,
): boolean {
  if (given === undefined || given === null) return false;
  const depth = context.path.push(field.name);
  const value = field.decode(given, context);
  context.path.length = depth - 1;
  if (field.isDropped(value)) return false;
  out[field.name] = value;
  return true;
}

function reportUnknown(value: Record<string, unknown>, names: ReadonlySet<string>, context: DecodeContext): void {
  for (const key of Object.keys(value)) {
    if (names.has(key) || context.unknownFields.length >= maxUnknownFields) continue;
    context.unknownFields.push(childPath(context.path, key));
  }
}

function compileField(name: string, field: FieldData, owner: Message): CompiledField {
  const isPointer = field.pointer === true;
  const isEmitted = field.emitEmpty ?? field.required ?? false;
  return {
    name,
    decode: compileType(field.type, owner),
    absent: absentValue(field.type, { isPointer, isEmitted, isForced: field.emitEmpty === true }),
    isDropped: isPointer || isEmitted ? () => false : isEmptyValue(field.type),
  };
}

interface Emission {
  readonly isPointer: boolean;
  readonly isEmitted: boolean;
  /** `emitEmpty` was said, and is not only what `required` brings. */
  readonly isForced: boolean;
}

function absentValue(type: Type, { isPointer, isEmitted, isForced }: Emission): (() => unknown) | undefined {
  if (isPointer) return isForced ? () => null : undefined;
  if (type.kind === 'message') return emptyMessage(type.message);
  if (type.kind === 'quantity') return () => '0';
  if (!isEmitted) return undefined;
  switch (type.kind) {
    case 'time':
    case 'microTime':
    case 'raw':
      return isForced ? () => null : undefined;
    default:
      return zeroOf(type);
  }
}

function emptyMessage(message: () => Message): () => unknown {
  return () => decoderOf(message())({}, { path: [], unknownFields: [] });
}

/** Go's zero value of a type: what `null` becomes among list items and map values. */
function zeroOf(type: Type): () => unknown {
  switch (type.kind) {
    case 'message':
      return emptyMessage(type.message);
    case 'list':
      return () => [];
    case 'map':
      return () => ({});
    case 'bool':
      return () => false;
    case 'int32':
    case 'int64':
    case 'double':
    case 'intOrString':
      return () => 0;
    case 'quantity':
      return () => '0';
    case 'duration':
      return () => '0s';
    case 'time':
    case 'microTime':
    case 'raw':
    case 'either':
      return () => null;
    default:
      return () => '';
  }
}

function compileType(type: Type, owner: Message): Decode {
  switch (type.kind) {
    case 'message':
      return compileNested(type.message, owner);
    case 'either':
      return compileEither(type, owner);
    case 'list':
      return compileList(type.items, owner);
    case 'map':
      return compileMap(type.values, owner);
    default:
      return scalarDecoder(type, owner.name);
  }
}

/** Compiled at the first use: messages may contain themselves. */
function compileNested(message: () => Message, owner: Message): Decode {
  let compiled: Decode | undefined;
  return (value, context) => {
    if (!isObject(value)) throw mismatch(value, context, owner.name, `v1.${message().name}`);
    compiled ??= decoderOf(message());
    return compiled(value, context);
  };
}

/** As Go's own code for these types: what is neither is as good as null, unless a boolean could have been meant. */
function compileEither({ message, other }: Either, owner: Message): Decode {
  const nested = compileNested(message, owner);
  const plain = compileType(other, owner);
  const isOther = other.kind === 'bool' ? isBoolean : isFilledList;
  return (value, context) => {
    if (isObject(value)) return nested(value, context);
    if (isOther(value)) return plain(value, context);
    if (other.kind === 'bool') throw new RangeError('boolean or JSON schema expected');
    return null;
  };
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isFilledList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function compileList(items: Type, owner: Message): Decode {
  const item = compileType(items, owner);
  const zero = zeroOf(items);
  return (value, context) => {
    if (!Array.isArray(value)) throw mismatch(value, context, owner.name, `[]${goType(items)}`);
    const depth = context.path.length;
    const out = value.map((one: unknown, at) => {
      context.path[depth] = at;
      return one === null ? zero() : item(one, context);
    });
    context.path.length = depth;
    return out;
  };
}

function compileMap(values: Type, owner: Message): Decode {
  const decodeValue = compileType(values, owner);
  const zero = zeroOf(values);
  return (value, context) => {
    if (!isObject(value)) throw mismatch(value, context, owner.name, `map[string]${goType(values)}`);
    const depth = context.path.length;
    const out: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      context.path[depth] = { key };
      const one = value[key];
      setKey(out, key, one === null ? zero() : decodeValue(one, context));
    }
    context.path.length = depth;
    return out;
  };
}
