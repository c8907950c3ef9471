import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { seededRandom, silentLogger, systemClock } from '#base';
import { ServedMember } from '../server/testing/served-member.ts';
import { Endpoints } from './endpoints.ts';

test('who waits for a member leaves nothing at the signal', async () => {
  await using served = await ServedMember.start();
  const stop = new AbortController();
  const endpoints = new Endpoints({
    endpoints: [`unix://${served.socketPath}`],
    clock: systemClock,
    random: seededRandom(1),
    log: silentLogger,
  });
  const before = getEventListeners(stop.signal, 'abort').length;
  const waiting = Array.from({ length: 20 }, () => endpoints.available(stop.signal));
  assert.equal(getEventListeners(stop.signal, 'abort').length, before + 20);
  for (const endpoint of await Promise.all(waiting)) assert.ok(endpoint);
  assert.equal(getEventListeners(stop.signal, 'abort').length, before);
  await endpoints.close();
});
