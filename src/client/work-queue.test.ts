import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger, VirtualClock } from '#base';
import { Controller } from './controller.ts';
import { WorkQueue } from './work-queue.ts';

test('a key waits once, in the order of its first arrival', async () => {
  const queue = new WorkQueue({ clock: new VirtualClock() });
  for (const key of ['a', 'b', 'a']) queue.add(key);
  assert.equal(queue.size, 2);
  assert.equal(await queue.take(), 'a');
  assert.equal(await queue.take(), 'b');
});

test('a key added while it is worked on comes back after it is done, once', async () => {
  const queue = new WorkQueue({ clock: new VirtualClock() });
  queue.add('a');
  await queue.take();
  queue.add('a');
  queue.add('a');
  assert.equal(queue.size, 0);
  queue.done('a');
  assert.equal(queue.size, 1);
});

test('a worker that waits gets the next key', async () => {
  const queue = new WorkQueue({ clock: new VirtualClock() });
  const waiting = queue.take();
  queue.add('a');
  assert.equal(await waiting, 'a');
});

test('of several delays the shortest counts', async () => {
  const clock = new VirtualClock();
  const queue = new WorkQueue({ clock });
  queue.addAfter('a', 1000);
  queue.addAfter('a', 10);
  queue.addAfter('a', 500);
  await clock.advance(9);
  assert.equal(queue.size, 0);
  await clock.advance(1);
  assert.equal(queue.size, 1);
  assert.equal(clock.pendingTimers, 0);
});

test('failures wait 5 ms, then twice as long each time, up to 1000 s', async () => {
  const clock = new VirtualClock();
  const queue = new WorkQueue({ clock });
  const delays: number[] = [];
  for (let failures = 0; failures < 20; failures++) {
    const before = clock.now();
    queue.addRateLimited('a');
    const taking = queue.take();
    let step = 1;
    while (queue.size === 0 && clock.pendingTimers > 0) {
      await clock.advance(step);
      step = Math.min(step * 2, 1000);
    }
    queue.done((await taking) ?? '');
    delays.push(clock.now() - before);
  }
  assert.ok(delays[0]! >= 5 && delays[0]! < 10);
  assert.ok(delays[6]! >= 320);
  assert.ok(delays[19]! >= 1_000_000 && delays[19]! < 1_002_000);
  assert.equal(queue.retries('a'), 20);
  queue.forget('a');
  assert.equal(queue.retries('a'), 0);
});

test('a shut queue releases its workers', async () => {
  const queue = new WorkQueue({ clock: new VirtualClock() });
  const waiting = queue.take();
  queue.addAfter('later', 10);
  queue.shutDown();
  queue.add('a');
  assert.equal(await waiting, undefined);
  assert.equal(await queue.take(), undefined);
});

test('a controller reconciles a key on one worker at a time and tries again what failed', async () => {
  const clock = new VirtualClock();
  const stop = new AbortController();
  let atOnce = 0;
  let tries = 0;
  const controller = new Controller({
    name: 'test',
    clock,
    log: silentLogger,
    reconcile: async (key) => {
      assert.equal(++atOnce, 1, key);
      await clock.sleep(10);
      atOnce--;
      if (++tries < 3) throw new Error('not yet');
    },
  });
  const running = controller.run(stop.signal);
  controller.queue.add('a');
  await clock.advance(5);
  controller.queue.add('a');
  await clock.advance(100);
  assert.ok(tries >= 3);
  assert.equal(controller.queue.retries('a'), 0);
  stop.abort();
  await running;
});
