import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseFieldSelector, fieldSelectorOf } from './field-selector.ts';
import { selectorOf, selectorOfMap } from './label-selector.ts';
import { parseLabelSelector } from './parse-label-selector.ts';

const forms: [string, string][] = [
  ['', ''],
  ['a=b', 'a=b'],
  ['a==b', 'a==b'],
  ['a != b', 'a!=b'],
  ['a=', 'a='],
  ['a=,b', 'a=,b'],
  ['a', 'a'],
  ['!a', '!a'],
  ['x in (b,a)', 'x in (a,b)'],
  ['x notin (a)', 'x notin (a)'],
  ['x in ()', 'x in ()'],
  ['x in (foo,,baz),y', 'x in (,baz,foo),y'],
  ['x in (in)', 'x in (in)'],
  ['a=in', 'a=in'],
  ['z=1,a=2', 'a=2,z=1'],
  ['x>1,y<2', 'x>1,y<2'],
  ['example.com/a=b', 'example.com/a=b'],
];

test('label selectors are read and written', () => {
  for (const [text, want] of forms) assert.equal(parseLabelSelector(text).toString(), want, text);
});

const bad: [string, string][] = [
  ['a=b=c', "found '=', expected: ',' or 'end of string'"],
  [',a', "found ',', expected: !, identifier, or 'end of string'"],
  ['a,', "found '', expected: identifier after ','"],
  ['x in a', "unable to parse requirement: found 'a' expected: '('"],
  ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  [
    'x>a',
    `unable to parse requirement: values[0]: Invalid value: "a": for 'Gt', 'Lt' operators, the value must be an integer`,
  ],
];

test('a bad label selector is a bad request in upstream words', () => {
  for (const [text, message] of bad) assert.throws(() => parseLabelSelector(text), { message, code: 400 }, text);
  assert.throws(
    () => parseLabelSelector('-a=b'),
    /^StatusError: unable to parse requirement: <nil>: Invalid value: "-a": name part/,
  );
});

test('requirements match as documented', () => {
  const matches = (selector: string, labels: Record<string, string>): boolean =>
    parseLabelSelector(selector).matches(labels);
  assert.ok(matches('a!=b', {}));
  assert.ok(matches('a notin (b)', {}));
  assert.ok(!matches('a', {}));
  assert.ok(!matches('constructor', {}));
  assert.ok(matches('a in (b,c)', { a: 'c' }));
  assert.ok(matches('a>5', { a: '10' }));
  assert.ok(!matches('a>5', { a: 'x' }));
  assert.ok(matches('a=b,!c', { a: 'b' }));
});

test('an absent LabelSelector selects nothing, an empty one everything', () => {
  assert.equal(selectorOf(undefined).matches({}), false);
  assert.equal(selectorOf({}).matches({ a: 'b' }), true);
  const both = selectorOf({ matchLabels: { a: 'b' }, matchExpressions: [{ key: 'c', operator: 'DoesNotExist' }] });
  assert.equal(both.toString(), 'a=b,!c');
  assert.throws(
    () => selectorOf({ matchExpressions: [{ key: 'c', operator: 'Near' }] }),
    /"Near" is not a valid label selector operator/,
  );
});

const name = fc.stringMatching(/^[a-z]([-a-z0-9]{0,5}[a-z0-9])?$/);
const operator = fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist');
const expression = fc
  .record({ key: name, operator, values: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }) })
  .map((one) => (one.operator.endsWith('In') ? one : { ...one, values: [] }));

test('what a selector prints, it reads again', () => {
  const labels = fc.dictionary(name, name);
  fc.assert(
    fc.property(fc.array(expression), labels, labels, (matchExpressions, matchLabels, actual) => {
      const selector = selectorOf({ matchLabels, matchExpressions });
      const again = parseLabelSelector(selector.toString());
      assert.equal(again.toString(), selector.toString());
      assert.equal(again.matches(actual), selector.matches(actual));
    }),
  );
  fc.assert(fc.property(labels, (map) => selectorOfMap(map).matches(map)));
});

test('field selectors', () => {
  const selector = parseFieldSelector('status.phase!=Running,metadata.name=a');
  assert.deepEqual(selector.requirements, [
    { field: 'metadata.name', operator: '=', value: 'a' },
    { field: 'status.phase', operator: '!=', value: 'Running' },
  ]);
  assert.equal(selector.exact('metadata.name'), 'a');
  assert.ok(selector.matches({ 'metadata.name': 'a' }));
  assert.ok(!selector.matches({ 'metadata.name': 'a', 'status.phase': 'Running' }));
  assert.throws(() => parseFieldSelector('abc'), { message: "invalid selector: 'abc'; can't understand 'abc'" });
  assert.throws(() => parseFieldSelector('a=b=c'), {
    message: 'invalid field selector: unescaped character in value: 61',
  });
  assert.equal(parseFieldSelector('a==b').requirements[0]?.value, 'b');
});

test('a field selector escapes and unescapes', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom<'=' | '!='>('=', '!='), (value, operator) => {
      const requirement = { field: 'spec.x', operator: operator, value };
      assert.deepEqual(parseFieldSelector(fieldSelectorOf([requirement]).toString()).requirements, [requirement]);
    }),
  );
});
