import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { test } from 'node:test';
import { Outgoing } from './outgoing.ts';

const frameBytes = 1000;

/** What has reached the socket, by the number of each frame. */
function socketOf(received: number[][]): Writable {
  const write = (chunk: Buffer, _: unknown, done: () => void): void => {
    received.push(Array.from({ length: chunk.length / frameBytes }, (_, at) => chunk[at * frameBytes] ?? -1));
    done();
  };
  return new Writable({ highWaterMark: 2 ** 30, write });
}

test('of much that is written in one turn the first part leaves at once, and the rest together', async () => {
  const received: number[][] = [];
  const outgoing = new Outgoing(socketOf(received), () => {});
  const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);
  for (const n of numbers(0, 100)) outgoing.write(Buffer.alloc(frameBytes, n));
  assert.deepEqual(received, [], 'little waits for the end of the turn');
  for (const n of numbers(100, 250)) outgoing.write(Buffer.alloc(frameBytes, n));
  const [first = []] = received;
  assert.ok(first.length >= 100 && first.length < 250, `${first.length} have left`);
  await nextTurn();
  assert.deepEqual(received, [first, numbers(first.length, 250)]);
  for (const n of numbers(0, 200)) outgoing.write(Buffer.alloc(frameBytes, n));
  assert.equal(received.length, 3, 'so it is in every turn');
  await nextTurn();
  assert.deepEqual(received.slice(2).flat(), numbers(0, 200));
});
