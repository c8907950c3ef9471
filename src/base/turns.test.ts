import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns } from './turns.ts';

test('one piece of work goes on in each turn of the event loop, in the order in which they came', async () => {
  const turns = new Turns();
  const log: string[] = [];
  const work = async (name: string): Promise<void> => {
    for (let piece = 1; piece <= 2; piece++) {
      await turns.next();
      log.push(`${name}${piece}`);
    }
  };
  const all = Promise.all([work('a'), work('b'), work('c')]);
  let most = 0;
  for (let done = 0; done < 6;) {
    await new Promise(setImmediate);
    most = Math.max(most, log.length - done);
    done = log.length;
  }
  await all;
  assert.deepEqual(log, ['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
  assert.equal(most, 1);
});
