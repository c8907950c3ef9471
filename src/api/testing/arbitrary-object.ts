import * as fc from 'fast-check';
import { formatTime, type Message, type Type } from '#machinery';

/** Nested deeper than this, objects have no more in them than they need. */
const maxDepth = 2;
const maxItems = 2;

const known = new WeakMap<Message, Map<number, fc.Arbitrary<Record<string, unknown>>>>();

/** Objects of a type with anything in them that protobuf carries: every field there or not, whatever the kind's rules say. */
export function arbitraryObject(message: Message, depth = 0): fc.Arbitrary<Record<string, unknown>> {
  const made = known.get(message) ?? new Map<number, fc.Arbitrary<Record<string, unknown>>>();
  known.set(message, made);
  let arbitrary = made.get(depth);
  if (!arbitrary) made.set(depth, (arbitrary = makeObject(message, depth)));
  return arbitrary;
}

function makeObject(message: Message, depth: number): fc.Arbitrary<Record<string, unknown>> {
  const carried = Object.entries(message.fields).filter(([, { number, via }]) => number > 0 || via !== undefined);
  // Held by value and left out in JSON, these are 0 in protobuf, which no default has filled in.
  const needed = carried.filter(([, { type, pointer }]) => type.kind === 'intOrString' && !pointer);
  const shown = depth > maxDepth ? needed : carried;
  const fields = Object.fromEntries(shown.map(([name, { type }]) => [name, arbitraryValue(type, depth)]));
  return fc.record(fields, { requiredKeys: needed.map(([name]) => name), noNullPrototype: true });
}

function arbitraryValue(type: Type, depth: number): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'message':
      return arbitraryObject(type.message(), depth + 1);
    case 'either':
      return fc.oneof(arbitraryObject(type.message(), depth + 1), filled(arbitraryValue(type.other, depth)));
    case 'list':
      return fc.array(arbitraryValue(type.items, depth), { maxLength: maxItems });
    case 'map':
      return fc.dictionary(fc.string({ maxLength: 8 }), arbitraryValue(type.values, depth), {
        maxKeys: maxItems,
        noNullPrototype: true,
      });
    default:
      return arbitraryScalar(type);
  }
}

/** An empty list in the place of a schema is nothing. */
function filled(arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return arbitrary.filter((value) => !Array.isArray(value) || value.length > 0);
}

function arbitraryScalar(type: Type): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'bool':
      return fc.boolean();
    case 'int32':
      return fc.integer();
    case 'int64':
      return fc.maxSafeInteger();
    case 'double':
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    case 'bytes':
      return fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('base64'));
    case 'quantity':
      return fc.tuple(fc.integer(), fc.constantFrom('', 'm', 'k', 'Gi')).map(([value, unit]) => `${value}${unit}`);
    case 'intOrString':
      return fc.oneof(fc.integer(), fc.string({ maxLength: 8 }));
    case 'time':
      return seconds.map((value) => formatTime(value * 1000));
    case 'microTime':
      return fc
        .tuple(seconds, fc.nat(999_999))
        .map(([value, micros]) => `${formatTime(value * 1000).slice(0, -1)}.${String(micros).padStart(6, '0')}Z`);
    case 'duration':
      return fc.nat(10_000).map((value) => `${value}ms`);
    case 'raw':
      return fc
        .dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 1 }), { noNullPrototype: true })
        .map((value): unknown => JSON.parse(JSON.stringify(value)));
    default:
      return fc.string({ unit: 'grapheme', maxLength: 8 });
  }
}

/** The years that RFC 3339 and Go agree on. */
const seconds = fc.integer({ min: -62_000_000_000, max: 253_000_000_000 });
