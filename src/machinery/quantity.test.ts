import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Quantity } from './quantity.ts';

const canonical: [string, string][] = [
  ['0', '0'],
  ['0n', '0'],
  ['0Mi', '0'],
  ['.', '0'],
  ['1', '1'],
  ['100m', '100m'],
  ['1000m', '1'],
  ['0.1', '100m'],
  ['.5', '500m'],
  ['1.5', '1500m'],
  ['1500m', '1500m'],
  ['1000', '1k'],
  ['1000000', '1M'],
  ['1.5Gi', '1536Mi'],
  ['1024Ki', '1Mi'],
  ['1Ki', '1Ki'],
  ['1024', '1024'],
  ['0.5Ki', '512'],
  ['0.00001Ki', '10240u'],
  ['1.1Ki', '1126400m'],
  ['2Ei', '2Ei'],
  ['100Ei', '9223372036854775807'],
  ['12e6', '12e6'],
  ['12000e3', '12e6'],
  ['1e1', '10'],
  ['1e-10', '1e-9'],
  ['0.1n', '1n'],
  ['-0.1n', '-1n'],
  ['-1.5', '-1500m'],
  ['1E', '1E'],
  ['010', '10'],
];

test('a quantity is written in its canonical form', () => {
  for (const [text, want] of canonical) assert.equal(Quantity.parse(text).add(Quantity.zero).toString(), want, text);
});

test('what upstream takes for canonical keeps its spelling', () => {
  for (const text of ['100Ki', '1.123', '+5', '1E3']) assert.equal(Quantity.parse(text).toString(), text);
});

test('what is no quantity is told in upstream words', () => {
  for (const text of ['', 'abc', '1..2', '1 ', '1Mi2x', 'Ma']) {
    assert.throws(
      () => Quantity.parse(text),
      { name: 'RangeError', message: /^quantities must match the regular/ },
      text,
    );
  }
  assert.throws(() => Quantity.parse('1iM'), { message: "unable to parse quantity's suffix" });
  assert.throws(() => Quantity.parse('1e999999999'), RangeError);
});

test('values round away from zero', () => {
  assert.equal(Quantity.parse('1.1').value(), 2);
  assert.equal(Quantity.parse('-1.1').value(), -2);
  assert.equal(Quantity.parse('100m').milliValue(), 100);
  assert.equal(Quantity.parse('1u').milliValue(), 1);
  assert.equal(Quantity.parse('1Gi').value(), 2 ** 30);
});

test('a sum has the format of its first term, unless that is zero', () => {
  assert.equal(Quantity.parse('1Gi').add(Quantity.parse('1Gi')).toString(), '2Gi');
  assert.equal(Quantity.zero.add(Quantity.parse('1Gi')).toString(), '1Gi');
  assert.equal(Quantity.parse('1').sub(Quantity.parse('100m')).toString(), '900m');
});

const suffix = fc.constantFrom('n', 'u', 'm', '', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'e3', 'e-2');
const quantity = fc
  .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.option(fc.nat(9999)), suffix)
  .map(([whole, fraction, unit]) => Quantity.parse(`${whole}${fraction === null ? '' : `.${fraction}`}${unit}`));

test('writing and reading leaves the amount and settles the text', () => {
  fc.assert(
    fc.property(quantity, (one) => {
      const again = Quantity.parse(one.toString());
      assert.equal(again.compare(one), 0);
      assert.equal(again.toString(), one.toString());
    }),
  );
});

test('addition is exact and undone by subtraction', () => {
  fc.assert(
    fc.property(quantity, quantity, (a, b) => {
      assert.equal(a.add(b).compare(b.add(a)), 0);
      assert.equal(a.add(b).sub(b).compare(a), 0);
      assert.equal(a.sub(b).compare(b.sub(a).neg()), 0);
    }),
  );
});
