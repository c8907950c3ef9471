import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { deepFreeze } from '#base';
import { Thing } from '../fixture.ts';
import { isEqualJson } from '../json.ts';
import { jsonPatch } from './json-patch.ts';
import { createMergePatch, mergePatch } from './merge-patch.ts';
import { strategicMergePatch } from './strategic-merge-patch.ts';

test('JSON patch applies in order, and leaves the object alone', () => {
  const object = deepFreeze({ a: { b: [1, 2] }, c: 1 });
  const patch = [
    { op: 'test', path: '/c', value: 1 },
    { op: 'add', path: '/a/b/-', value: 3 },
    { op: 'remove', path: '/c' },
    { op: 'copy', from: '/a/b', path: '/x~1y' },
    { op: 'replace', path: '/a/b', value: 'z' },
  ];
  assert.deepEqual(jsonPatch(object, deepFreeze(patch)), { a: { b: 'z' }, 'x/y': [1, 2, 3] });
});

test('a JSON patch that does not apply is invalid', () => {
  const bad: unknown[] = [
    { op: 'test', path: '/a', value: 2 },
    { op: 'remove', path: '/b' },
    { op: 'replace', path: '/b/c', value: 1 },
    { op: 'add', path: '/b/c', value: 1 },
    { op: 'add', path: '', value: {} },
    { op: 'remove', path: '' },
    { op: 'move', from: '', path: '/b' },
    { op: 'copy', path: '/b' },
    { op: 'replace', path: '', value: 1 },
    { op: 'add', path: '/__proto__/x', value: 1 },
    { op: 'jump', path: '/a' },
  ];
  const message = 'the server rejected our request due to an error in our request';
  for (const one of bad) assert.throws(() => jsonPatch({ a: 1 }, [one]), { code: 422, reason: 'Invalid', message });
  for (const patch of [{}, ['x']]) assert.throws(() => jsonPatch({}, patch), { code: 400 });
  const doubling = Array.from({ length: 64 }, () => ({ op: 'copy', from: '/a', path: '/a/-' }));
  assert.throws(() => jsonPatch({ a: ['x'.repeat(100)] }, doubling), { code: 422 });
});

test('a JSON patch is read as upstream reads it, beyond the RFC', () => {
  const run = (object: object, ...operations: object[]): unknown => jsonPatch(object, operations);
  assert.deepEqual(run({ a: 1 }, { op: 'replace', path: '/b', value: 2 }), { a: 1, b: 2 });
  assert.deepEqual(run({}, { op: 'copy', from: '/a', path: '/b' }), { b: null });
  assert.deepEqual(run({ a: [1, 2] }, { op: 'remove', path: '/a/-1' }), { a: [1] });
  assert.deepEqual(run({ a: [1, 2] }, { op: 'add', path: '/a/-1', value: 3 }), { a: [1, 2, 3] });
  assert.deepEqual(run({}, { op: 'add', path: '/a' }), { a: null });
  assert.deepEqual(run({ a: null }, { op: 'test', path: '/a' }, { op: 'test', path: '/b', value: null }), { a: null });
  assert.deepEqual(run({ a: 1 }, { op: 'replace', path: '', value: { b: 1 } }), { b: 1 });
  const own = run({}, { op: 'add', path: '/__proto__', value: { x: 1 } }) as object;
  assert.ok(Object.hasOwn(own, '__proto__') && !('x' in own));
});

test('a JSON patch has at most ten thousand operations', () => {
  const operations = (count: number): object[] => Array.from({ length: count }, () => ({ op: 'test', path: '/a' }));
  assert.deepEqual(jsonPatch({}, operations(10_000)), {});
  assert.throws(() => jsonPatch({}, operations(10_001)), {
    code: 413,
    message: 'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
  });
});

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('x', 'y', 1, true),
    fc.array(fc.constantFrom(1, 2), { maxLength: 2 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), tie('value')),
})).object;

