import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { doubledYamlKeys, formatYaml, parseYaml } from './yaml.ts';

const scalars: [string, unknown][] = [
  ['0644', 420],
  ['-0644', -420],
  ['0o644', 420],
  ['0x1F', 31],
  ['0b11', 3],
  ['089', 89],
  ['1_000', 1000],
  ['0', 0],
  ['no', false],
  ['On', true],
  ['y', true],
  ['n', false],
  ['nO', 'nO'],
  ['~', null],
  ['', null],
  ['1.5', 1.5],
  ['1e3', 1000],
  ['.5', 0.5],
  ['.', '.'],
  ['..', '..'],
  ['1.2.3', '1.2.3'],
  ['2020-01-01', '2020-01-01'],
  ['2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z'],
  ['12:30', '12:30'],
  ['100m', '100m'],
  ['"no"', 'no'],
  ["'0644'", '0644'],
  ['!!str 1', '1'],
];

test('scalars are read as YAML 1.1, times as strings', () => {
  for (const [text, want] of scalars) assert.deepEqual(parseYaml(`a: ${text}\n`), [{ a: want }], text);
});

test('documents, anchors, merge keys and keys of all kinds', () => {
  const text = '---\na: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n---\n# nothing\n---\n1: one\ntrue: two\n__proto__: {z: 1}\n';
  const [first, second, ...rest] = parseYaml(text);
  assert.deepEqual(rest, []);
  assert.deepEqual(first, { a: { b: 1 }, c: { b: 1, d: 2 } });
  assert.deepEqual(Object.keys(second as object), ['1', 'true', '__proto__']);
  assert.ok(!('z' in (second as object)));
  assert.deepEqual(parseYaml(''), []);
  assert.deepEqual(parseYaml('a: 1\na: 2'), [{ a: 2 }]);
});

test('broken or hostile YAML is a bad request', () => {
  assert.throws(() => parseYaml('a: 1\nb: [1\n'), {
    code: 400,
    message: /^error converting YAML to JSON: yaml: line 3: /,
  });
  const levels = Array.from(
    { length: 12 },
    (_, at) => `a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`).join(',')}]`,
  );
  assert.throws(() => parseYaml(`a0: &a0 [x]\n${levels.join('\n')}`), { code: 400 });
  assert.throws(() => parseYaml('['.repeat(100_000)), { code: 400 });
});

test('output looks as kubectl prints it', () => {
  const value = {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { creationTimestamp: '2020-01-01T00:00:00Z', labels: { a: 'yes', b: '0644', c: '0o7', d: '1e3' } },
    spec: { containers: [{ name: 'a', args: ['x\ny\n'] }], empty: {}, none: [] },
  };
  assert.equal(
    formatYaml(value),
    `apiVersion: v1
kind: Pod
metadata:
  creationTimestamp: "2020-01-01T00:00:00Z"
  labels:
    a: "yes"
    b: "0644"
    c: "0o7"
    d: "1e3"
spec:
  containers:
  - args:
    - |
      x
      y
    name: a
  empty: {}
  none: []
`,
  );
});

test('what is written is read again', () => {
  const text = fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.constantFrom(...scalars.map(([one]) => one)));
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any')),
      tie('map'),
    ),
    map: fc.dictionary(text, tie('any')),
  })).map;
  fc.assert(
    fc.property(value, (one) => {
      assert.deepEqual(parseYaml(formatYaml(one)), [JSON.parse(JSON.stringify(one))]);
    }),
  );
});

test('keys that stand twice are told with their lines', () => {
  const text = 'a: 1\nb:\n  "x y": 1\n  \'x y\': 2\nc: {z: 1, z: 2}\na: 2\n';
  const lines = doubledYamlKeys(text).sort();
  const keys = ['line 4: key "x y"', 'line 5: key "z"', 'line 6: key "a"'];
  assert.deepEqual(
    lines,
    keys.map((key) => `${key} already set in map`),
  );
  assert.deepEqual(doubledYamlKeys('a: 1\n---\na: 1\n'), []);
});
