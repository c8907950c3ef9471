import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { test } from 'node:test';
import { Pace } from './index.ts';

test('what comes when a turn is long goes on in later turns, in its order', async () => {
  const clock = { ms: 0, elapsed: () => clock.ms };
  const pace = new Pace({ clock, turnMs: 10 });
  const done: number[] = [];
  const work = async (number: number): Promise<void> => {
    const wait = pace.next();
    if (wait) await wait;
    done.push(number);
    clock.ms += 5;
  };
  const all = [1, 2, 3, 4, 5, 6].map(work);
  assert.deepEqual(done, [1, 2]);
  await nextTurn();
  await Promise.all(all);
  assert.deepEqual(done, [1, 2, 3, 4, 5, 6]);
});

test('a turn that is not long holds nobody, and neither does one that begins anew', async () => {
  const clock = { ms: 0, elapsed: () => clock.ms };
  const pace = new Pace({ clock, turnMs: 10 });
  assert.equal(pace.next(), undefined);
  clock.ms += 9;
  assert.equal(pace.next(), undefined);
  clock.ms += 1;
  const late = pace.next();
  assert.ok(late instanceof Promise);
  await late;
  await nextTurn();
  assert.equal(pace.next(), undefined);
});

test('who waits goes on only once what arrived meanwhile was heard', async () => {
  const clock = { ms: 0, elapsed: () => clock.ms };
  const pace = new Pace({ clock, turnMs: 1 });
  assert.equal(pace.next(), undefined);
  clock.ms += 1;
  const order: string[] = [];
  const heard = nextTurn().then(() => order.push('heard'));
  const first = pace.next()?.then(() => (order.push('first'), (clock.ms += 1)));
  const second = pace.next()?.then(() => order.push('second'));
  await Promise.all([heard, first, second]);
  assert.ok(order.indexOf('heard') < order.indexOf('second'));
});
