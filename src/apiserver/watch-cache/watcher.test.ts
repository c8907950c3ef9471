import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '#machinery';
import type { WatchItem } from '../registry/rest.ts';
import { CacheEvent } from './cache-event.ts';
import { StoredObject } from './stored.ts';
import { Watcher } from './watcher.ts';
import { Watchers } from './watchers.ts';

const objectOf = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name, namespace: 'a' },
});

const added = (key: string, revision: number): CacheEvent => {
  const current = new StoredObject(revision, undefined, objectOf(key.split('/')[1] ?? ''));
  return new CacheEvent({ revision, key, current, previous: undefined });
};

const watcherOf = (scope: { prefix: string } | { key: string }, after = 0): Watcher =>
  new Watcher({ scope, matches: () => true, after, wantsBookmarks: false });

async function drain(watcher: Watcher): Promise<WatchItem[]> {
  watcher.close();
  return Array.fromAsync(watcher.items);
}

test('a change reaches those who look at it, each in its own scope', async () => {
  const watchers = new Watchers();
  const scopes = [{ prefix: '' }, { prefix: 'a/' }, { prefix: 'b/' }, { key: 'a/one' }, { key: 'a/two' }];
  const all = scopes.map((scope) => watcherOf(scope));
  for (const watcher of all) watchers.add(watcher);
  watchers.tell(added('a/one', 1));
  const seen = await Promise.all(all.map(async (watcher) => (await drain(watcher)).length));
  assert.deepEqual(seen, [1, 1, 0, 1, 0]);
});

test('all watchers of a change are given the same item', async () => {
  const event = added('a/one', 1);
  const [first, second] = [watcherOf({ prefix: '' }), watcherOf({ key: 'a/one' })];
  for (const watcher of [first, second]) watcher.tell(event);
  assert.equal((await drain(first))[0], (await drain(second))[0]);
});

test('a watcher that does not read is cut off, and the others hear on', async () => {
  const watchers = new Watchers();
  const [slow, quick] = [watcherOf({ prefix: '' }), watcherOf({ prefix: '' })];
  watchers.add(slow);
  watchers.add(quick);
  const count = 10_500;
  const reading = (async () => {
    const revisions: number[] = [];
    for await (const { stored } of quick.items) if (revisions.push(stored.resourceVersion) === count) break;
    return revisions;
  })();
  for (let revision = 1; revision <= count; revision++) {
    watchers.tell(added('a/one', revision));
    if (revision % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(
    await reading,
    Array.from({ length: count }, (_, at) => at + 1),
  );
  // What it has is without a gap; it comes back with the last revision.
  const kept = await Array.fromAsync(slow.items);
  assert.ok(kept.length < count);
  assert.deepEqual(
    kept.map(({ stored }) => stored.resourceVersion),
    Array.from({ length: kept.length }, (_, at) => at + 1),
  );
});
