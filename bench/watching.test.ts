import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Watching } from './watching.ts';

function watchers(watching: Watching, count: number): { told: (events: number) => void; fail: (why: Error) => void }[] {
  return Array.from({ length: count }, () => {
    const { promise: ended, reject: fail } = Promise.withResolvers<void>();
    let hears: (events: number) => void = () => {};
    watching.add((told) => {
      hears = told;
      return { ended, cancel: () => fail(new Error('called off')) };
    });
    return { told: (events) => hears(events), fail };
  });
}

test('an event has arrived when the last of the watchers has it', async () => {
  const watching = new Watching(2);
  const [first, second] = watchers(watching, 2);
  const order: string[] = [];
  const both = watching.reached(2).then(() => order.push('reached'));
  first?.told(3);
  second?.told(1);
  await Promise.resolve();
  order.push('the second has one');
  second?.told(1);
  await both;
  assert.deepEqual(order, ['the second has one', 'reached']);
  await watching.reached(1);
});

test('who waits hears of a watch that breaks off, but not of one that was called off', async () => {
  const watching = new Watching(1);
  const [watcher] = watchers(watching, 1);
  const waiting = watching.reached(1);
  watcher?.fail(new Error('gone'));
  await assert.rejects(waiting, /gone/);
  const stopped = new Watching(1);
  const [told] = watchers(stopped, 1);
  stopped.stop();
  told?.told(1);
  await stopped.reached(1);
});
