import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { decode } from './decode.ts';
import { encode } from './encode.ts';
import * as p from './fields.ts';
import { arbitraryOf } from '../testing/arbitrary-message.ts';
import type { EnumOf, Message } from './types.ts';

const Color = p.enumeration({ RED: 0, GREEN: 1, BLUE: 7 });
type Color = EnumOf<typeof Color>;

class Leaf extends p.message({ name: p.string(1), size: p.int64(2) }) {}

class All extends p.message({
  text: p.string(1),
  raw: p.bytes(2),
  flag: p.bool(3),
  small: p.int32(4),
  unsigned: p.uint32(5),
  large: p.int64(6),
  huge: p.bigInt64(7),
  unsignedHuge: p.bigUint64(8),
  real: p.double(9),
  color: p.oneOf(10, Color),
  leaf: p.nested(11, Leaf),
  leaves: p.list(12, Leaf),
  numbers: p.list(13, p.int64),
  words: p.list(14, p.string),
  labels: p.map(15, p.string),
  byName: p.map(16, Leaf),
  maybe: p.optional(p.int64(17)),
  colors: p.listOfNames(18, Color),
  later: p.nested(2000, () => Later),
}) {}

class Later extends p.message({ leaf: p.nested(1, Leaf) }) {}

const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const fromHex = (text: string): Uint8Array => Buffer.from(text, 'hex');

test('an object of nothing is complete and needs no bytes', () => {
  const empty = All.of();
  assert.equal(empty.text, '');
  assert.equal(empty.huge, 0n);
  assert.equal(empty.color satisfies Color, 'RED');
  assert.deepEqual(empty.leaves, []);
  assert.deepEqual(empty.labels, {});
  assert.equal(empty.leaf, undefined);
  assert.equal(encode(All, empty).length, 0);
  assert.deepEqual(decode(All, new Uint8Array()), empty);
});

test('bytes are those of protoc', () => {
  assert.equal(hex(encode(All, All.of({ text: 'a' }))), '0a0161');
  assert.equal(hex(encode(All, All.of({ small: -1 }))), '20ffffffffffffffffff01');
  assert.equal(hex(encode(All, All.of({ leaf: {} }))), '5a00');
  assert.equal(hex(encode(All, All.of({ numbers: [1, 300] }))), '6a0301ac02');
  assert.equal(hex(encode(All, All.of({ words: ['a', ''] }))), '7201617200');
  assert.equal(hex(encode(All, All.of({ labels: { k: '' } }))), '7a050a016b1200');
  assert.equal(hex(encode(All, All.of({ maybe: 0 }))), '880100');
  assert.equal(hex(encode(All, All.of({ color: 'BLUE' }))), '5007');
});

test('numbers may come packed or one by one, enums from a newer protocol', () => {
  assert.deepEqual(decode(All, fromHex('68016803')).numbers, [1, 3]);
  assert.deepEqual(decode(All, fromHex('6a0301ac02')).numbers, [1, 300]);
  assert.equal(decode(All, fromHex('5063')).color, 'RED');
});

test('unknown fields and fields of another wire type are skipped', () => {
  assert.equal(decode(All, fromHex('c03e010a0161')).text, 'a');
  assert.deepEqual(decode(All, fromHex('0801')), All.of());
});

test('a map key cannot reach the prototype', () => {
  const object = decode(All, encode(All, All.of({ byName: Object.fromEntries([['__proto__', Leaf.of()]]) })));
  assert.deepEqual(Object.keys(object.byName), ['__proto__']);
  assert.equal(Object.getPrototypeOf(object.byName), Object.prototype);
});

test('past 2^53 a number is rounded and a bigint exact', () => {
  const object = decode(All, encode(All, All.of({ large: 2 ** 60, huge: 2n ** 60n + 1n })));
  assert.equal(object.large, 2 ** 60);
  assert.equal(object.huge, 2n ** 60n + 1n);
});

test('any object survives the round trip', () => {
  fc.assert(
    fc.property(arbitraryOf(All), (object) => {
      assert.deepEqual(decode(All, encode(All, object)), object);
    }),
    { numRuns: 200 },
  );
});

test('garbage is a RangeError, and nothing worse', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (garbage) => {
      try {
        decode(All, garbage);
      } catch (error) {
        assert.ok(error instanceof RangeError);
      }
    }),
    { numRuns: 2000 },
  );
});

test('nesting has an end', () => {
  interface Nest {
    nest?: Nest;
  }
  const Nest: Message<Nest> = p.message({ nest: p.nested(1, (): Message<Nest> => Nest) });
  let bytes = new Uint8Array();
  for (let depth = 0; depth < 200; depth++) bytes = encodeNested(bytes);
  assert.throws(() => decode(Nest, bytes), RangeError);
});

function encodeNested(inner: Uint8Array): Uint8Array<ArrayBuffer> {
  class Raw extends p.message({ raw: p.optional(p.bytes(1)) }) {}
  return Uint8Array.from(encode(Raw, { raw: inner }));
}
