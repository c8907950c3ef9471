import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { VirtualClock } from '#base';
import { isStatusError } from '#machinery';
import type { ListOptions, RequestContext, WatchItem } from './rest.ts';
import { openStoreHarness, type StoreHarness, type TestWidget } from './testing/store-harness.ts';

interface Seen {
  items: WatchItem[];
  /** Resolves when so many events have come. */
  count(wanted: number): Promise<WatchItem[]>;
  stop(): Promise<void>;
}

/** Reads a watch in the background. */
function follow({ rest, context }: StoreHarness, ns: string, options: ListOptions): Seen {
  const stop = new AbortController();
  const mine: RequestContext = { ...context, signal: AbortSignal.any([context.signal, stop.signal]) };
  const items: WatchItem[] = [];
  let wake = (): void => {};
  const reading = (async () => {
    for await (const item of rest.watch(mine, ns, options)) {
      items.push(item);
      wake();
    }
  })();
  reading.catch(() => wake());
  return {
    items,
    async count(wanted) {
      while (items.length < wanted) await Promise.race([new Promise<void>((resolve) => (wake = resolve)), reading]);
      return items;
    },
    async stop() {
      stop.abort();
      await reading;
    },
  };
}

const shown = (items: WatchItem[]): string[] =>
  items.map(({ type, stored }) => `${type} ${stored.object.metadata.name}`);

test('a watch begins with what is there and goes on with what happens', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  await rest.create(context, 'a', { metadata: { name: 'one' } });
  const seen = follow(harness, 'a', {});
  await seen.count(1);
  await rest.create(context, 'b', { metadata: { name: 'elsewhere' } });
  const { stored } = await rest.update(context, 'a', 'one', { metadata: { name: 'one' }, spec: { size: 1 } });
  const last = await rest.delete(context, 'a', 'one');
  await seen.count(3);
  await seen.stop();
  assert.deepEqual(shown(seen.items), ['ADDED one', 'MODIFIED one', 'DELETED one']);
  // The writer's answer and the watcher's event are one object.
  assert.equal(seen.items[1]?.stored, stored);
  assert.equal(seen.items[2]?.stored.resourceVersion, last.stored.resourceVersion);
  assert.ok(last.stored.resourceVersion > stored.resourceVersion);
});

test('from a revision on, a watch tells what came later, also from before the cache began', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  const { resourceVersion } = await rest.create(context, 'a', { metadata: { name: 'one' } });
  await rest.create(context, 'a', { metadata: { name: 'two' } });
  const seen = follow(harness, 'a', { resourceVersion: String(resourceVersion) });
  await seen.count(1);
  await rest.create(context, 'a', { metadata: { name: 'three' } });
  await seen.count(2);
  await seen.stop();
  assert.deepEqual(shown(seen.items), ['ADDED two', 'ADDED three']);
});

test('an object that enters or leaves a selector is added or deleted for the watcher', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  const seen = follow(harness, 'a', { labelSelector: 'on=yes', fieldSelector: 'spec.color!=red' });
  const put = (labels: Record<string, string>, color: string, size = 0): Promise<unknown> =>
    rest.update(context, 'a', 'one', { metadata: { name: 'one', labels }, spec: { color, ...(size && { size }) } });
  await rest.create(context, 'a', { metadata: { name: 'one' } });
  await put({ on: 'yes' }, 'blue');
  await put({ on: 'yes' }, 'blue', 2);
  await put({ on: 'yes' }, 'red');
  await put({ on: 'no' }, 'red');
  await put({ on: 'yes' }, 'blue');
  await rest.delete(context, 'a', 'one');
  await seen.count(5);
  await seen.stop();
  assert.deepEqual(shown(seen.items), ['ADDED one', 'MODIFIED one', 'DELETED one', 'ADDED one', 'DELETED one']);
  const left = seen.items[2]?.stored;
  // The last state that the watcher may see, under the revision of the change that took it away.
  assert.equal((left?.object as TestWidget | undefined)?.spec.color, 'blue');
  assert.equal(left?.object.metadata.resourceVersion, String(left?.resourceVersion));
});

test('streamed initial events end with a bookmark that says so', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  await rest.create(context, 'a', { metadata: { name: 'one' } });
  const options = { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan', allowWatchBookmarks: true };
  const seen = follow(harness, '', options);
  const [added, bookmark] = await seen.count(2);
  await seen.stop();
  assert.equal(added?.type, 'ADDED');
  assert.equal(bookmark?.type, 'BOOKMARK');
  assert.deepEqual(bookmark?.stored.object.metadata.annotations, { 'k8s.io/initial-events-end': 'true' });
  assert.ok((bookmark?.stored.resourceVersion ?? 0) >= (added?.stored.resourceVersion ?? 0));
});

test('bookmarks carry a quiet watcher along', async () => {
  const clock = new VirtualClock();
  await using harness = await openStoreHarness({ clock });
  const { store } = harness;
  const seen = follow(harness, 'a', { allowWatchBookmarks: true });
  const plain = follow(harness, 'a', {});
  await harness.rest.create(harness.context, 'a', { metadata: { name: 'one' } });
  await seen.count(1);
  await plain.count(1);
  const { header } = await store.put({ key: Buffer.from('/registry/others/x'), value: Buffer.from('{}') });
  while (seen.items.length < 2) await clock.advance(60_000);
  assert.equal(seen.items[1]?.type, 'BOOKMARK');
  assert.ok((seen.items[1]?.stored.resourceVersion ?? 0) >= header.revision);
  assert.equal(plain.items.length, 1);
  await seen.stop();
  await plain.stop();
});

