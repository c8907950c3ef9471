import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AsyncQueue } from './async-queue.ts';

test('items come out in order, also those pushed while the consumer waits', async () => {
  const queue = new AsyncQueue<number>();
  queue.push(1);
  const seen: number[] = [];
  const consumer = (async () => {
    for await (const item of queue) seen.push(item);
  })();
  await Promise.resolve();
  queue.push(2);
  queue.push(3);
  queue.close();
  queue.push(4);
  await consumer;
  assert.deepEqual(seen, [1, 2, 3]);
});

test('an error ends the iteration after the items before it', async () => {
  const queue = new AsyncQueue<number>();
  queue.push(1);
  queue.close(new Error('gone'));
  const seen: number[] = [];
  await assert.rejects(async () => {
    for await (const item of queue) seen.push(item);
  }, /gone/);
  assert.deepEqual(seen, [1]);
});

test('a consumer that leaves closes the queue', async () => {
  const queue = new AsyncQueue<number>();
  for (let n = 0; n < 5000; n++) queue.push(n);
  let last = -1;
  for await (const item of queue) {
    last = item;
    if (item === 3000) break;
  }
  assert.equal(last, 3000);
  assert.equal(queue.closed, true);
  assert.equal(queue.size, 0);
});
