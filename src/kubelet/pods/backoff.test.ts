import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '#base';
import { Backoff } from './backoff.ts';

test('a delay doubles up to its longest, counts from the event, and is forgotten after ten quiet minutes', async () => {
  const clock = new VirtualClock();
  const backoff = new Backoff({ clock });
  assert.equal(backoff.remainingSince('a', clock.now()), 0);
  const delays: number[] = [];
  for (let crash = 0; crash < 7; crash++) {
    backoff.next('a', clock.now());
    const left = backoff.remainingSince('a', clock.now());
    delays.push(left / 1000);
    await clock.advance(left);
    assert.equal(backoff.remaining('a'), 0);
  }
  assert.deepEqual(delays, [10, 20, 40, 80, 160, 300, 300]);
  assert.equal(backoff.delayOf('a'), 300_000);
  await clock.advance(600_001);
  backoff.next('a', clock.now());
  assert.equal(backoff.delayOf('a'), 10_000);
  backoff.forget('a');
  assert.equal(backoff.delayOf('a'), 0);
});
