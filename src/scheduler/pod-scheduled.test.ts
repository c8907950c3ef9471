import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortened } from './pod-scheduled.ts';

test('a message is cut to what an event carries, and never within a character', () => {
  assert.equal(shortened('short'), 'short');
  assert.equal(shortened('x'.repeat(1024)), 'x'.repeat(1024));
  assert.equal(shortened('x'.repeat(1025)), `${'x'.repeat(1020)} ...`);
  const wide = shortened('x' + 'ä'.repeat(600));
  assert.equal(wide, `x${'ä'.repeat(509)} ...`);
});
