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
  readMessage(message, new Reader(bytes), object);
  return decode(message, object).object;
}

/** Reads one field's value, of which `before` was read already (lists and maps come in pieces, and so may messages). */
type ReadValue = (reader: Reader, before: unknown) => unknown;

interface CompiledField {
  readonly wireType: number;
  readonly read: (reader: Reader, object: Record<string, unknown>) => void;
}

const compiled = new WeakMap<Message, ReadonlyMap<number, CompiledField>>();

function fieldsOf(message: Message): ReadonlyMap<number, CompiledField> {
  let made = compiled.get(message);
  if (!made) compiled.set(message, (made = compileMessage(message)));
  return made;
}

function readMessage(message: Message, reader: Reader, object: Record<string, unknown>): void {
  const fields = fieldsOf(message);
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    const field = fields.get(number);
    if (field?.wireType === wireType) field.read(reader, object);
    else reader.skip(wireType);
  }
}

function compileMessage(message: Message): ReadonlyMap<number, CompiledField> {
  const fields = new Map<number, CompiledField>();
  for (const [name, field] of Object.entries(message.fields)) {
    const { via } = field;
    if (!via) fields.set(field.number, compileField(name, field));
    else {
      const read: CompiledField['read'] = (reader, object) =>
        reader.nested(() => readMessage(via.message, reader, object));
      fields.set(via.number, { wireType: 2, read });
    }
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
  return (reader, before) => {
    const object = asObject(before);
    reader.nested(() => readMessage(message(), reader, object));
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
    eachField(reader, (number, wireType) => {
      if (number === messageNumber && wireType === 2) object = readMessageOf(reader, object);
      else if (number === otherNumber && wireType === otherWireType) plain = readOther(reader, plain ?? undefined);
      else reader.skip(wireType);
    });
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
    eachField(reader, (number, type) => {
      if (number === 1 && type === 2) key = reader.text();
      else if (number === 2 && type === wireType) value = read(reader, undefined);
      else reader.skip(type);
    });
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
    eachField(reader, (number, wireType) => {
      if (number === 1) list = read(reader, list);
      else reader.skip(wireType);
    });
    return list;
  };
}

function eachField(reader: Reader, read: (number: number, wireType: number) => void): void {
  reader.nested(() => {
    while (!reader.done) {
      const { number, wireType } = reader.tag();
      read(number, wireType);
    }
  });
}

function asObject(value: unknown): Record<string, unknown> {
  // What is here was made by this reader.
  return (value ?? {}) as Record<string, unknown>;
}

/** Scalars in JSON that are messages in protobuf: their fields' values by number. */
function readWrapped(type: Type): ReadValue {
  return (reader) => {
    const numbers = new Map<number, number>();
    let content: Buffer | undefined;
    eachField(reader, (number, wireType) => {
      if (wireType === 0) numbers.set(number, reader.varint());
      else if (wireType === 2) content = reader.bytes();
      else reader.skip(wireType);
    });
    return unwrap(type, numbers, content);
  };
}

function unwrap(type: Type, numbers: ReadonlyMap<number, number>, content: Buffer | undefined): unknown {
  switch (type.kind) {
    case 'quantity':
      return content?.toString() ?? '0';
    case 'intOrString':
      return numbers.get(1) === 1 ? (content?.toString() ?? '') : (numbers.get(2) ?? 0);
    case 'duration':
      return formatDuration((numbers.get(1) ?? 0) / 1e6);
    case 'time':
    case 'microTime':
      return unwrapTime(type.kind, numbers);
    default:
      return content === undefined ? null : parseJson(content).value;
  }
}

/** An empty message is the zero time, which is as good as none. */
function unwrapTime(kind: 'time' | 'microTime', numbers: ReadonlyMap<number, number>): string | null {
  const seconds = numbers.get(1);
  if (seconds === undefined) return null;
  const text = formatTime(seconds * 1000);
  if (kind === 'time') return text;
  const micros = Math.floor((numbers.get(2) ?? 0) / 1000);
  return `${text.slice(0, -1)}.${String(micros).padStart(6, '0')}Z`;
}
