import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  hasPath,
  intersect,
  isSameSet,
  leavesOf,
  parseFieldSet,
  pathsOf,
  setOf,
  subtract,
  subtractDeep,
  unite,
  type FieldSet,
} from '../index.ts';
import { describePath } from './path-element.ts';

const element = fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', 'k:{"name":"y","port":80}', 'v:"z"', 'v:3', 'i:0');
const sets = fc
  .array(fc.array(element, { minLength: 1, maxLength: 4 }), { maxLength: 8 })
  .map((paths) => setOf(...paths));

function texts(set: FieldSet): string[] {
  return [...pathsOf(set)].map((path) => path.join(' ')).sort();
}

test('a set is the JSON that it is written as', () => {
  const set = setOf(['f:spec', 'f:replicas'], ['f:spec', 'f:containers', 'k:{"name":"x"}'], ['f:spec']);
  const json = '{"f:spec":{".":{},"f:containers":{"k:{\\"name\\":\\"x\\"}":{}},"f:replicas":{}}}';
  assert.equal(JSON.stringify(set), json);
  assert.deepEqual([...pathsOf(set)].map(describePath), ['.spec', '.spec.replicas', '.spec.containers[name="x"]']);
  const parsed: unknown = JSON.parse(json);
  assert.equal(parseFieldSet(parsed), set, 'equal sets are one object');
});

test('what others wrote is read, and spelled in one way', () => {
  const foreign = {
    'v:"b<c"': null,
    'i:07': {},
    'k:{"port": 80, "name": "x"}': { '.': {} },
    'x:later': { 'f:a': {} },
    'f:z': { 'f:y': { '.': {}, 'f:x': {} } },
    'f:a': {},
  };
  const set = parseFieldSet(foreign);
  assert.deepEqual(Object.keys(set), ['f:a', 'f:z', 'k:{"name":"x","port":80}', 'v:"b\\u003cc"', 'i:7']);
  assert.ok(hasPath(set, ['f:z', 'f:y']) && hasPath(set, ['f:z', 'f:y', 'f:x']) && !hasPath(set, ['f:z']));
  assert.equal(describePath(['f:s', 'v:"b\\u003cc"']), '.s[="b<c"]');
  for (const bad of [{ f: {} }, { name: {} }, { 'k:[1]': {} }, { 'v:{': {} }, { 'i:x': {} }, { 'f:a': 5 }, 'x']) {
    assert.throws(() => parseFieldSet(bad));
  }
});

test('the operations are those of sets', () => {
  fc.assert(
    fc.property(sets, sets, (a, b) => {
      const [left, right] = [texts(a), texts(b)];
      assert.deepEqual(texts(unite(a, b)), [...new Set([...left, ...right])].sort());
      assert.deepEqual(
        texts(intersect(a, b)),
        left.filter((path) => right.includes(path)),
      );
      assert.deepEqual(
        texts(subtract(a, b)),
        left.filter((path) => !right.includes(path)),
      );
      const isBelow = (path: string): boolean => right.some((one) => path === one || path.startsWith(`${one} `));
      assert.deepEqual(
        texts(subtractDeep(a, b)),
        left.filter((path) => !isBelow(path)),
      );
      const isLeaf = (path: string): boolean => !left.some((one) => one.startsWith(`${path} `));
      assert.deepEqual(texts(leavesOf(a)), left.filter(isLeaf));
    }),
  );
});

test('what comes out of an operation is canonical, and shared where nothing changed', () => {
  fc.assert(
    fc.property(sets, sets, (a, b) => {
      for (const made of [unite(a, b), intersect(a, b), subtract(a, b), subtractDeep(a, b), leavesOf(a)]) {
        const text = JSON.stringify(made);
        assert.equal(JSON.stringify(parseFieldSet(JSON.parse(text))), text);
      }
      assert.ok(isSameSet(unite(a, b), unite(b, a)));
      assert.equal(subtract(a, {}), a);
    }),
  );
});
