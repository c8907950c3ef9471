import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock, type Clock } from './clock.ts';
import { VirtualClock } from './virtual-clock.ts';

test('a virtual clock fires timers in the order of their times and shows each its own time', async () => {
  const clock = new VirtualClock(1000);
  const fired: [string, number][] = [];
  clock.timer(20, () => fired.push(['late', clock.now()]));
  clock.timer(10, () => {
    fired.push(['early', clock.now()]);
    clock.timer(5, () => fired.push(['nested', clock.now()]));
  });
  clock.timer(30, () => fired.push(['never', 0])).cancel();
  await clock.advance(25);
  assert.deepEqual(fired, [
    ['early', 1010],
    ['nested', 1015],
    ['late', 1020],
  ]);
  assert.equal(clock.now(), 1025);
  assert.equal(clock.pendingTimers, 0);
});

for (const [name, clock] of Object.entries<Clock>({ system: systemClock, virtual: new VirtualClock() })) {
  test(`a sleep on the ${name} clock ends with the reason of its signal`, async () => {
    const stop = new AbortController();
    const sleeping = clock.sleep(1_000_000, stop.signal);
    stop.abort(new Error('enough'));
    await assert.rejects(sleeping, /enough/);
    await assert.rejects(clock.sleep(1, stop.signal), /enough/);
  });
}

test('the time of day may jump; what has passed and what is due do not', async () => {
  const clock = new VirtualClock();
  const [before, startMs] = [clock.now(), clock.elapsed()];
  let fired = 0;
  clock.timer(1000, () => fired++);
  clock.jump(3_600_000);
  assert.equal(clock.now() - before, 3_600_000);
  assert.equal(clock.elapsed(), startMs);
  await clock.advance(999);
  assert.equal(fired, 0);
  clock.jump(-7_200_000);
  await clock.advance(1);
  assert.equal(fired, 1);
  assert.equal(clock.elapsed() - startMs, 1000);
});
