import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStatusError } from '#machinery';
import type { ListResult } from './rest.ts';
import { openStoreHarness, type StoreHarness } from './testing/store-harness.ts';

const names = ({ items }: ListResult): string[] => items.map(({ object }) => object.metadata.name ?? '');

async function fill({ rest, context }: StoreHarness, ns: string, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, at) => at);
  await Promise.all(
    numbers.map((at) =>
      rest.create(context, ns, {
        metadata: { name: `w${String(at).padStart(3, '0')}`, labels: { parity: at % 2 === 0 ? 'even' : 'odd' } },
        spec: { color: at < 2 ? 'red' : 'blue' },
      }),
    ),
  );
}

test('a list shows everything that was acknowledged before it began', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  for (let at = 0; at < 30; at++) {
    const { resourceVersion } = await rest.create(context, 'a', { metadata: { name: `w${at}` } });
    const result = await rest.list(context, 'a', {});
    assert.equal(result.items.length, at + 1);
    assert.ok(Number(result.resourceVersion) >= resourceVersion);
  }
});

test('pages show one state, whatever is written between them', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  await fill(harness, 'a', 25);
  await fill(harness, 'a-b', 3);
  const first = await rest.list(context, '', { limit: 10 });
  assert.equal(first.remainingItemCount, 18);
  await rest.delete(context, 'a', 'w020');
  await rest.create(context, 'a', { metadata: { name: 'w0105' } });
  const second = await rest.list(context, '', { limit: 10, continue: first.continue ?? '' });
  assert.equal(second.resourceVersion, first.resourceVersion);
  const third = await rest.list(context, '', { limit: 10, continue: second.continue ?? '' });
  assert.equal(third.continue, undefined);
  const all = [...first.items, ...second.items, ...third.items].map(
    ({ object: { metadata } }) => `${metadata.namespace}/${metadata.name}`,
  );
  assert.equal(all.length, 28);
  assert.ok(all.includes('a/w020'));
  assert.ok(!all.includes('a/w0105'));
  // The order is the store's, by bytes of the whole key.
  assert.equal(all[0], 'a-b/w000');
});

test('a page of a namespace goes on in that namespace', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  await fill(harness, 'a', 5);
  const first = await rest.list(context, 'a', { limit: 3 });
  const token: unknown = JSON.parse(Buffer.from(first.continue ?? '', 'base64url').toString());
  assert.deepEqual(token, { v: 'meta.k8s.io/v1', rv: Number(first.resourceVersion), start: 'w002\u0000' });
  const second = await rest.list(context, 'a', { limit: 3, continue: first.continue ?? '' });
  assert.deepEqual([...names(first), ...names(second)], ['w000', 'w001', 'w002', 'w003', 'w004']);
});

test('selectors choose by labels and fields, also page by page', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  await fill(harness, 'a', 6);
  assert.deepEqual(names(await rest.list(context, 'a', { labelSelector: 'parity=odd' })), ['w001', 'w003', 'w005']);
  assert.deepEqual(names(await rest.list(context, '', { fieldSelector: 'spec.color=red' })), ['w000', 'w001']);
  assert.deepEqual(names(await rest.list(context, 'a', { fieldSelector: 'metadata.name=w003' })), ['w003']);
  const first = await rest.list(context, 'a', { labelSelector: 'parity=odd', limit: 2 });
  assert.equal(first.remainingItemCount, undefined);
  const second = await rest.list(context, 'a', { labelSelector: 'parity=odd', continue: first.continue ?? '' });
  assert.deepEqual([...names(first), ...names(second)], ['w001', 'w003', 'w005']);
  await assert.rejects(rest.list(context, 'a', { fieldSelector: 'spec.size=1' }), {
    message: 'field label not supported: spec.size',
  });
});

test('a token whose state was compacted away is told how to go on', async () => {
  await using harness = await openStoreHarness();
  const { rest, context, store } = harness;
  await fill(harness, 'a', 5);
  const first = await rest.list(context, 'a', { limit: 2 });
  // Another server, or this one after a restart, has not kept the snapshot.
  rest.parts.snapshots.clear();
  const again = await rest.list(context, 'a', { limit: 2, continue: first.continue ?? '' });
  assert.deepEqual(names(again), ['w002', 'w003']);
  rest.parts.snapshots.clear();
  const { resourceVersion } = await rest.create(context, 'a', { metadata: { name: 'w0025' } });
  await store.compact({ revision: resourceVersion });
  let token = '';
  await assert.rejects(rest.list(context, 'a', { limit: 2, continue: first.continue ?? '' }), (error) => {
    assert.ok(isStatusError(error, 'Expired'));
    assert.equal(error.code, 410);
    assert.match(error.message, /^The provided continue parameter is too old to display a consistent list result/);
    token = error.status.metadata.continue ?? '';
    return true;
  });
  assert.deepEqual(names(await rest.list(context, 'a', { continue: token })), ['w002', 'w0025', 'w003', 'w004']);
});

test('what was read of one namespace does not stand for all at that revision', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  await fill(harness, 'a', 3);
  await fill(harness, 'b', 3);
  const first = await rest.list(context, '', { limit: 1 });
  rest.parts.snapshots.clear();
  const exact = { resourceVersion: first.resourceVersion, resourceVersionMatch: 'Exact' };
  await rest.list(context, 'a', { ...exact, limit: 1 });
  const others = await rest.list(context, '', { continue: first.continue ?? '' });
  assert.equal(others.items.length, 5);
});

test('a list at an exact revision shows that state, or says why it cannot', async () => {
  await using harness = await openStoreHarness();
  const { rest, context, store } = harness;
  await fill(harness, 'a', 2);
  const before = await rest.list(context, 'a', {});
  await rest.delete(context, 'a', 'w000');
  const exact = { resourceVersion: before.resourceVersion, resourceVersionMatch: 'Exact' };
  const result = await rest.list(context, 'a', exact);
  assert.deepEqual([names(result), result.resourceVersion], [['w000', 'w001'], before.resourceVersion]);
  const now = await rest.list(context, 'a', {});
  await store.compact({ revision: Number(now.resourceVersion) });
  await assert.rejects(rest.list(context, 'a', exact), {
    message: 'The resourceVersion for the provided list is too old.',
  });
  await assert.rejects(
    rest.list(context, 'a', { resourceVersion: '100000', resourceVersionMatch: 'Exact' }),
    /Too large resource version: 100000/,
  );
});

test('a revision or a token that is none is refused', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  await assert.rejects(rest.list(context, 'a', { resourceVersion: 'x' }), { code: 400 });
  await assert.rejects(rest.list(context, 'a', { continue: 'x' }), /continue key is not valid/);
});
