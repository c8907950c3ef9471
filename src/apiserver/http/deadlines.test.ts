import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '#base';
import { Deadlines } from './deadlines.ts';

test('whoever runs for too long is called back, each at its time, and nothing waits once the server has stopped', async () => {
  const clock = new VirtualClock();
  const startMs = clock.now();
  const stop = new AbortController();
  const late: string[] = [];
  const onLate = (one: string): void => void late.push(`${one} ${clock.now() - startMs}`);
  const deadlines = new Deadlines<string>({ clock, timeoutMs: 1000, stopped: stop.signal, onLate });
  deadlines.begin('slow');
  await clock.advance(300);
  deadlines.begin('quick');
  deadlines.begin('slower');
  deadlines.end('quick');
  await clock.advance(2000);
  assert.deepEqual(late, ['slow 1000', 'slower 1300']);
  assert.equal(clock.pendingTimers, 0);
  deadlines.begin('last');
  assert.equal(clock.pendingTimers, 1);
  stop.abort();
  assert.equal(clock.pendingTimers, 0, 'a stopped server holds no timer');
  deadlines.begin('too late');
  assert.equal(clock.pendingTimers, 0);
});
