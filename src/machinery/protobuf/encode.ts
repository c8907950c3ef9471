import { parseDuration } from '../duration.ts';
import { isObject } from '../json.ts';
import type { Either, FieldData, Message, Type } from '../schema/types.ts';
import { parseTime } from '../time.ts';
import { Writer } from './writer.ts';

/**
 * From an object to the bytes that Go's gogo-proto code writes for it, byte for byte: fields by number, maps by key, what
 * Go holds by value always (empty strings, zeros and empty structs too), what it holds by pointer only when it is there.
 * Go's inline structs, flat in JSON, are nested messages here. Compiled to closures once per message.
 */
export function encodeProtobuf(message: Message, object: unknown): Uint8Array {
  writer.reset();
  encoderOf(message)(isObject(object) ? object : {});
  return writer.take();
}

const writer = new Writer(64 * 1024);

/** Writes the fields of an object, last one first. */
type EncodeFields = (object: Record<string, unknown>) => void;
/** Writes one value as field `number`. */
type EncodeValue = (value: unknown, number: number) => void;

interface CompiledField {
  readonly number: number;
  readonly write: EncodeFields;
}

const compiled = new WeakMap<Message, EncodeFields>();

function encoderOf(message: Message): EncodeFields {
  let made = compiled.get(message);
  if (!made) compiled.set(message, (made = compileMessage(message)));
  return made;
}

function compileMessage(message: Message): EncodeFields {
  const nested = new Map<number, Message>();
  const fields: CompiledField[] = [];
  for (const [name, field] of Object.entries(message.fields)) {
    if (field.via) nested.set(field.via.number, field.via.message);
    else if (field.number > 0) fields.push({ number: field.number, write: compileField(name, field) });
  }
  for (const [number, inner] of nested) fields.push({ number, write: compileInline(number, inner) });
  const backwards = fields.sort((a, b) => b.number - a.number).map(({ write }) => write);
  return (object) => {
    for (const write of backwards) write(object);
  };
}

/** An inline struct reads the same flat object. */
function compileInline(number: number, message: Message): EncodeFields {
  return (object) => {
    const mark = writer.written;
    encoderOf(message)(object);
    writer.close(number, mark);
  };
}

function compileField(name: string, { number, type, pointer, wrapped }: FieldData): EncodeFields {
  const encode = wrapped ? compileElement(type) : compileType(type);
  const isOptional = pointer === true || isNilable(type);
  return (object) => {
    const value = object[name];
    if (value !== undefined && value !== null) encode(value, number);
    else if (!isOptional) encode(undefined, number);
  };
}

/** Slices and maps are nil when they are not there. */
function isNilable({ kind }: Type): boolean {
  return kind === 'list' || kind === 'map' || kind === 'bytes';
}

/** `undefined` stands for Go's zero value. */
function compileType(type: Type): EncodeValue {
  switch (type.kind) {
    case 'message':
      return compileNested(type.message);
    case 'either':
      return compileEither(type);
    case 'list':
      return compileList(type.items);
    case 'map':
      return compileMap(type.values);
    case 'string':
      return (value, number) => writer.field(number, typeof value === 'string' ? value : '');
    case 'bool':
      return (value, number) => encodeVarint(value === true ? 1 : 0, number);
    case 'int32':
    case 'int64':
      return (value, number) => encodeVarint(typeof value === 'number' ? value : 0, number);
    case 'double':
      return (value, number) => {
        writer.double(typeof value === 'number' ? value : 0);
        writer.tag(number, 1);
      };
    case 'bytes':
      return (value, number) => {
        const mark = writer.written;
        writer.base64(typeof value === 'string' ? value : '');
        writer.close(number, mark);
      };
    default:
      return (value, number) => {
        const mark = writer.written;
        encodeWrapped(type, value);
        writer.close(number, mark);
      };
  }
}

function compileNested(message: () => Message): EncodeValue {
  let encode: EncodeFields | undefined;
  return (value, number) => {
    encode ??= encoderOf(message());
    const mark = writer.written;
    encode(isObject(value) ? value : {});
    writer.close(number, mark);
  };
}

/** Go writes the boolean always, true for a message too. */
function compileEither({ message, messageNumber, other, otherNumber }: Either): EncodeValue {
  const nested = compileNested(message);
  const plain = compileType(other);
  return (value, number) => {
    const mark = writer.written;
    const writeMessage = (): void => (isObject(value) ? nested(value, messageNumber) : undefined);
    const writeOther = (): void =>
      plain(other.kind === 'bool' ? value === true || isObject(value) : value, otherNumber);
    for (const write of messageNumber > otherNumber ? [writeMessage, writeOther] : [writeOther, writeMessage]) write();
    writer.close(number, mark);
  };
}

function compileList(items: Type): EncodeValue {
  const encode = compileElement(items);
  return (value, number) => {
    if (!Array.isArray(value)) return;
    for (let at = value.length - 1; at >= 0; at -= 1) encode(value[at], number);
  };
}

function compileMap(values: Type): EncodeValue {
  const encode = compileElement(values);
  return (value, number) => {
    if (!isObject(value)) return;
    for (const key of Object.keys(value).sort().reverse()) {
      const mark = writer.written;
      encode(value[key], 2);
      writer.field(1, key);
      writer.close(number, mark);
    }
  };
}

/** A list inside a list or map is a message of its own, with the items as field 1 (`ExtraValue`). */
function compileElement(type: Type): EncodeValue {
  const encode = compileType(type);
  if (type.kind !== 'list') return encode;
  return (value, number) => {
    const mark = writer.written;
    encode(value, 1);
    writer.close(number, mark);
  };
}

function encodeVarint(value: number, number: number): void {
  writer.varint(value);
  writer.tag(number, 0);
}

/** Scalars in JSON that are messages in protobuf. */
function encodeWrapped(type: Type, value: unknown): void {
  switch (type.kind) {
    case 'quantity':
      return writer.field(1, typeof value === 'string' ? value : '0');
    case 'intOrString':
      return encodeIntOrString(value);
    case 'time':
    case 'microTime':
      return encodeTimestamp(value, type.kind);
    case 'duration':
      return encodeVarint(typeof value === 'string' ? Math.round(parseDuration(value) * 1e6) : 0, 1);
    case 'raw':
      if (value !== undefined && value !== null) writer.field(1, JSON.stringify(value));
  }
}

function encodeIntOrString(value: unknown): void {
  writer.field(3, typeof value === 'string' ? value : '');
  encodeVarint(typeof value === 'number' ? value : 0, 2);
  encodeVarint(typeof value === 'string' ? 1 : 0, 1);
}

/** The zero time is an empty message. */
function encodeTimestamp(value: unknown, kind: 'time' | 'microTime'): void {
  if (typeof value !== 'string') return;
  const micros = kind === 'microTime' ? (/\.(\d{6})/.exec(value)?.[1] ?? '0') : '0';
  encodeVarint(Number(micros) * 1000, 2);
  encodeVarint(Math.floor(parseTime(value) / 1000), 1);
}
