import { decode } from '../decode.ts';
import { formatDuration } from '../duration.ts';
import { parseJson, setKey } from '../json.ts';
import type { Either, FieldData, Message, Type } from '../schema/types.ts';
import { formatTime } from '../time.ts';
import { Reader } from './reader.ts';

/**
 * From protobuf bytes to the same normalized object that `decode` makes of JSON. Unknown fields are passed over. Throws
 * StatusError (BadRequest).
 */
export function decodeProtobuf<T>(message: Message<T>, bytes: Uint8Array): T {
  const object: Record<string, unknown> = {};
  readFields(fieldsOf(message), new Reader(bytes), object);
  return decode(message, object).object;
}

/** Reads one field's value, of which `before` was read already (lists and maps come in pieces, and so may messages). */
type ReadValue = (reader: Reader, before: unknown) => unknown;

interface CompiledField {
  readonly wireType: number;
  readonly read: (reader: Reader, object: Record<string, unknown>) => void;
}

type CompiledFields = ReadonlyMap<number, CompiledField>;

const compiled = new WeakMap<Message, CompiledFields>();

function fieldsOf(message: Message): CompiledFields {
  let made = compiled.get(message);
  if (!made) compiled.set(message, (made = compileMessage(message)));
  return made;
}

function readFields(fields: CompiledFields, reader: Reader, object: Record<string, unknown>): void {
  while (reader.next()) {
    const field = fields.get(reader.number);
    if (field?.wireType === reader.wireType) field.read(reader, object);
    else reader.skip();
  }
}

/** Reads a nested message into an object. Compiled at the first use: messages may contain themselves. */
function compileNested(message: () => Message): CompiledField['read'] {
  let fields: CompiledFields | undefined;
  return (reader, object) => {
    fields ??= fieldsOf(message());
    const outerEnd = reader.open();
    readFields(fields, reader, object);
    reader.close(outerEnd);
  };
}

function compileMessage(message: Message): CompiledFields {
  const fields = new Map<number, CompiledField>();
  for (const [name, field] of Object.entries(message.fields)) {
    const { via } = field;
    if (!via) fields.set(field.number, compileField(name, field));
    else fields.set(via.number, { wireType: 2, read: compileNested(() => via.message) });
  }
  return fields;
}

function compileField(name: string, { type, wrapped }: FieldData): CompiledField {
  const readValue = wrapped ? compileElement(type) : compileType(type);
  const wireType = wrapped ? 2 : wireTypeOf(type);
  return {
    wireType,
    read: (reader, object) => {
      object[name] = readValue(reader, object[name]);
    },
  };
}

function wireTypeOf(type: Type): number {
  switch (type.kind) {
    case 'list':
      return wireTypeOf(type.items);
    case 'bool':
    case 'int32':
    case 'int64':
      return 0;
    case 'double':
      return 1;
    default:
      return 2;
  }
}

function compileType(type: Type): ReadValue {
  switch (type.kind) {
    case 'message':
      return readNested(type.message);
    case 'either':
      return readEither(type);
    case 'list':
      return readList(type.items);
    case 'map':
      return readMap(type.values);
    case 'string':
      return (reader) => reader.text();
    case 'bool':
      return (reader) => reader.varint() !== 0;
    case 'int32':
    case 'int64':
      return (reader) => reader.varint();
    case 'double':
      return (reader) => reader.double();
    case 'bytes':
      return (reader) => reader.bytes().toString('base64');
    default:
      return readWrapped(type);
  }
}

function readNested(message: () => Message): ReadValue {
  const read = compileNested(message);
  return (reader, before) => {
    const object = asObject(before);
    read(reader, object);
    return object;
  };
}

function readEither({ message, messageNumber, other, otherNumber }: Either): ReadValue {
  const readMessageOf = readNested(message);
  const readOther = compileType(other);
  const otherWireType = wireTypeOf(other);
  return (reader) => {
    let object: unknown;
    let plain: unknown = null;
    const outerEnd = reader.open();
    while (reader.next()) {
      const { number, wireType } = reader;
      if (number === messageNumber && wireType === 2) object = readMessageOf(reader, object);
      else if (number === otherNumber && wireType === otherWireType) plain = readOther(reader, plain ?? undefined);
      else reader.skip();
    }
    reader.close(outerEnd);
    return object ?? plain;
  };
}

function readList(items: Type): ReadValue {
  const read = compileElement(items);
  return (reader, before) => {
    const list: unknown[] = Array.isArray(before) ? before : [];
    list.push(read(reader, undefined));
    return list;
  };
}

function readMap(values: Type): ReadValue {
  const read = compileElement(values);
  const wireType = wireTypeOf(values);
  return (reader, before) => {
    const map = asObject(before);
    let key = '';
    let value: unknown = null;
    const outerEnd = reader.open();
    while (reader.next()) {
      if (reader.number === 1 && reader.wireType === 2) key = reader.text();
      else if (reader.number === 2 && reader.wireType === wireType) value = read(reader, undefined);
      else reader.skip();
    }
    reader.close(outerEnd);
    setKey(map, key, value);
    return map;
  };
}

/** A list inside a list or map is a message of its own, with the items as field 1. */
function compileElement(type: Type): ReadValue {
  const read = compileType(type);
  if (type.kind !== 'list') return read;
  return (reader) => {
    let list: unknown = [];
    const outerEnd = reader.open();
    while (reader.next()) {
      if (reader.number === 1) list = read(reader, list);
      else reader.skip();
    }
    reader.close(outerEnd);
    return list;
  };
}

function asObject(value: unknown): Record<string, unknown> {
  // What is here was made by this reader.
  return (value ?? {}) as Record<string, unknown>;
}

/** What the fields of such a message say: 1 and 2 where they are numbers, and the one that is text or bytes. */
interface Wrapped {
  first: number | undefined;
  second: number | undefined;
  content: Buffer | undefined;
}

/** Scalars in JSON that are messages in protobuf. */
function readWrapped(type: Type): ReadValue {
  return (reader) => {
    const wrapped: Wrapped = { first: undefined, second: undefined, content: undefined };
    const outerEnd = reader.open();
    while (reader.next()) {
      if (reader.wireType === 2) wrapped.content = reader.bytes();
      else if (reader.wireType === 0 && reader.number === 1) wrapped.first = reader.varint();
      else if (reader.wireType === 0 && reader.number === 2) wrapped.second = reader.varint();
      else reader.skip();
    }
    reader.close(outerEnd);
    return unwrap(type, wrapped);
  };
}

function unwrap(type: Type, { first, second = 0, content }: Wrapped): unknown {
  switch (type.kind) {
    case 'quantity':
      return content?.toString() ?? '0';
    case 'intOrString':
      return first === 1 ? (content?.toString() ?? '') : second;
    case 'duration':
      return formatDuration((first ?? 0) / 1e6);
    case 'time':
    case 'microTime':
      // An empty message is the zero time, which is as good as none.
      return first === undefined ? null : unwrapTime(type.kind, first, second);
    default:
      return content === undefined ? null : parseJson(content).value;
  }
}

function unwrapTime(kind: 'time' | 'microTime', seconds: number, nanos: number): string {
  const text = formatTime(seconds * 1000);
  if (kind === 'time') return text;
  const micros = Math.floor(nanos / 1000);
  return `${text.slice(0, -1)}.${String(micros).padStart(6, '0')}Z`;
}
