import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandStrictly, expandWith } from './expand.ts';

const variables = new Map([
  ['A', '1'],
  ['B', 'two'],
  ['EMPTY', ''],
]);

const cases: [string, string][] = [
  ['', ''],
  ['plain', 'plain'],
  ['$(A)', '1'],
  ['x-$(A)-$(B)', 'x-1-two'],
  ['$(EMPTY)!', '!'],
  ['$(UNKNOWN)', '$(UNKNOWN)'],
  ['$$(A)', '$(A)'],
  ['$$$(A)', '$1'],
  ['$$$$(A)', '$$(A)'],
  ['$A', '$A'],
  ['$', '$'],
  ['a$', 'a$'],
  ['$(A', '$(A'],
  ['$((A))', '$((A))'],
  ['$()', '$()'],
];

test('references are replaced, escapes honoured, the unknown left alone', () => {
  for (const [text, wanted] of cases) assert.equal(expandWith(text, variables), wanted, text);
});

test('a strict expansion names the missing variable', () => {
  assert.equal(expandStrictly('$(A)/x', variables), '1/x');
  assert.throws(() => expandStrictly('$(NOPE)/x', variables), /missing value for "NOPE"/);
});
