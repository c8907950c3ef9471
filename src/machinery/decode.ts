import { FieldTable } from './field-table.ts';
import { goType, isEmptyValue } from './go-types.ts';
import { isObject, setKey } from './json.ts';
import { scalarDecoder } from './decode-scalar.ts';
import { DecodeContext, mismatch, nowhere, type CompiledField, type Decode } from './decode-context.ts';
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
  const context = new DecodeContext();
  try {
    if (!isObject(value)) throw mismatch(value, context, '', `v1.${message.name}`);
    const object = rootDecoderOf(message)(value, context);
    // The compiled decoder makes exactly what the message's static type describes.
    return { object: object as T, unknownFields: context.unknownFields };
  } catch (error) {
    if (error instanceof StatusError || !(error instanceof RangeError)) throw error;
    throw badRequest(messageOf(error));
  }
}

type DecodeObject = (value: Record<string, unknown>, context: DecodeContext) => Record<string, unknown>;

const maxUnknownFields = 100;
const compiledMessages = new WeakMap<Message, DecodeObject>();
const compiledRoots = new WeakMap<Message, DecodeObject>();

function rootDecoderOf(message: Message): DecodeObject {
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

function decoderOf(message: Message): DecodeObject {
  let made = compiledMessages.get(message);
  if (!made) compiledMessages.set(message, (made = compileMessage(message, message.fields)));
  return made;
}

function compileMessage(message: Message, schema: Message['fields']): DecodeObject {
  const fields = Object.entries(schema).map(([name, field], order) => compileField(name, field, order, message));
  const table = new FieldTable(fields, unknown);
  return (value, context) => {
    const out: Record<string, unknown> = {};
    const { fields: listed, end: start } = context;
    const end = table.list(value, listed, start);
    context.end = end;
    for (let at = start; at < end; at++) {
      const field = listed[at] ?? unknown;
      if (field !== unknown) readField(field, value, out, context);
    }
    if (end > start && listed[end - 1] === unknown) reportUnknown(value, table, context);
    context.end = start;
    return out;
  };
}

/** Stands behind the fields of a type for all that are none of it. */
const unknown: CompiledField = {
  name: '',
  step: '',
  order: Infinity,
  isAlways: false,
  decode: (value) => value,
  absent: undefined,
  isDropped: undefined,
};

/** Sets the field unless its value is absent or left out. */
function readField(
  { name, step, decode: decodeValue, absent, isDropped }: CompiledField,
  object: Record<string, unknown>,
  out: Record<string, unknown>,
  context: DecodeContext,
): void {
  const given = object[name];
  if (given !== undefined && given !== null) {
    context.enter(step);
    const value = decodeValue(given, context);
    context.leave();
    if (!isDropped?.(value)) {
      out[name] = value;
      return;
    }
  }
  if (absent) out[name] = absent();
}

function reportUnknown(value: Record<string, unknown>, known: FieldTable<CompiledField>, context: DecodeContext): void {
  for (const key of Object.keys(value)) {
    if (known.has(key) || context.unknownFields.length >= maxUnknownFields) continue;
    context.unknownFields.push(context.pathOf(key));
  }
}

function compileField(name: string, field: FieldData, order: number, owner: Message): CompiledField {
  const isPointer = field.pointer === true;
  const isEmitted = field.emitEmpty ?? field.required ?? false;
  const absent = absentValue(field.type, { isPointer, isEmitted, isForced: field.emitEmpty === true });
  return {
    name,
    step: field.via ? { name, struct: field.via.message.name } : name,
    order,
    isAlways: absent !== undefined,
    decode: compileType(field.type, owner),
    absent,
    isDropped: isPointer || isEmitted ? undefined : isEmptyValue(field.type),
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
  return () => decoderOf(message())({}, nowhere);
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
  let compiled: DecodeObject | undefined;
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
    const out: unknown[] = value.slice();
    for (let at = 0; at < out.length; at++) {
      context.enter(at);
      out[at] = out[at] === null ? zero() : item(out[at], context);
      context.leave();
    }
    return out;
  };
}

function compileMap(values: Type, owner: Message): Decode {
  const decodeValue = compileType(values, owner);
  const zero = zeroOf(values);
  return (value, context) => {
    if (!isObject(value))
      throw mismatch(value, context, owner.name, goType({ kind: 'map', values, mapType: 'granular' }));
    const out: Record<string, unknown> = {};
    const segment = { key: '' };
    context.enter(segment);
    for (const key in value) {
      segment.key = key;
      const one = value[key];
      setKey(out, key, one === null ? zero() : decodeValue(one, context));
    }
    context.leave();
    return out;
  };
}
