import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { formatYaml } from './format-yaml.ts';
import { parseYaml, readYaml } from './read-yaml.ts';

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
    message: /^error converting YAML to JSON: yaml: line 2: /,
  });
  const levels = Array.from(
    { length: 12 },
    (_, at) => `a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`).join(',')}]`,
  );
  assert.throws(() => parseYaml(`a0: &a0 [x]\n${levels.join('\n')}`), { code: 400 });
  assert.throws(() => parseYaml('['.repeat(100_000)), { code: 400 });
});

test('a large text is read beside the event loop, with the same outcome', async () => {
  const large = Array.from({ length: 1000 }, (_, at) => `key${at}: [{a: "${at}", __proto__: ${at}}, 0x1f, no, ~]`).join(
    '\n',
  );
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  const { documents } = await readYaml(large);
  clearInterval(timer);
  assert.ok(turns > 10, `the loop went round ${turns} times`);
  assert.deepEqual(documents, parseYaml(large));
  await assert.rejects(readYaml(`${large}\nb: [1\n`), {
    code: 400,
    message: /^error converting YAML to JSON: yaml: line 1001: /,
  });
});

test('nesting is followed to the depth that JSON has, and refused beyond', async () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  const { documents } = await readYaml(nested(990));
  assert.equal(JSON.stringify(documents[0]), nested(990));
  for (const depth of [1100, 20_000, 200_000])
    await assert.rejects(readYaml(nested(depth)), { code: 400, message: /exceeded max depth$/ });
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

test('text of nothing but spaces and line ends is read again as it was', () => {
  for (const text of [' \n', '  \n\n', '\n \n', '\n', '\n\n', ' '])
    for (const value of [{ a: text }, { a: [[text]] }]) assert.deepEqual(parseYaml(formatYaml(value)), [value]);
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

test('keys that stand twice are told with their lines', async () => {
  const text = 'a: 1\nb:\n  "x y": 1\n  \'x y\': 2\nc: {z: 1, z: 2}\na: 2\n';
  const { doubledKeys } = await readYaml(text);
  const keys = ['line 4: key "x y"', 'line 5: key "z"', 'line 6: key "a"'];
  assert.deepEqual(
    doubledKeys,
    keys.map((key) => `${key} already set in map`),
  );
  assert.deepEqual((await readYaml('a: 1\n---\na: 1\n')).doubledKeys, []);
  const many = Array.from({ length: 20_000 }, (_, at) => `k${at}: ${at}`).join('\n');
  const { documents, doubledKeys: last } = await readYaml(`${many}\nk7: 0\n`);
  assert.deepEqual(last, ['line 20001: key "k7" already set in map']);
  assert.equal(Object.keys(documents[0] as object).length, 20_000);
});

test('characters that go-yaml does not read are written escaped', () => {
  const text = formatYaml({ a: 'x\u007fy', b: '\u0080\ufffe' });
  assert.equal(text, 'a: "x\\u007fy"\nb: "\\u0080\\ufffe"\n');
  assert.deepEqual(parseYaml(text), [{ a: 'x\u007fy', b: '\u0080\ufffe' }]);
});

test('what is wrong is told in the words of go-yaml', () => {
  const table: Readonly<Record<string, string>> = {
    'a:\n\t- b': 'line 2: found character that cannot start any token',
    'a: @b': 'found character that cannot start any token',
    'a: [': 'line 1: did not find expected node content',
    'a: [b': "line 1: did not find expected ',' or ']'",
    'a: {b: c': "line 1: did not find expected ',' or '}'",
    'a:\n  b: 1\n c: 2': 'line 2: did not find expected key',
    'a: "b': 'found unexpected end of stream',
    'a: *nope': "unknown anchor 'nope' referenced",
    'a: b: c': 'mapping values are not allowed in this context',
    'a:\n- b\n  c: d': 'line 3: mapping values are not allowed in this context',
    '- a\nb: c': "line 1: did not find expected '-' indicator",
    'a: "\\q"': 'found unknown escape character',
    'a: [b,,c]': 'did not find expected node content',
    'a: }': 'did not find expected node content',
    'a: &': 'did not find expected alphabetic or numeric character',
    'a: !<': 'did not find expected tag URI',
    'a: \u0001': 'control characters are not allowed',
  };
  for (const [text, words] of Object.entries(table)) {
    assert.throws(() => parseYaml(text), { message: `error converting YAML to JSON: yaml: ${words}` }, text);
  }
});
