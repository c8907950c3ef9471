import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dropFields, keepFields } from '../index.ts';
import { message, of, string } from '../schema/fields.ts';
import { shapeOf } from './shape.ts';
import { Nested, Story } from './testing/story.ts';

test('who applies owns what he says, and who updates what he changes', () => {
  const story = new Story().apply('alice', { number: 3, labels: { app: 'web' } });
  story.update('scaler', { number: 5, labels: { app: 'web' } });
  assert.deepEqual(story.owned('alice'), ['.labels.app']);
  assert.deepEqual(story.owned('scaler'), ['.number']);
  assert.deepEqual(story.conflicts('alice', { number: 3, labels: { app: 'web' } }), ['scaler: .number']);
  story.apply('alice', { number: 3, labels: { app: 'web' } }, { force: true });
  assert.deepEqual([story.object, story.owners], [{ number: 3, labels: { app: 'web' } }, ['alice']]);
});

test('a field that is applied no longer goes, unless somebody else owns it', () => {
  const story = new Story().apply('alice', { number: 1, text: 'x' }).apply('bob', { text: 'x' });
  story.apply('alice', { number: 1 });
  assert.deepEqual(story.object, { number: 1, text: 'x' });
  story.apply('bob', {});
  assert.deepEqual([story.object, story.owners], [{ number: 1 }, ['alice']]);
  story.apply('alice', {});
  assert.deepEqual([story.object, story.owners], [null, []]);
});

test('who says all of it again takes nothing away, whatever others have put beside and below it', () => {
  const config = { nested: {}, items: [{ name: 'a' }], labels: { app: 'web' } };
  const story = new Story().apply('alice', config);
  const live = {
    ...config,
    nested: { a: 1 },
    items: [{ name: 'a', value: 2 }, { name: 'b' }],
    labels: { app: 'web', b: 'c' },
  };
  story.update('bob', live);
  for (const again of [config, { ...config, number: 1 }]) {
    story.apply('alice', again);
    assert.deepEqual(story.object, { ...live, ...('number' in again && { number: 1 }) });
  }
  story.apply('alice', config);
  assert.deepEqual(story.object, live);
});

test('an item goes with all that is in it, unless somebody else owns the item itself', () => {
  const item = '.items[name="a",port=80]';
  const story = new Story().apply('alice', { items: [{ name: 'a', value: 1 }, { name: 'b' }] });
  story.update('bob', { items: [{ name: 'a', value: 1, nested: { a: 1 } }, { name: 'b' }] });
  assert.deepEqual(story.owned('bob'), [`${item}.nested`, `${item}.nested.a`]);
  story.apply('carol', { items: [{ name: 'a' }] }).apply('alice', { items: [{ name: 'b' }] });
  assert.deepEqual(story.object, { items: [{ name: 'a', nested: { a: 1 } }, { name: 'b' }] });
  story.apply('carol', {});
  assert.deepEqual([story.object, story.owners], [{ items: [{ name: 'b' }] }, ['alice']]);
});

test('two who apply the same own it together, and then neither may change it alone', () => {
  const story = new Story().apply('alice', { items: [{ name: 'a', value: 1 }] });
  story.apply('bob', { items: [{ name: 'a', value: 1 }] });
  const item = '.items[name="a",port=80]';
  assert.deepEqual(story.owned('alice'), [item, `${item}.name`, `${item}.value`]);
  assert.deepEqual(story.owned('bob'), story.owned('alice'));
  assert.deepEqual(story.conflicts('bob', { items: [{ name: 'a', value: 2 }] }), [`alice: ${item}.value`]);
  story.apply('bob', { items: [{ name: 'a', value: 2 }] }, { force: true });
  assert.deepEqual(story.owned('alice'), [item, `${item}.name`]);
});

test('atomic values are owned and replaced whole', () => {
  const story = new Story().apply('alice', { pair: { a: 1, b: 2 }, atoms: ['x'], atomicMap: { k: 'v' } });
  assert.deepEqual(story.owned('alice'), ['.atomicMap', '.atoms', '.pair']);
  const other = { pair: { a: 1 }, atoms: ['x', 'y'], atomicMap: {} };
  assert.deepEqual(story.conflicts('bob', other), ['alice: .atomicMap', 'alice: .atoms', 'alice: .pair']);
  story.apply('bob', other, { force: true });
  assert.deepEqual([story.object, story.owners], [other, ['bob']]);
});

test('maps are owned key by key, sets value by value, and anything as deep as its maps go', () => {
  const story = new Story().apply('alice', { labels: { a: '1' }, set: ['x'], any: { m: { n: [1] } } });
  story.apply('bob', { labels: { b: '2' }, set: ['y'], any: { m: { o: 1 } } });
  assert.deepEqual(story.owned('alice'), ['.any.m', '.any.m.n', '.labels.a', '.set[="x"]']);
  story.apply('alice', {});
  assert.deepEqual(story.object, { labels: { b: '2' }, set: ['y'], any: { m: { o: 1 } } });
});

