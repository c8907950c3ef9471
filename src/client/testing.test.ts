import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '#base';
import { isStatusError } from '#machinery';
import { Client } from './client.ts';
import { widgets } from './fake/widget.ts';
import { FakeTransport } from './testing.ts';

function world() {
  const clock = new VirtualClock();
  const transport = new FakeTransport({ clock });
  const client = new Client({ transport, component: 'test' });
  return { clock, transport, calls: client.of(widgets).in('default') };
}

test('a created object gets a name, a uid, a time and a revision', async () => {
  const { calls } = world();
  const made = await calls.create({ metadata: { generateName: 'a-' }, spec: { size: 1 } });
  assert.match(made.metadata.name!, /^a-[a-z0-9]{5}$/);
  assert.equal(made.kind, 'Widget');
  assert.equal(made.apiVersion, 'things.test/v1');
  assert.equal(made.metadata.namespace, 'default');
  assert.equal(made.metadata.generation, 1);
  assert.ok(made.metadata.uid);
  assert.ok(Number(made.metadata.resourceVersion) > 0);
  assert.ok(Object.isFrozen(made.spec));
});

test('a second object of the same name is refused', async () => {
  const { calls } = world();
  await calls.create({ metadata: { name: 'a' }, spec: { size: 1 } });
  await assert.rejects(calls.create({ metadata: { name: 'a' }, spec: { size: 1 } }), (error) =>
    isStatusError(error, 'AlreadyExists'),
  );
});

test('an update of what has changed meanwhile is a conflict', async () => {
  const { calls } = world();
  const first = await calls.create({ metadata: { name: 'a' }, spec: { size: 1 } });
  const second = await calls.update({ ...first, spec: { size: 2 } });
  assert.equal(second.metadata.generation, 2);
  await assert.rejects(calls.update({ ...first, spec: { size: 3 } }), (error) => isStatusError(error, 'Conflict'));
});

test('spec and status are written by ways of their own', async () => {
  const { calls } = world();
  const made = await calls.create({ metadata: { name: 'a' }, spec: { size: 1 }, status: { ready: 1 } });
  assert.deepEqual(made.status, {});
  const told = await calls.updateStatus({ ...made, spec: { size: 9 }, status: { ready: 1 } });
  assert.deepEqual([told.spec.size, told.status.ready, told.metadata.generation], [1, 1, 1]);
  const patched = await calls.patch('a', { status: { ready: 5 }, spec: { size: 2 } });
  assert.deepEqual([patched.spec.size, patched.status.ready], [2, 1]);
  const patchedStatus = await calls.patch('a', { status: { ready: 5 } }, { subresource: 'status' });
  assert.equal(patchedStatus.status.ready, 5);
});

test('finalizers hold an object until the last of them is taken off', async () => {
  const { calls } = world();
  await calls.create({ metadata: { name: 'a', finalizers: ['x/y'] }, spec: { size: 1 } });
  await calls.delete('a', { propagationPolicy: 'Foreground' });
  const ending = await calls.get('a');
  assert.deepEqual(ending.metadata.finalizers, ['x/y', 'foregroundDeletion']);
  assert.ok(ending.metadata.deletionTimestamp);
  await calls.patch('a', { metadata: { finalizers: null } });
  await assert.rejects(calls.get('a'), (error) => isStatusError(error, 'NotFound'));
});

test('a watch with a selector sees objects come into it and leave it', async () => {
  const { calls, transport } = world();
  const stop = new AbortController();
  const seen: string[] = [];
  const watching = (async () => {
    for await (const { type, object } of calls.watch({ labelSelector: 'in=yes', signal: stop.signal })) {
      seen.push(`${type} ${object.metadata.name}`);
      if (type === 'DELETED') return;
    }
  })();
  await calls.create({ metadata: { name: 'a' }, spec: { size: 1 } });
  await calls.patch('a', { metadata: { labels: { in: 'yes' } } });
  await calls.patch('a', { spec: { size: 2 } });
  await calls.patch('a', { metadata: { labels: { in: 'no' } } });
  await watching;
  assert.deepEqual(seen, ['ADDED a', 'MODIFIED a', 'DELETED a']);
  transport.compact();
  const late = calls.watch({ resourceVersion: '1', signal: stop.signal });
  await assert.rejects(Array.fromAsync(late), (error) => isStatusError(error, 'Expired'));
});

test('an interceptor can fail a call', async () => {
  const { calls, transport } = world();
  const release = transport.intercept(({ verb }) => {
    if (verb === 'create') throw new Error('no connection');
  });
  await assert.rejects(calls.create({ metadata: { name: 'a' }, spec: { size: 1 } }), /no connection/);
  release();
  await calls.create({ metadata: { name: 'a' }, spec: { size: 1 } });
  assert.equal(transport.objects(widgets).length, 1);
});
