import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HorizontalPodAutoscaler, HorizontalPodAutoscalerV1 } from '#api';
import { openRegistryHarness } from '../registry/testing/registry-harness.ts';

const ns = 'default';
const v1 = 'horizontalpodautoscalers.v1.autoscaling';
const v2 = 'horizontalpodautoscalers.autoscaling';
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const memory = {
  type: 'Resource',
  resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } },
};

test('an autoscaler is one, in either version', async () => {
  await using harness = await openRegistryHarness();
  const { rest, context } = harness;
  const spec = { scaleTargetRef, maxReplicas: 5, targetCPUUtilizationPercentage: 50 };
  const old = await harness.create<HorizontalPodAutoscalerV1>(v1, ns, { metadata: { name: 'web' }, spec });
  assert.deepEqual(
    [old.apiVersion, old.spec.targetCPUUtilizationPercentage, old.metadata.generation],
    ['autoscaling/v1', 50, undefined],
  );
  const now = (await rest(v2).get(context, ns, 'web')).object as HorizontalPodAutoscaler;
  assert.deepEqual([now.apiVersion, now.metadata.uid], ['autoscaling/v2', old.metadata.uid]);
  assert.equal(now.spec.metrics?.[0]?.resource?.target.averageUtilization, 50);
  await rest(v2).update(context, ns, 'web', { ...now, spec: { ...now.spec, metrics: [memory] } });
  const { object } = await rest(v1).get(context, ns, 'web');
  const after = object as HorizontalPodAutoscalerV1;
  assert.equal(after.spec.targetCPUUtilizationPercentage, undefined);
  assert.match(after.metadata.annotations?.['autoscaling.alpha.kubernetes.io/metrics'] ?? '', /"name":"memory"/);
  // Who changes what the old version knows keeps what only the new one does.
  const patch = { spec: { maxReplicas: 9 } };
  await rest(v1).patch(context, ns, 'web', 'application/merge-patch+json', patch);
  const last = (await rest(v2).get(context, ns, 'web')).object as HorizontalPodAutoscaler;
  assert.deepEqual([last.spec.maxReplicas, last.spec.metrics], [9, [memory]]);
});

test('the state of an autoscaler is written in either version', async () => {
  await using harness = await openRegistryHarness();
  const { rest, subresource, context } = harness;
  const body = { metadata: { name: 'web' }, spec: { scaleTargetRef, maxReplicas: 5 }, status: { desiredReplicas: 4 } };
  const made = await harness.create<HorizontalPodAutoscaler>(v2, ns, body);
  assert.equal(made.status.desiredReplicas, 0);
  const old = (await rest(v1).get(context, ns, 'web')).object as HorizontalPodAutoscalerV1;
  const status = { currentReplicas: 1, desiredReplicas: 3, currentCPUUtilizationPercentage: 70 };
  const wrong = { ...old, spec: { ...old.spec, maxReplicas: 7 }, status };
  const written = (await subresource(v1, 'status').update(context, ns, 'web', wrong)).object;
  assert.deepEqual((written as HorizontalPodAutoscalerV1).status, status);
  const now = (await rest(v2).get(context, ns, 'web')).object as HorizontalPodAutoscaler;
  assert.deepEqual([now.spec.maxReplicas, now.status.desiredReplicas], [5, 3]);
  assert.equal(now.status.currentMetrics?.[0]?.resource?.current.averageUtilization, 70);
  await assert.rejects(
    subresource(v1, 'status').patch(context, ns, 'web', 'application/merge-patch+json', {
      status: { desiredReplicas: -1 },
    }),
    /status.desiredReplicas: Invalid value: -1/,
  );
});

test('who watches one version hears of writes in the other', async () => {
  await using harness = await openRegistryHarness();
  const { rest, context } = harness;
  const changes = rest(v1).watch(context, ns, {});
  const first = changes[Symbol.asyncIterator]().next();
  await harness.create(v2, ns, {
    metadata: { name: 'web' },
    spec: { scaleTargetRef, maxReplicas: 5, metrics: [memory] },
  });
  const { stored } = (await first).value ?? assert.fail('the watch ended');
  assert.equal(stored.object.apiVersion, 'autoscaling/v1');
  assert.deepEqual(JSON.parse(stored.json.toString()), stored.object);
});

test('fields belong to who wrote them, in the version in which they did', async () => {
  await using harness = await openRegistryHarness();
  const { rest, context } = harness;
  const apply = (resource: string, apiVersion: string, spec: object, fieldManager: string): Promise<unknown> => {
    const config = { apiVersion, kind: 'HorizontalPodAutoscaler', metadata: { name: 'web' }, spec };
    return rest(resource).patch(context, ns, 'web', 'application/apply-patch+yaml', config, { fieldManager });
  };
  await apply(v1, 'autoscaling/v1', { scaleTargetRef, maxReplicas: 5 }, 'old');
  await assert.rejects(apply(v2, 'autoscaling/v2', { scaleTargetRef, maxReplicas: 6 }, 'new'), /conflict with "old"/);
  await apply(v2, 'autoscaling/v2', { minReplicas: 2 }, 'new');
  const { object } = await rest(v2).get(context, ns, 'web');
  const { spec, metadata } = object as HorizontalPodAutoscaler;
  assert.deepEqual([spec.minReplicas, spec.maxReplicas], [2, 5]);
  assert.deepEqual(
    metadata.managedFields?.map(({ manager, apiVersion }) => [manager, apiVersion]),
    [
      ['new', 'autoscaling/v2'],
      ['old', 'autoscaling/v1'],
    ],
  );
});
