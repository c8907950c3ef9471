import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { leases, podTemplates, type Lease, type PodTemplate } from '#api';
import type { New } from '#client';
import { nameOf } from '#machinery';
import { assertGone } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';
import { Watching } from '../support/watching.ts';

describe('PodTemplates and Leases', () => {
  const cluster = conformanceCluster();
  const spec = { containers: [{ name: 'nginx', image: 'nginx' }] };
  const template = (name: string, labels: Record<string, string>): New<PodTemplate> => ({
    metadata: { name, labels },
    template: { spec },
  });

  test('[sig-node] PodTemplates should run the lifecycle of PodTemplates [Conformance]', async () => {
    const everywhere = cluster.client.of(podTemplates);
    const calls = everywhere.in(await cluster.namespace());
    const name = 'nginx-pod-template';
    const labelSelector = 'podtemplate-static=true';
    const { resourceVersion } = await everywhere.list({ labelSelector });
    await using watch = new Watching(calls, { labelSelector, resourceVersion });
    await calls.create(template(name, { 'podtemplate-static': 'true' }));
    await watch.until('ADDED');
    const listed = await everywhere.list({ labelSelector });
    assert.deepEqual(listed.items.map(nameOf), [name]);
    const patch = { metadata: { labels: { podtemplate: 'patched' } } };
    await calls.patch(name, patch, { type: 'application/strategic-merge-patch+json' });
    assert.equal((await calls.get(name)).metadata.labels?.['podtemplate'], 'patched');
    await watch.until('MODIFIED');
    await calls.delete(name);
    await watch.until('DELETED');
    assert.deepEqual((await everywhere.list({ labelSelector })).items, []);
  });

  test('[sig-node] PodTemplates should delete a collection of pod templates [Conformance]', async () => {
    const calls = cluster.client.of(podTemplates).in(await cluster.namespace());
    const labelSelector = 'podtemplate-set=true';
    for (const at of [1, 2, 3]) await calls.create(template(`test-podtemplate-${at}`, { 'podtemplate-set': 'true' }));
    assert.equal((await calls.list({ labelSelector })).items.length, 3);
    await calls.deleteCollection({ labelSelector });
    assert.deepEqual((await calls.list({ labelSelector })).items, []);
  });

  test('[sig-node] PodTemplates should replace a pod template [Conformance]', async () => {
    const calls = cluster.client.of(podTemplates).in(await cluster.namespace());
    const { metadata, ...rest } = await calls.create(template('podtemplate', { podtemplate: 'e2e' }));
    const annotations = { updated: 'true' };
    const replaced = await calls.update({ ...rest, metadata: { ...metadata, annotations } });
    assert.equal(replaced.metadata.annotations?.['updated'], 'true');
  });

  test('[sig-node] Lease lease API should be available [Conformance]', async () => {
    const calls = cluster.client.of(leases).in(await cluster.namespace());
    const name = 'lease';
    const lease = (spec: Lease['spec']): New<Lease> => ({ metadata: { name }, spec });
    const first = {
      holderIdentity: 'holder',
      leaseDurationSeconds: 30,
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:00:05.000000Z',
      leaseTransitions: 0,
    };
    await calls.create(lease(first));
    const read = await calls.get(name);
    assert.deepEqual(read.spec, first);
    const second = { ...first, holderIdentity: 'holder2', leaseDurationSeconds: 60, leaseTransitions: 1 };
    await calls.update({ ...read, spec: second });
    assert.deepEqual((await calls.get(name)).spec, second);
    const third = { ...second, holderIdentity: 'holder3', leaseDurationSeconds: 50, leaseTransitions: 2 };
    await calls.patch(name, { spec: third }, { type: 'application/strategic-merge-patch+json' });
    assert.deepEqual((await calls.get(name)).spec, third);

    await calls.create({ metadata: { name: 'lease2', labels: { deletecollection: 'true' } }, spec: first });
    assert.equal((await calls.list()).items.length, 2);
    await calls.deleteCollection({ labelSelector: 'deletecollection=true' });
    await assertGone(calls, 'lease2');
    await calls.delete(name);
    await assertGone(calls, name);
    assert.deepEqual((await calls.list()).items, []);
  });
});
