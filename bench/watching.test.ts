import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fanOut } from './fan-out.ts';
import { WatchEndedError, Watching } from './watching.ts';

interface Watcher {
  told: (events: number) => void;
  fail: (why: Error) => void;
  end: (status: number) => void;
}

function watchers(watching: Watching, count: number): Watcher[] {
  return Array.from({ length: count }, () => {
    const { promise: ended, reject: fail, resolve: end } = Promise.withResolvers<number>();
    let hears: (events: number) => void = () => {};
    watching.add((told) => {
      hears = told;
      return { ended, cancel: () => fail(new Error('called off')) };
    });
    return { told: (events) => hears(events), fail, end };
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

test('a watch that the server ends while changes are made fails their measurement, and nothing else', async () => {
  const watching = new Watching(1);
  const [watcher] = watchers(watching, 1);
  const write = async (event: number): Promise<void> => (event < 3 ? watcher?.told(1) : watcher?.end(200));
  const { signal } = new AbortController();
  await assert.rejects(fanOut({ watching, before: 0, events: 5, write, signal }), WatchEndedError);
});

test('each change is timed until the last watcher has it', async () => {
  const watching = new Watching(2);
  const both = watchers(watching, 2);
  for (const { told } of both) told(7); // what lay there when they began
  const write = async (): Promise<void> => both.forEach(({ told }) => told(1));
  const { signal } = new AbortController();
  assert.equal((await fanOut({ watching, before: 7, events: 3, write, signal })).length, 3);
});
