import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResourceQuota } from '#api';
import { openRegistryHarness, type RegistryHarness } from '../../registry/testing/registry-harness.ts';

interface World extends AsyncDisposable {
  readonly harness: RegistryHarness;
  /** What is used now. */
  readonly used: (name?: string) => Promise<object | undefined>;
  readonly pod: (name: string, requests?: object, spec?: object) => Promise<unknown>;
}

/** A namespace with quotas of which nothing is used yet, as their controller says. */
async function openWorld(quotas: Record<string, { hard: Record<string, string>; scopes?: string[] }>): Promise<World> {
  const harness = await openRegistryHarness();
  const { context, rest, subresource } = harness;
  await harness.create('serviceaccounts', 'default', { metadata: { name: 'default' } });
  for (const [name, spec] of Object.entries(quotas)) {
    const made = await harness.create<ResourceQuota>('resourcequotas', 'default', { metadata: { name }, spec });
    const used = Object.fromEntries(Object.keys(spec.hard).map((one) => [one, '0']));
    const status = { hard: spec.hard, used };
    await subresource('resourcequotas', 'status').update(context, 'default', name, { ...made, status });
  }
  await rest('resourcequotas').list(context, 'default', {});
  return {
    harness,
    async used(name = 'q') {
      const { object } = await rest('resourcequotas').get(context, 'default', name);
      return (object as ResourceQuota).status.used;
    },
    pod: (name, requests, spec) =>
      harness.create('pods', 'default', {
        metadata: { name },
        spec: { containers: [{ name: 'c', image: 'i', resources: { requests } }], ...spec },
      }),
    [Symbol.asyncDispose]: () => harness[Symbol.asyncDispose](),
  };
}

test('what is created is charged, until the quota is used up', async () => {
  await using world = await openWorld({ q: { hard: { pods: '2', 'requests.cpu': '1' } } });
  const { pod, used } = world;
  await pod('a', { cpu: '600m' });
  assert.deepEqual(await used(), { pods: '1', 'requests.cpu': '600m' });
  await assert.rejects(pod('b', { cpu: '500m' }), {
    message:
      'pods "b" is forbidden: exceeded quota: q, requested: requests.cpu=500m, used: requests.cpu=600m, limited: requests.cpu=1',
  });
  await pod('c', { cpu: '100m' });
  await assert.rejects(pod('d', { cpu: '500m' }), {
    message:
      'pods "d" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=500m, used: pods=2,requests.cpu=700m, limited: pods=2,requests.cpu=1',
  });
  assert.deepEqual(await used(), { pods: '2', 'requests.cpu': '700m' });
});

test('at the same time no more is created than may be', async () => {
  await using world = await openWorld({ q: { hard: { pods: '3' } } });
  const attempts = await Promise.allSettled(Array.from({ length: 8 }, (_, at) => world.pod(`p${at}`)));
  assert.equal(attempts.filter(({ status }) => status === 'fulfilled').length, 3);
  assert.deepEqual(await world.used(), { pods: '3' });
});

test('a pod has to say what is limited', async () => {
  await using world = await openWorld({ q: { hard: { 'requests.cpu': '1', 'limits.memory': '1Gi' } } });
  await assert.rejects(world.pod('a'), {
    message: 'pods "a" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu for: c',
  });
});

test('no quota is charged when one refuses, and none that is about others', async () => {
  const quotas = {
    a: { hard: { pods: '5' } },
    b: { hard: { pods: '0' } },
    slow: { hard: { pods: '5' }, scopes: ['Terminating'] },
  };
  await using world = await openWorld(quotas);
  await assert.rejects(world.pod('p'), /exceeded quota: b, requested: pods=1, used: pods=0, limited: pods=0/);
  assert.deepEqual(await world.used('a'), { pods: '0' });
  await world.harness.rest('resourcequotas').delete(world.harness.context, 'default', 'b');
  await world.harness.rest('resourcequotas').list(world.harness.context, 'default', {});
  await world.pod('p');
  assert.deepEqual([await world.used('a'), await world.used('slow')], [{ pods: '1' }, { pods: '0' }]);
});

test('a quota that nobody has counted yet refuses what it cannot judge', async () => {
  await using world = await openWorld({ q: { hard: { pods: '5' } } });
  const { harness, pod } = world;
  const status = { status: { used: null } };
  const door = harness.subresource('resourcequotas', 'status');
  await door.patch(harness.context, 'default', 'q', 'application/merge-patch+json', status);
  await assert.rejects(pod('a'), {
    message: 'pods "a" is forbidden: status unknown for quota: q, resources: pods',
  });
});

test('a trial is judged and not charged; a change is charged for what it adds', async () => {
  const hard = { pods: '1', services: '2', 'services.nodeports': '1', 'count/configmaps': '1' };
  await using world = await openWorld({ q: { hard } });
  const { harness, used } = world;
  const { rest, context } = harness;
  const map = { metadata: { name: 'm' } };
  await rest('configmaps').create(context, 'default', map, { dryRun: true });
  assert.deepEqual(await used(), { pods: '0', services: '0', 'services.nodeports': '0', 'count/configmaps': '0' });
  await harness.create('services', 'default', { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } });
  const open = (type: string, ports: object[]): Promise<unknown> =>
    rest('services').patch(context, 'default', 's', 'application/merge-patch+json', { spec: { type, ports } });
  await open('NodePort', [{ port: 80 }]);
  assert.deepEqual(await used(), { pods: '0', services: '1', 'services.nodeports': '1', 'count/configmaps': '0' });
  await assert.rejects(
    open('NodePort', [
      { name: 'a', port: 80 },
      { name: 'b', port: 81 },
    ]),
    /exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=1, limited: services.nodeports=1/,
  );
});