test('a watch ends when its time is over', async () => {
  const clock = new VirtualClock();
  await using harness = await openStoreHarness({ clock });
  const { rest, context } = harness;
  await rest.create(context, 'a', { metadata: { name: 'one' } });
  const iterator = rest.watch(context, 'a', { timeoutSeconds: 10 })[Symbol.asyncIterator]();
  assert.equal((await iterator.next()).value?.type, 'ADDED');
  const end = iterator.next();
  await clock.advance(10_000);
  assert.equal((await end).done, true);
});

test('a revision that was compacted away is gone', async () => {
  await using harness = await openStoreHarness();
  const { rest, context, store } = harness;
  const { resourceVersion: old } = await rest.create(context, 'a', { metadata: { name: 'one' } });
  // More changes than the cache remembers.
  for (let at = 0; at < 4_200; at += 100) {
    const sizes = Array.from({ length: 100 }, (_, size) => at + size + 1);
    const puts = sizes.map((size) => ({ put: { key: Buffer.from('/registry/widgets/a/one'), value: valueOf(size) } }));
    await Promise.all(puts.map((put) => store.txn({ compare: [], success: [put], failure: [] })));
  }
  const { resourceVersion } = await rest
    .update(context, 'a', 'one', { metadata: { name: 'one' } })
    .then(({ stored }) => stored);
  await rest.list(context, 'a', {});
  const seen = follow(harness, 'a', { resourceVersion: String(old) });
  await seen.count(resourceVersion - old);
  await seen.stop();
  const revisions = seen.items.map(({ stored }) => stored.resourceVersion);
  assert.deepEqual(
    revisions,
    Array.from({ length: resourceVersion - old }, (_, at) => old + 1 + at),
  );

  await store.compact({ revision: resourceVersion });
  await assert.rejects(
    async () => {
      for await (const _ of rest.watch(context, 'a', { resourceVersion: String(old) }))
        assert.fail('nothing is to come');
    },
    (error) => {
      assert.ok(isStatusError(error, 'Expired'), String(error));
      assert.match(error.message, new RegExp(`^too old resource version: ${old} \\(\\d+\\)$`));
      return true;
    },
  );
});

function valueOf(size: number): Buffer {
  const metadata = { name: 'one', namespace: 'a', uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z', generation: 1 };
  return Buffer.from(
    JSON.stringify({ apiVersion: 'test.k8s.io/v1', kind: 'Widget', metadata, spec: { size }, status: {} }),
  );
}

test('under concurrent writers every watcher sees every change once, in order, from wherever it starts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(4), fc.constantFrom('put', 'delete'), fc.nat(3)), { minLength: 20, maxLength: 60 }),
      fc.array(fc.nat(59), { minLength: 1, maxLength: 4 }),
      async (writes, starts) => {
        await using harness = await openStoreHarness();
        const { rest, context } = harness;
        const watchers: { seen: Seen; state: Map<string, number>; from: number }[] = [];
        const running: Promise<unknown>[] = [];
        for (const [at, [name, kind, size]] of writes.entries()) {
          if (starts.includes(at)) watchers.push(await startWatcher(harness));
          running.push(write(harness, `w${name}`, kind, size));
          if (at % 5 === 0) await Promise.all(running.splice(0));
        }
        await Promise.all(running);
        const final = await rest.list(context, 'a', {});
        const marker = await rest.create(context, 'a', { metadata: { name: 'marker' } });
        for (const { seen, state, from } of watchers) {
          while (seen.items.at(-1)?.stored.resourceVersion !== marker.resourceVersion)
            await seen.count(seen.items.length + 1);
          await seen.stop();
          let last = from;
          for (const { type, stored } of seen.items.slice(0, -1)) {
            assert.ok(stored.resourceVersion > last, 'revisions rise');
            last = stored.resourceVersion;
            const name = stored.object.metadata.name ?? '';
            assert.equal(state.has(name), type !== 'ADDED', `${type} ${name}`);
            if (type === 'DELETED') state.delete(name);
            else state.set(name, stored.resourceVersion);
          }
          const listed = final.items.map(
            ({ object, resourceVersion }) => [object.metadata.name, resourceVersion] as const,
          );
          assert.deepEqual(state, new Map(listed));
        }
      },
    ),
    { numRuns: 15, seed: 42 },
  );
});

/** Lists, then watches from there, as an informer does. */
async function startWatcher(harness: StoreHarness): Promise<{ seen: Seen; state: Map<string, number>; from: number }> {
  const { items, resourceVersion } = await harness.rest.list(harness.context, 'a', {});
  const state = new Map(items.map((one) => [one.object.metadata.name ?? '', one.resourceVersion]));
  return { seen: follow(harness, 'a', { resourceVersion }), state, from: Number(resourceVersion) };
}

async function write({ rest, context }: StoreHarness, name: string, kind: string, size: number): Promise<void> {
  try {
    if (kind === 'delete') await rest.delete(context, 'a', name);
    else {
      const body = { metadata: { name }, spec: { size } };
      await rest.create(context, 'a', body).catch(() => rest.update(context, 'a', name, body));
    }
  } catch (error) {
    if (!isStatusError(error, 'NotFound')) throw error;
  }
}
