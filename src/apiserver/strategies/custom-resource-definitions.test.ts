import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CustomResourceDefinition } from '#api';
import { openRegistryHarness } from '../registry/testing/registry-harness.ts';

const definitions = 'customresourcedefinitions.apiextensions.k8s.io';

function version(name: string, storage: boolean): object {
  return { name, served: true, storage, schema: { openAPIV3Schema: { type: 'object' } } };
}

function definition(versions: object[]): object {
  const spec = { group: 'mine.example', scope: 'Cluster', names: { plural: 'widgets', kind: 'Widget' }, versions };
  return { metadata: { name: 'widgets.mine.example' }, spec, status: { storedVersions: ['v7'] } };
}

test('a definition counts its wishes, and remembers every version that was stored', async () => {
  await using harness = await openRegistryHarness();
  const { rest, context, store } = harness;
  const made = await harness.create<CustomResourceDefinition>(definitions, '', definition([version('v1', true)]));
  assert.equal(made.metadata.generation, 1);
  const acceptedNames = { plural: '', kind: '' };
  assert.deepEqual(made.status, { conditions: [], acceptedNames, storedVersions: ['v1'] });
  const key = '/registry/apiextensions.k8s.io/customresourcedefinitions/widgets.mine.example';
  assert.equal((await store.range({ key: Buffer.from(key) })).kvs.length, 1);

  const name = made.metadata.name ?? '';
  const spec = { versions: [version('v1', false), version('v2', true)] };
  const { stored: patched } = await rest(definitions).patch(context, '', name, 'application/merge-patch+json', {
    spec,
  });
  const { metadata, status } = patched.object as CustomResourceDefinition;
  assert.equal(metadata.generation, 2);
  assert.deepEqual(status.storedVersions, ['v1', 'v2']);

  const written = { ...patched.object, status: { ...status, storedVersions: ['v2'] } };
  await harness.subresource(definitions, 'status').update(context, '', name, written);
  const { stored: dropped } = await rest(definitions).patch(context, '', name, 'application/merge-patch+json', {
    spec: { versions: [version('v2', true)] },
  });
  assert.deepEqual((dropped.object as CustomResourceDefinition).status.storedVersions, ['v2']);
  await assert.rejects(rest(definitions).update(context, '', name, { ...definition([version('v2', true)]) }), {
    reason: 'Invalid',
  });
});