test('a merge patch does what it was made for, and twice is as once', () => {
  fc.assert(
    fc.property(json, json, (from, to) => {
      const patch = createMergePatch(from, to);
      const patched = mergePatch(deepFreeze(from), deepFreeze(patch));
      assert.ok(isEqualJson(patched, to));
      assert.ok(isEqualJson(mergePatch(patched, patch), patched));
    }),
  );
  assert.deepEqual(mergePatch({ a: 1, b: { c: 1 } }, { a: null, b: { d: { e: null } } }), { b: { c: 1, d: {} } });
  assert.deepEqual(mergePatch({}, { a: [{ b: null }, null, [{ c: null, d: 1 }]] }), { a: [{}, null, [{ d: 1 }]] });
  assert.throws(() => mergePatch({}, []), { code: 400 });
});

const thing = deepFreeze({
  metadata: { name: 'n', finalizers: ['a', 'b'], labels: { x: '1', y: '2' } },
  spec: {
    replicas: 2,
    strategy: { type: 'RollingUpdate', maxSurge: 1 },
    volumes: [{ name: 'v', emptyDir: { medium: 'Memory' } }],
    tolerations: [{ name: 't' }],
    containers: [
      { name: 'one', args: ['x'], ports: [{ containerPort: 80 }], env: [{ name: 'A', value: '1' }] },
      { name: 'two', args: ['y'] },
    ],
  },
});

interface Shape {
  metadata: { finalizers: string[]; labels: object };
  spec: { [key: string]: unknown; containers: { name: string; [key: string]: unknown }[] };
}

function patched(patch: object): Shape {
  return strategicMergePatch(Thing, thing, deepFreeze(patch)) as Shape;
}

const names = (result: Shape): string[] => result.spec.containers.map((one) => one.name);

test('lists with a merge key are merged item by item', () => {
  const change = { name: 'two', args: ['z'], env: [{ name: 'B', value: '2' }] };
  const result = patched({ spec: { containers: [change, { name: 'new', tty: null, args: [] }] } });
  assert.deepEqual(result.spec.containers, [thing.spec.containers[0], change, { name: 'new', tty: null, args: [] }]);
  const deep = patched({
    spec: { containers: [{ name: 'one', ports: [{ containerPort: 80, name: 'http' }, { containerPort: 81 }] }] },
  });
  assert.deepEqual(deep.spec.containers[0]?.ports, [{ containerPort: 80, name: 'http' }, { containerPort: 81 }]);
});

test('a new item comes before the known ones where the patch puts it there', () => {
  assert.deepEqual(names(patched({ spec: { containers: [{ name: 'new' }, { name: 'two' }] } })), ['new', 'one', 'two']);
});

test('lists without a strategy are replaced, and so are maps of another type', () => {
  assert.deepEqual(patched({ spec: { tolerations: [] } }).spec.tolerations, []);
  assert.deepEqual(patched({ metadata: { labels: { x: null, z: '3' } } }).metadata.labels, { y: '2', z: '3' });
});

test('$patch deletes and replaces', () => {
  assert.deepEqual(names(patched({ spec: { containers: [{ $patch: 'delete', name: 'one' }] } })), ['two']);
  assert.deepEqual(patched({ spec: { containers: [{ name: 'x' }, { $patch: 'replace' }] } }).spec.containers, [
    { name: 'x' },
  ]);
  assert.deepEqual(patched({ spec: { strategy: { $patch: 'replace', type: 'Recreate' } } }).spec.strategy, {
    type: 'Recreate',
  });
  assert.deepEqual(patched({ spec: { strategy: { $patch: 'delete' } } }).spec.strategy, {});
  assert.throws(
    () => patched({ spec: { containers: [{ $patch: 'jump', name: 'one' }] } }),
    /unknown patch type: jump in map: map\[\$patch:jump name:one\]/,
  );
});

test('$retainKeys leaves nothing else', () => {
  assert.deepEqual(patched({ spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } }).spec.strategy, {
    type: 'Recreate',
  });
  const volume = { $retainKeys: ['name', 'config'], name: 'v', config: { name: 'c' } };
  assert.deepEqual(patched({ spec: { volumes: [volume] } }).spec.volumes, [{ name: 'v', config: { name: 'c' } }]);
  const bad = { spec: { strategy: { $retainKeys: ['type'], maxSurge: 2 } } };
  assert.throws(() => patched(bad), { code: 400, message: 'invalid patch format of retainKeys' });
});

