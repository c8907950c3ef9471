import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { wireTypeOf } from './wire-type.ts';
import type { Enum, FieldData, Message, Type } from './types.ts';

type WriteValue = (writer: BinaryWriter, value: unknown) => void;
type WriteField = (writer: BinaryWriter, object: Record<string, unknown>) => void;

/** The writers of a message, made at its first use: types may refer to ones declared later. */
const compiled = new WeakMap<Message, WriteField[]>();

/** What a writer may keep in memory from one message to the next. */
const keptBytes = 64 * 1024;
/** Kept with its memory: making both anew was half of what a small message costs. */
let idleWriter: BinaryWriter | undefined;

/** The protobuf bytes of an object; of an incomplete one too: what it leaves out is not written. */
export function encode<T>(message: Message<T>, object: T): Uint8Array {
  const writer = idleWriter ?? new BinaryWriter();
  idleWriter = undefined; // one that throws in the middle is not used again
  writeMessage(writer, message, object);
  const bytes = writer.finish();
  if (bytes.length <= keptBytes) idleWriter = writer;
  return bytes;
}

function writeMessage(writer: BinaryWriter, message: Message, object: unknown): void {
  let writers = compiled.get(message);
  if (!writers) {
    writers = Object.entries(message.fields).map(([name, field]) => fieldWriter(name, field));
    compiled.set(message, writers);
  }
  // Objects are plain records whose static type was checked where they were made.
  for (const write of writers) write(writer, object as Record<string, unknown>);
}

function fieldWriter(name: string, field: FieldData): WriteField {
  const write = valueWriter(field.type);
  const type = wireTypeOf(field.type);
  switch (field.label) {
    case 'list':
      return type === WireType.LengthDelimited
        ? repeatedWriter(name, field.number, write)
        : packedWriter(name, field.number, write);
    case 'map':
      return mapWriter(name, field.number, type, write);
    default:
      return singleWriter(name, field, type, write);
  }
}

function singleWriter(name: string, field: FieldData, type: WireType, write: WriteValue): WriteField {
  const skipZero = field.label === 'implicit';
  const isZero = zeroTest(field.type);
  return (writer, object) => {
    const value = object[name];
    if (value === undefined || value === null || (skipZero && isZero(value))) return;
    write(writer.tag(field.number, type), value);
  };
}

function repeatedWriter(name: string, number: number, write: WriteValue): WriteField {
  return (writer, object) => {
    const items = object[name];
    if (!Array.isArray(items)) return;
    for (const item of items) write(writer.tag(number, WireType.LengthDelimited), item);
  };
}

function packedWriter(name: string, number: number, write: WriteValue): WriteField {
  return (writer, object) => {
    const items = object[name];
    if (!Array.isArray(items) || items.length === 0) return;
    writer.tag(number, WireType.LengthDelimited).fork();
    for (const item of items) write(writer, item);
    writer.join();
  };
}

/** A map is a list of entries: key in field 1, value in field 2. Both are always written, as Go does. */
function mapWriter(name: string, number: number, type: WireType, write: WriteValue): WriteField {
  return (writer, object) => {
    const entries = object[name];
    if (typeof entries !== 'object' || entries === null) return;
    for (const [key, value] of Object.entries(entries)) {
      writer.tag(number, WireType.LengthDelimited).fork();
      writer.tag(1, WireType.LengthDelimited).string(key);
      write(writer.tag(2, type), value);
      writer.join();
    }
  };
}

function zeroTest(type: Type): (value: unknown) => boolean {
  if (type.kind === 'bytes') return (value) => value instanceof Uint8Array && value.length === 0;
  if (type.kind === 'enum') return (value) => numberOf(type.enum, value) === 0;
  // Minus zero is not the zero value of a floating-point field.
  if (type.kind === 'double' || type.kind === 'float') return (value) => Object.is(value, 0);
  return (value) => value === '' || value === 0 || value === 0n || value === false;
}

/** The casts restate the static type of the field, which the compiler held the object's maker to. */
function valueWriter(type: Type): WriteValue {
  switch (type.kind) {
    case 'message':
      return (writer, value) => {
        writer.fork();
        writeMessage(writer, type.message(), value);
        writer.join();
      };
    case 'enum':
      return (writer, value) => writer.int32(numberOf(type.enum, value));
    case 'string':
      return (writer, value) => writer.string(value as string);
    case 'bytes':
      return (writer, value) => writer.bytes(value as Uint8Array);
    case 'bool':
      return (writer, value) => writer.bool(value as boolean);
    case 'int64':
      return (writer, value) => writer.int64(wholeNumber(value as number | bigint));
    case 'uint64':
      return (writer, value) => writer.uint64(wholeNumber(value as number | bigint));
    default:
      return numberWriter(type.kind);
  }
}

function numberWriter(kind: 'int32' | 'uint32' | 'float' | 'double'): WriteValue {
  return (writer, value) => writer[kind](value as number);
}

/** Numbers past 2^53 are whole, but the writer takes them only as bigints. */
function wholeNumber(value: number | bigint): number | bigint {
  return typeof value === 'bigint' || Number.isSafeInteger(value) ? value : BigInt(value);
}

function numberOf(names: Enum, value: unknown): number {
  const number = names.numbers[value as string];
  if (number === undefined) throw new TypeError(`no such enum value: ${String(value)}`);
  return number;
}
