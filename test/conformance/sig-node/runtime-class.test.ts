import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pods, runtimeClasses } from '#api';
import { isStatusError } from '#machinery';
import { assertGone, showApiOperations } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';

const pod = (runtimeClassName: string) => ({
  metadata: { generateName: `test-runtimeclass-${runtimeClassName}-` },
  spec: { runtimeClassName, containers: [{ name: 'test', image: 'busybox' }] },
});

describe('RuntimeClass', () => {
  const cluster = conformanceCluster();

  test('[sig-node] RuntimeClass should support RuntimeClasses API operations [Conformance]', async () => {
    await showApiOperations(cluster, {
      resource: runtimeClasses,
      make: () => ({ metadata: { generateName: 'e2e-example-' }, handler: 'e2e-handler' }),
      check: ({ handler }) => assert.equal(handler, 'e2e-handler'),
    });
  });

  const isRefused = (name: string) => (error: unknown) =>
    isStatusError(error, 'Forbidden') && error.message.includes(`pod rejected: RuntimeClass "${name}" not found`);

  test('[sig-node] RuntimeClass should reject a Pod requesting a non-existent RuntimeClass [NodeConformance] [Conformance]', async () => {
    const calls = cluster.client.of(pods).in(await cluster.namespace());
    await assert.rejects(calls.create(pod('nonexistent')), isRefused('nonexistent'));
  });

  test('[sig-node] RuntimeClass should reject a Pod requesting a deleted RuntimeClass [NodeConformance] [Conformance]', async () => {
    const calls = cluster.client.of(pods).in(await cluster.namespace());
    const classes = cluster.client.of(runtimeClasses);
    await classes.create({ metadata: { name: 'deleted' }, handler: 'preconfigured' });
    await classes.delete('deleted');
    await assertGone(classes, 'deleted');
    await assert.rejects(calls.create(pod('deleted')), isRefused('deleted'));
  });

  test('[sig-node] RuntimeClass should schedule a Pod requesting a RuntimeClass and initialize its Overhead [NodeConformance] [Conformance]', async () => {
    const calls = cluster.client.of(pods).in(await cluster.namespace());
    const podFixed = { cpu: '10m', memory: '1Mi' };
    await cluster.client
      .of(runtimeClasses)
      .create({ metadata: { name: 'fat' }, handler: 'kata', overhead: { podFixed } });
    const created = await calls.create(pod('fat'));
    assert.deepEqual(created.spec.overhead, podFixed);
    assert.equal(created.spec.runtimeClassName, 'fat');
  });

  test('[sig-node] RuntimeClass should schedule a Pod requesting a RuntimeClass without PodOverhead [NodeConformance] [Conformance]', async () => {
    const calls = cluster.client.of(pods).in(await cluster.namespace());
    await cluster.client.of(runtimeClasses).create({ metadata: { name: 'lean' }, handler: 'preconfigured' });
    const created = await calls.create(pod('lean'));
    assert.equal(created.spec.overhead, undefined);
  });
});
