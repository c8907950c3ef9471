import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allResources, type APIService } from '#api';
import { openRegistryHarness, type RegistryHarness } from '../registry/testing/registry-harness.ts';
import { registerLocalApiServices } from './local-api-services.ts';

const apiServices = 'apiservices.apiregistration.k8s.io';
const automanaged = 'kube-aggregator.kubernetes.io/automanaged';

async function register({ rest }: RegistryHarness, resources = allResources): Promise<void> {
  await registerLocalApiServices({ rest: rest(apiServices), resources, signal: new AbortController().signal });
}

async function names({ rest, context }: RegistryHarness): Promise<string[]> {
  const { items } = await rest(apiServices).list(context, '', {});
  return items.map(({ object }) => object.metadata.name ?? '');
}

test('every group that is served here has its service, but the one of services', async () => {
  await using harness = await openRegistryHarness();
  await register(harness);
  const all = await names(harness);
  const served = new Set(allResources.map(({ group, version }) => `${version}.${group}`));
  assert.deepEqual(new Set(all), new Set([...served].filter((name) => name !== 'v1.apiregistration.k8s.io')));
  const { object } = await harness.rest(apiServices).get(harness.context, '', 'v1.');
  const { metadata, spec, status } = object as APIService;
  assert.deepEqual(metadata.labels, { [automanaged]: 'onstart' });
  assert.deepEqual(spec, { version: 'v1', groupPriorityMinimum: 18_000, versionPriority: 1 });
  const [condition] = status.conditions ?? [];
  assert.deepEqual([condition?.type, condition?.status, condition?.reason], ['Available', 'True', 'Local']);
});

test('what is ours is put right at the next start, what is not is left alone', async () => {
  await using harness = await openRegistryHarness();
  const { rest, context } = harness;
  await register(harness);
  const type = 'application/merge-patch+json';
  await rest(apiServices).patch(context, '', 'v1.apps', type, { spec: { groupPriorityMinimum: 7 } });
  const unmarked = { metadata: { labels: null }, spec: { groupPriorityMinimum: 7 } };
  await rest(apiServices).patch(context, '', 'v1.batch', type, unmarked);
  const spec = { group: 'mine.example', version: 'v1', groupPriorityMinimum: 1, versionPriority: 1 };
  await harness.create(apiServices, '', { metadata: { name: 'v1.mine.example' }, spec });
  await register(
    harness,
    allResources.filter(({ group }) => group !== 'policy'),
  );
  const priorityOf = async (name: string): Promise<number> => {
    const { object } = await rest(apiServices).get(context, '', name);
    return (object as APIService).spec.groupPriorityMinimum;
  };
  assert.equal(await priorityOf('v1.apps'), 17_800);
  assert.equal(await priorityOf('v1.batch'), 7);
  assert.equal(await priorityOf('v1.mine.example'), 1);
  assert.ok(!(await names(harness)).includes('v1.policy'));
});
