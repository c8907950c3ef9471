import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageColumn, ageOf, formatLabels, joinOrNone, nameColumn } from './printing.ts';

test('cells as kubectl get shows them', () => {
  const metadata = { name: 'a', creationTimestamp: '2020-01-01T00:00:00Z' };
  const nowMs = Date.UTC(2020, 0, 1, 0, 5);
  assert.equal(nameColumn.cell({ metadata }, nowMs), 'a');
  assert.equal(ageColumn.cell({ metadata }, nowMs), '5m');
  assert.equal(ageOf(undefined, nowMs), '<unknown>');
  assert.equal(formatLabels({ b: '2', a: '1' }), 'a=1,b=2');
  assert.equal(formatLabels(undefined), '<none>');
  assert.equal(joinOrNone(['x', 'y']), 'x,y');
});
