import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { untilAborted } from './until-aborted.ts';

const never = new Promise<void>(() => {});

test('work that ends before the abort is waited for, and its failure is told', async () => {
  const { signal } = new AbortController();
  let done = false;
  await untilAborted(
    Promise.resolve().then(() => (done = true)),
    signal,
  );
  assert.ok(done);
  await assert.rejects(untilAborted(Promise.reject(new Error('no')), signal), /no/);
});

test('an abort ends the wait, also one that came before it', async () => {
  const stop = new AbortController();
  const waiting = untilAborted(never, stop.signal);
  stop.abort();
  await waiting;
  await untilAborted(never, stop.signal);
});

test('a wait leaves nothing behind on the signal', async () => {
  const { signal } = new AbortController();
  const waiting = untilAborted(Promise.resolve(), signal);
  assert.equal(getEventListeners(signal, 'abort').length, 1);
  await waiting;
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});
