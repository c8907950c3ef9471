import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { decode } from '../decode.ts';
import {
  inlined,
  list,
  map,
  message,
  microTime,
  of,
  pointer,
  string,
  time,
  int64,
  double,
  raw,
} from '../schema/fields.ts';
import { Thing } from '../fixture.ts';
import { decodeProtobuf } from './decode.ts';
import { encodeProtobuf } from './encode.ts';
import { decodeKube, encodeKube } from './envelope.ts';

class Inner extends message('Inner.', { b: string(1, 'b'), a: pointer(string(2, 'a')) }) {}
class Rule extends message('Rule.', { scope: string(1, 'scope') }) {}
class RuleWithName extends message('Rule with a name.', { name: string(1, 'name'), ...inlined(2, Rule) }) {}
class Outer extends message('Outer.', {
  kind: string(0, 'kind'),
  list: list(1, 'list', string(0, '')),
  inner: of(2, 'inner', Inner),
  optional: pointer(of(3, 'optional', Inner)),
  extra: map(4, 'extra', { number: 0, doc: '', type: { kind: 'list', items: { kind: 'string' }, listType: 'atomic' } }),
  when: time(5, 'when'),
  exact: pointer(microTime(6, 'exact')),
  count: int64(7, 'count'),
  ratio: pointer(double(8, 'ratio')),
  ...inlined(9, RuleWithName),
  raw: raw(10, 'raw', 'rawExtension'),
}) {}

const hex = (object: object): string => Buffer.from(encodeProtobuf(Outer, object)).toString('hex');

test('values are always written, pointers only when they are there', () => {
  // inner{b:""}, when{}, count 0, inline{name:"", inline{scope:""}}, raw{}
  assert.equal(hex({}), ['12020a00', '2a00', '3800', '4a060a0012020a00', '5200'].join(''));
  assert.equal(hex({ optional: {} }).includes('1a020a00'), true);
});

test('every kind of value has the bytes that Go writes', () => {
  const object = {
    list: ['x', ''],
    inner: { a: '', b: 'é' },
    extra: { k: ['v', 'w'], a: [] },
    when: '1970-01-01T00:00:05Z',
    exact: '1969-12-31T23:59:59.000001Z',
    count: -1,
    ratio: 0.5,
    name: 'n',
    scope: 's',
    raw: { a: 1 },
  };
  const want = [
    '0a01780a00',
    '12060a02c3a91200',
    '22050a01611200220b0a016b12060a01760a0177',
    '2a0408051000',
    '320e08ffffffffffffffffff0110e807',
    '38ffffffffffffffffff01',
    '41000000000000e03f',
    '4a080a016e12030a0173',
    '52090a077b2261223a317d',
  ];
  assert.equal(hex(object), want.join(''));
  assert.deepEqual(decodeProtobuf(Outer, encodeProtobuf(Outer, object)), decode(Outer, object).object);
});

test('what is larger than the buffer at first comes back whole', () => {
  for (const value of [
    { list: ['a'.repeat(100_000)] },
    { list: Array.from({ length: 9000 }, (_, at) => `item ${at}`) },
  ]) {
    assert.deepEqual(decodeProtobuf(Outer, encodeProtobuf(Outer, value)).list, value.list);
  }
});

test('unknown fields and split messages are read, broken ones are a bad request', () => {
  const bytes = Buffer.from('7a016112030a01621203120161', 'hex');
  assert.deepEqual(decodeProtobuf(Outer, bytes).inner, { b: 'b', a: 'a' });
  for (const broken of ['12', '12050a', '0affffffffffffffffff01', '03', '38ffffffffffffffffffff']) {
    assert.throws(() => decodeProtobuf(Outer, Buffer.from(broken, 'hex')), { code: 400 }, broken);
  }
});

test('the envelope names what it carries', () => {
  const bytes = encodeKube({ apiVersion: 'v1', kind: 'Pod' }, new Uint8Array([1, 2]));
  assert.equal(Buffer.from(bytes).toString('hex'), '6b3873000a090a0276311203506f64120201021a002200');
  const { apiVersion, kind, raw } = decodeKube(bytes);
  assert.deepEqual([apiVersion, kind, [...raw]], ['v1', 'Pod', [1, 2]]);
  assert.throws(() => decodeKube(new Uint8Array([1])), { code: 400 });
});

test('an object comes back from protobuf as it went in', () => {
  const text = fc.string({ unit: 'grapheme' });
  const thing = fc.record(
    {
      metadata: fc.record({ name: text, generation: fc.maxSafeInteger(), labels: fc.dictionary(text, text) }),
      spec: fc.record({
        replicas: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        target: fc.oneof(text, fc.nat(65535)),
        containers: fc.array(fc.record({ name: text, tty: fc.boolean(), args: fc.array(text) })),
        volumes: fc.array(fc.record({ name: text, config: fc.record({ name: text, optional: fc.boolean() }) })),
      }),
      status: fc.record({ total: fc.nat().map((size) => `${size}Ki`) }),
      data: fc.dictionary(
        text,
        fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
      ),
      extension: fc.object(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(thing, (value) => {
      const object = decode(Thing, JSON.parse(JSON.stringify(value))).object;
      const again = decodeProtobuf(Thing, encodeProtobuf(Thing, object));
      const expected = structuredClone(object);
      expected.spec.target ??= 0;
      assert.deepEqual(again, expected);
    }),
  );
});