test("merged lists keep the live items' places between those that the configuration orders", () => {
  const names = (...list: string[]): object => ({ set: list });
  const tell = (live: string[], config: string[]): unknown =>
    new Story().update('live', names(...live)).apply('alice', names(...config)).object;
  assert.deepEqual(tell(['a', 'b', 'c'], ['c', 'a']), names('b', 'c', 'a'));
  assert.deepEqual(tell(['a', 'b', 'c'], ['d', 'a']), names('d', 'a', 'b', 'c'));
  assert.deepEqual(tell(['a', 'b', 'c'], ['b', 'd']), names('a', 'b', 'c', 'd'));
  assert.deepEqual(tell(['a', 'b', 'c', 'd'], ['c', 'x', 'b']), names('a', 'c', 'd', 'x', 'b'));
});

test('live lists may have an item twice; it is owned whole, and replaced by one that is applied', () => {
  const story = new Story().update('old', { items: [{ name: 'a', value: 1 }, { name: 'a', value: 2 }, { name: 'b' }] });
  const item = '.items[name="a",port=80]';
  assert.deepEqual(story.owned('old').slice(0, 3), ['.items', item, '.items[name="b",port=80]']);
  story.apply('alice', { items: [{ name: 'b', value: 3 }] });
  assert.deepEqual(story.conflicts('alice', { items: [{ name: 'a', value: 3 }] }), [`old: ${item}`]);
  story.apply('alice', { items: [{ name: 'a', value: 3 }] }, { force: true });
  assert.deepEqual(story.object, { items: [{ name: 'a', value: 3 }, { name: 'b' }] });
  assert.throws(() => story.apply('alice', { items: [{ name: 'a' }, { name: 'a' }] }), /duplicate entries for key/);
});

test('a key that is left out is its default, and one without a default makes another item', () => {
  const story = new Story().apply('alice', { items: [{ name: 'a' }] });
  story.apply('bob', { items: [{ name: 'a', port: 80, value: 1 }, { port: 81 }] });
  assert.deepEqual(story.object, { items: [{ name: 'a', port: 80, value: 1 }, { port: 81 }] });
  assert.ok(story.owned('bob').includes('.items[port=81]'));
});

test('null says that a field is there and has no value', () => {
  const story = new Story().apply('alice', { number: null, nested: null, text: 'x' });
  assert.deepEqual(story.owned('alice'), ['.nested', '.number', '.text']);
  story.update('bob', { number: 2, nested: { a: 1 }, text: 'x' });
  assert.deepEqual(story.conflicts('alice', { number: null, text: 'x' }), ['bob: .number']);
});

test('what an update takes away nobody owns any more', () => {
  const story = new Story().apply('alice', { labels: { a: '1', b: '2' }, nested: { c: { d: '3' } } });
  story.update('bob', { labels: { b: '2' } });
  assert.deepEqual([story.owned('alice'), story.owners], [['.labels.b'], ['alice']]);
});

test('fields that a door puts back come to nobody through it', () => {
  const story = new Story({ filter: dropFields('nested', 'labels') });
  story.update('bob', { nested: { a: 1 }, labels: { x: '1' }, number: 1 });
  assert.deepEqual(story.owned('bob'), ['.number']);
  story.apply('alice', { nested: { a: 2 }, number: 1 });
  assert.deepEqual(story.owned('alice'), ['.number']);
  const narrow = new Story({ filter: keepFields('items.*.value') });
  narrow.update('bob', { items: [{ name: 'a', value: 1 }], number: 1 });
  assert.deepEqual(narrow.owned('bob'), ['.items', '.items[name="a",port=80]', '.items[name="a",port=80].value']);
});

test('who wrote in a version that is gone owns nothing', () => {
  const story = new Story().apply('alice', { number: 1 });
  story.managers = new Map([...story.managers, ['old', { set: { 'f:text': {} }, version: 'gone', applied: false }]]);
  story.apply('bob', { text: 'x' });
  assert.deepEqual(story.owners, ['alice', 'bob']);
});

class Atomic extends message('Nested, become atomic.', { ...Nested.fields }, { mapType: 'atomic' }) {}
class Later extends message('Thing, after its types changed.', {
  text: string(2, 'As before.'),
  nested: of(3, 'Atomic now.', Atomic),
  pair: of(4, 'A struct that this field takes whole.', Nested, { structType: 'atomic' }),
}) {}

test('what became atomic since it was written is owned whole', () => {
  const before = new Story().apply('alice', { nested: { a: 1, c: { d: 'e' } }, pair: { a: 1 }, text: 'x' });
  const story = new Story({ shape: shapeOf(Later) });
  Object.assign(story, { object: before.object, managers: before.managers });
  assert.deepEqual(story.conflicts('bob', { nested: { a: 2 } }), ['alice: .nested']);
  story.apply('alice', { text: 'x' });
  assert.deepEqual(story.object, { text: 'x' });
});
