import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { emptyOf, zeroOf } from './complete.ts';
import { wireTypeOf } from './wire-type.ts';
import type { FieldData, Message, Type } from './types.ts';

/** How deep messages may nest: as in Go's protobuf, far past any real message and far from the stack's end. */
const maxDepth = 100;

type ReadValue = (reader: BinaryReader, depth: number) => unknown;
type ReadField = (reader: BinaryReader, type: WireType, object: Record<string, unknown>, depth: number) => void;

interface Plan {
  readonly readers: ReadonlyMap<number, ReadField>;
  readonly empty: () => Record<string, unknown>;
}

const compiled = new WeakMap<Message, Plan>();

/** The complete object that the bytes stand for. Unknown fields are skipped. Throws a RangeError on what is not protobuf. */
export function decode<T>(message: Message<T>, bytes: Uint8Array): T {
  try {
    return readMessage(new BinaryReader(bytes), message, bytes.length, 0) as T; // made from the fields that give T
  } catch (error) {
    throw new RangeError(`${message.name}: not a valid protobuf message`, { cause: error });
  }
}

function readMessage(reader: BinaryReader, message: Message, end: number, depth: number): Record<string, unknown> {
  if (depth > maxDepth) throw new RangeError('nested too deep');
  if (end > reader.len) throw new RangeError('premature end');
  const plan = planOf(message);
  const object = plan.empty();
  while (reader.pos < end) {
    const [number, type] = reader.tag();
    const read = plan.readers.get(number);
    if (read) read(reader, type, object, depth);
    else reader.skip(type, number);
  }
  if (reader.pos !== end) throw new RangeError('a field reaches past its message');
  return object;
}

function planOf(message: Message): Plan {
  let plan = compiled.get(message);
  if (!plan) {
    const fields = Object.entries(message.fields);
    const readers = new Map(fields.map(([name, field]) => [field.number, fieldReader(name, field)]));
    plan = { readers, empty: emptyMaker(fields) };
    compiled.set(message, plan);
  }
  return plan;
}

/** Makes the object that stands for no bytes at all; only lists and maps must be new each time. */
function emptyMaker(fields: [string, FieldData][]): () => Record<string, unknown> {
  const scalars: Record<string, unknown> = {};
  for (const [name, field] of fields) if (field.label !== 'optional') scalars[name] = emptyOf(field);
  const fresh = fields.filter(([, field]) => field.label === 'list' || field.label === 'map');
  return () => {
    const object = { ...scalars };
    for (const [name, field] of fresh) object[name] = emptyOf(field);
    return object;
  };
}

function fieldReader(name: string, field: FieldData): ReadField {
  const expected = wireTypeOf(field.type);
  const read = valueReader(field.type);
  if (field.label === 'map') return mapReader(name, field, read);
  if (field.label === 'list') return listReader(name, field.number, expected, read);
  return (reader, type, object, depth) => {
    if (type === expected) object[name] = read(reader, depth);
    else reader.skip(type, field.number);
  };
}

/** A list of numbers may come packed or one by one, whatever the sender likes. */
function listReader(name: string, number: number, expected: WireType, read: ReadValue): ReadField {
  return (reader, type, object, depth) => {
    const items = object[name] as unknown[]; // `empty` put it there
    if (type === expected) items.push(read(reader, depth));
    else if (type === WireType.LengthDelimited) {
      const end = reader.uint32() + reader.pos;
      if (end > reader.len) throw new RangeError('premature end');
      while (reader.pos < end) items.push(read(reader, depth));
    } else reader.skip(type, number);
  };
}

function mapReader(name: string, field: FieldData, read: ReadValue): ReadField {
  const zero = (): unknown => (field.type.kind === 'message' ? field.type.message().of() : zeroOf(field.type));
  return (reader, type, object, depth) => {
    if (type !== WireType.LengthDelimited) {
      reader.skip(type, field.number);
      return;
    }
    const end = reader.uint32() + reader.pos;
    let key = '';
    let value: unknown;
    while (reader.pos < end) {
      const [number, entryType] = reader.tag();
      if (number === 1 && entryType === WireType.LengthDelimited) key = reader.string();
      else if (number === 2 && entryType === wireTypeOf(field.type)) value = read(reader, depth);
      else reader.skip(entryType, number);
    }
    // Defined, not assigned: `__proto__` is a key as any other.
    Object.defineProperty(object[name], key, {
      value: value ?? zero(),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  };
}

function valueReader(type: Type): ReadValue {
  switch (type.kind) {
    case 'message':
      return (reader, depth) => {
        const length = reader.uint32();
        return readMessage(reader, type.message(), reader.pos + length, depth + 1);
      };
    case 'enum':
      return (reader) => type.enum.names.get(reader.int32()) ?? type.enum.unknown;
    case 'bytes':
      // Copied: a slice would hold on to the whole frame it came in.
      return (reader) => Uint8Array.from(reader.bytes());
    case 'int64':
    case 'uint64': {
      const { kind, big } = type;
      return big ? (reader) => BigInt(reader[kind]()) : (reader) => Number(reader[kind]());
    }
    default: {
      const { kind } = type;
      return (reader) => reader[kind]();
    }
  }
}
