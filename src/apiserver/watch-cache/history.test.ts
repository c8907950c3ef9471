import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CacheEvent } from './cache-event.ts';
import { History } from './history.ts';

const at = (revision: number): CacheEvent =>
  new CacheEvent({ revision, key: 'x', current: undefined, previous: undefined });

test('history tells what came after a revision, or that it has forgotten', () => {
  const history = new History(10, 4);
  assert.deepEqual(history.since(10), []);
  assert.equal(history.since(9), undefined);
  for (const revision of [11, 13, 13, 20]) history.add(at(revision));
  assert.deepEqual(
    history.since(10)?.map(({ revision }) => revision),
    [11, 13, 13, 20],
  );
  assert.deepEqual(
    history.since(12)?.map(({ revision }) => revision),
    [13, 13, 20],
  );
  assert.deepEqual(
    history.since(13)?.map(({ revision }) => revision),
    [20],
  );
  assert.deepEqual(history.since(25), []);
  for (let revision = 21; revision <= 40; revision++) history.add(at(revision));
  assert.equal(history.since(20), undefined);
  const [first] = history.since(36) ?? [];
  assert.equal(first?.revision, 37);
});
