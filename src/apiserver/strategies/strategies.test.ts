import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deployment, Namespace, Scale } from '#api';
import { VirtualClock } from '#base';
import { isStatusError } from '#machinery';
import { openRegistryHarness } from '../registry/testing/registry-harness.ts';

test('a namespace ends when it was emptied, and takes nothing new meanwhile', async () => {
  await using harness = await openRegistryHarness();
  const { rest, context, subresource } = harness;
  await harness.create('namespaces', '', { metadata: { name: 'a' } });
  await harness.create('configmaps', 'a', { metadata: { name: 'one' } });
  const { stored, deleted } = await rest('namespaces').delete(context, '', 'a');
  const namespace = stored.object as Namespace;
  assert.deepEqual([deleted, namespace.status.phase], [false, 'Terminating']);
  assert.deepEqual(namespace.spec.finalizers, ['kubernetes']);
  await assert.rejects(harness.create('configmaps', 'a', { metadata: { name: 'two' } }), (error) => {
    assert.ok(isStatusError(error, 'Forbidden'));
    assert.match(error.message, /configmaps "two" is forbidden: unable to create new content in namespace a because/);
    return true;
  });
  // Neither a second deletion nor an ordinary update ends it.
  await rest('namespaces').delete(context, '', 'a');
  await rest('namespaces').update(context, '', 'a', { metadata: { name: 'a' }, spec: { finalizers: [] } });
  const current = (await rest('namespaces').get(context, '', 'a')).object;
  await rest('configmaps').delete(context, 'a', 'one');
  await subresource('namespaces', 'finalize').update(context, '', 'a', { ...current, spec: {} });
  await assert.rejects(rest('namespaces').get(context, '', 'a'), { message: 'namespaces "a" not found' });
});

test('the number of replicas is read and set through scale', async () => {
  await using harness = await openRegistryHarness();
  const { rest, context, subresource } = harness;
  const labels = { app: 'x' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  const body = { metadata: { name: 'd' }, spec: { replicas: 2, selector: { matchLabels: labels }, template } };
  await harness.create('deployments.apps', 'default', body);
  const door = subresource('deployments.apps', 'scale');
  const scale = (await door.get(context, 'default', 'd')).object as Scale;
  assert.deepEqual([scale.spec.replicas, scale.status.selector], [2, 'app=x']);
  const type = 'application/merge-patch+json';
  const patched = (await door.patch(context, 'default', 'd', type, { spec: { replicas: 5 } })).object as Scale;
  assert.equal(patched.spec.replicas, 5);
  const deployment = (await rest('deployments.apps').get(context, 'default', 'd')).object as Deployment;
  assert.deepEqual([deployment.spec.replicas, deployment.metadata.generation], [5, 2]);
  await assert.rejects(door.update(context, 'default', 'd', scale), /the object has been modified/);
  const negative = { metadata: { name: 'd' }, spec: { replicas: -1 } };
  await assert.rejects(
    door.update(context, 'default', 'd', negative),
    /spec.replicas: Invalid value: -1: must be greater/,
  );
});

test('a token is made for an account, and bound to a pod that runs as it', async () => {
  await using harness = await openRegistryHarness();
  const { context, subresource, signed } = harness;
  await harness.create('serviceaccounts', 'default', { metadata: { name: 'default' } });
  await harness.create('serviceaccounts', 'default', { metadata: { name: 'robot' } });
  const spec = { serviceAccountName: 'robot', containers: [{ name: 'c', image: 'i' }] };
  const pod = await harness.create('pods', 'default', { metadata: { name: 'p' }, spec });
  const door = subresource('serviceaccounts', 'token');
  const boundObjectRef = { kind: 'Pod', apiVersion: 'v1', name: 'p' };
  const request = { spec: { audiences: ['api'], expirationSeconds: 3607, boundObjectRef } };
  const answer = (await door.create(context, 'default', 'robot', request)).object as { status?: { token?: string } };
  assert.equal(answer.status?.token, 'signed');
  assert.deepEqual(signed[0]?.bound, { kind: 'Pod', name: 'p', uid: pod.metadata.uid });
  assert.equal(signed[0]?.serviceAccount.metadata.name, 'robot');
  await assert.rejects(
    door.create(context, 'default', 'default', request),
    /pod running with different serviceaccount name/,
  );
  await assert.rejects(
    door.create(context, 'default', 'robot', { spec: { audiences: [], expirationSeconds: 5 } }),
    /may not specify a duration less than 10 minutes/,
  );
  await assert.rejects(door.create(context, 'default', 'nobody', request), {
    message: 'serviceaccounts "nobody" not found',
  });
});

test('events vanish after an hour', async () => {
  const clock = new VirtualClock();
  await using harness = await openRegistryHarness({ clock });
  const { rest, context } = harness;
  const involvedObject = { kind: 'Pod', namespace: 'default', name: 'p' };
  await harness.create('events', 'default', { metadata: { name: 'e' }, involvedObject, reason: 'R', message: 'm' });
  await clock.advance(3_000_000);
  const { resourceVersion } = await rest('events').get(context, 'default', 'e');
  assert.equal((await rest('events.events.k8s.io').list(context, 'default', {})).items.length, 1);
  const changes = rest('events').watch(context, 'default', { resourceVersion: String(resourceVersion) });
  const change = changes[Symbol.asyncIterator]().next();
  // The shared lease lives a minute longer than the object must.
  for (let minutes = 0; minutes < 15; minutes++) await clock.advance(60_000);
  assert.equal((await change).value?.type, 'DELETED');
});