test('lists of scalars are united, and items taken out by name', () => {
  assert.deepEqual(patched({ metadata: { finalizers: ['b', 'c'] } }).metadata.finalizers, ['a', 'b', 'c']);
  assert.deepEqual(patched({ metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } }).metadata.finalizers, ['b']);
  const both = {
    '$setElementOrder/finalizers': ['c', 'b'],
    '$deleteFromPrimitiveList/finalizers': ['a'],
    finalizers: ['c'],
  };
  assert.deepEqual(patched({ metadata: both }).metadata.finalizers, ['c', 'b']);
});

test('$setElementOrder orders the items', () => {
  const order = [{ name: 'two' }, { name: 'one' }];
  assert.deepEqual(names(patched({ spec: { '$setElementOrder/containers': order } })), ['two', 'one']);
  const added = patched({
    spec: {
      '$setElementOrder/containers': [{ name: 'new' }, ...order],
      containers: [{ name: 'new' }, { name: 'one', args: [] }],
    },
  });
  assert.deepEqual(names(added), ['new', 'two', 'one']);
  const bad = { '$setElementOrder/containers': order, containers: [{ name: 'three' }] };
  assert.throws(() => patched({ spec: bad }), /doesn't match \$setElementOrder list/);
});

test('an item without its merge key is told', () => {
  const message = 'map: map[args:[]] does not contain declared merge key: name';
  assert.throws(() => patched({ spec: { containers: [{ args: [] }] } }), { message });
});

test('what the object already says changes nothing', () => {
  assert.ok(isEqualJson(strategicMergePatch(Thing, thing, thing), thing));
});

test('what is malformed or contradicts itself is told in the words of upstream', () => {
  const two = { name: 'two' };
  const faults: [object, { code: number; message: string | RegExp }][] = [
    [
      { spec: { strategy: { $patch: 'jump' } } },
      { code: 500, message: 'unknown patch type: jump in map: map[$patch:jump]' },
    ],
    [
      { spec: { containers: [{ ...two, $patch: 'merge' }] } },
      { code: 500, message: 'merging lists cannot yet be specified in the patch' },
    ],
    [{ spec: { strategy: { $retainKeys: 'type' } } }, { code: 400, message: 'invalid patch format of retainKeys' }],
    [
      { metadata: { $deleteFromPrimitiveList: ['a'] } },
      { code: 400, message: 'invalid patch format of primitive list' },
    ],
    [{ metadata: { $setElementOrder: ['a'] } }, { code: 400, message: 'invalid patch format of setElementOrder list' }],
    [
      { metadata: { '$setElementOrder/finalizers': 'a' } },
      { code: 500, message: 'expected a []interface {}, but received a string' },
    ],
    [{ metadata: { finalizers: [1] } }, { code: 500, message: 'list element types are not identical: [[a b] [1]]' }],
    [
      { spec: { '$setElementOrder/containers': [two], containers: [{ name: 'x' }] } },
      {
        code: 500,
        message: "The order in patch list:\n[map[name:x]]\n doesn't match $setElementOrder list:\n[map[name:two]]\n",
      },
    ],
    [{ metadata: { finalizers: [['a']] } }, { code: 500, message: /^list element types are not identical/ }],
  ];
  for (const [patch, fault] of faults) assert.throws(() => patched(patch), fault);
});

test('directives within what is new are only those that say $patch', () => {
  const spec = { containers: [{ name: 'new', ports: [{ containerPort: 1 }] }], extra: { $patch: 'delete', a: 1 } };
  const made = strategicMergePatch(Thing, {}, { spec: { ...spec, more: { $retainKeys: ['a'], a: null, b: [null] } } });
  assert.deepEqual(made, { spec: { containers: spec.containers, more: { $retainKeys: ['a'], b: [null] } } });
});
