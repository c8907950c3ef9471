import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pods, replicaSets, type ReplicaSet } from '#api';
import type { New, ResourceClient } from '#client';
import { nameOf, uidOf } from '#machinery';
import { until } from '../../support/until.ts';
import { conformanceCluster } from '../support/cluster.ts';
import { assertNoneLeft } from '../support/lifecycle.ts';
import { showScale, showStatus } from '../support/workloads.ts';

function replicaSet(name: string, replicas: number, labels: Record<string, string> = { name }): New<ReplicaSet> {
  const template = { metadata: { labels }, spec: { containers: [{ name: 'httpd', image: 'httpd:1' }] } };
  return { metadata: { name, labels }, spec: { replicas, selector: { matchLabels: labels }, template } };
}

describe('ReplicaSet', () => {
  const cluster = conformanceCluster({ nodes: 1 });

  async function world() {
    const namespace = await cluster.namespace();
    const path = (name: string): string => `/apis/apps/v1/namespaces/${namespace}/replicasets/${name}`;
    const calls = cluster.client.of(replicaSets).in(namespace);
    return { path, calls, inNamespace: cluster.client.of(pods).in(namespace) };
  }

  const ready = (calls: ResourceClient<ReplicaSet>, name: string, replicas: number): Promise<ReplicaSet> =>
    until(
      () => calls.get(name),
      ({ status }) => assert.equal(status?.readyReplicas, replicas),
    );

  test('[sig-apps] ReplicaSet Replicaset should have a working scale subresource [Conformance]', async () => {
    const { path, calls } = await world();
    await calls.create(replicaSet('test-rs', 1));
    await ready(calls, 'test-rs', 1);
    await showScale(cluster, path('test-rs'), { from: 1 });
  });

  test('[sig-apps] ReplicaSet should validate Replicaset Status endpoints [Conformance]', async () => {
    const { path, calls } = await world();
    await calls.create(replicaSet('test-rs', 1));
    await ready(calls, 'test-rs', 1);
    await showStatus(cluster, path('test-rs'), calls);
  });

  test('[sig-apps] ReplicaSet Replace and Patch tests [Conformance]', async () => {
    const { calls } = await world();
    const name = 'test-rs';
    await calls.create(replicaSet(name, 1));
    await ready(calls, name, 1);
    await until(
      async () => {
        const read = await calls.get(name);
        return calls.update({ ...read, spec: { ...read.spec, replicas: 2 } });
      },
      () => {},
    );
    await ready(calls, name, 2);
    const labels = { 'test-rs': 'patched' };
    const template = { spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'httpd', image: 'pause:1' }] } };
    const patch = { metadata: { labels }, spec: { replicas: 3, template } };
    const patched = await calls.patch(name, patch, { type: 'application/strategic-merge-patch+json' });
    assert.equal(patched.metadata.labels?.['test-rs'], 'patched');
    assert.equal(patched.spec.template?.spec?.containers[0]?.image, 'pause:1');
    await ready(calls, name, 3);
  });

  test('[sig-apps] ReplicaSet should list and delete a collection of ReplicaSets [Conformance]', async () => {
    const { calls } = await world();
    const labels = { e2e: 'replicaset-collection' };
    await calls.create(replicaSet('test-rs', 3, labels));
    await ready(calls, 'test-rs', 3);
    const labelSelector = 'e2e=replicaset-collection';
    assert.equal((await cluster.client.of(replicaSets).list({ labelSelector })).items.length, 1);
    await calls.deleteCollection({ labelSelector, gracePeriodSeconds: 1 });
    await assertNoneLeft(calls, labelSelector);
  });

  test('[sig-apps] ReplicaSet should adopt matching pods on creation and release no longer matching pods [Conformance]', async () => {
    const { calls, inNamespace } = await world();
    const name = 'pod-adoption-release';
    const labels = { name };
    const spec = { containers: [{ name, image: 'httpd:1' }] };
    const orphan = await inNamespace.create({ metadata: { name, labels }, spec });
    const set = await calls.create(replicaSet(name, 1, labels));
    await until(
      () => inNamespace.get(name),
      ({ metadata }) =>
        assert.ok(metadata.ownerReferences?.some(({ uid, controller }) => controller && uid === uidOf(set))),
    );
    assert.deepEqual((await inNamespace.list()).items.map(uidOf), [uidOf(orphan)], 'none was made beside it');

    await inNamespace.patch(name, { metadata: { labels: { name: 'not-matching-name' } } });
    await until(
      () => inNamespace.get(name),
      ({ metadata }) => assert.deepEqual(metadata.ownerReferences ?? [], []),
    );
    await until(
      () => inNamespace.list({ labelSelector: `name=${name}` }),
      ({ items }) => assert.equal(items.length, 1),
    );
    assert.notEqual(nameOf((await inNamespace.list({ labelSelector: `name=${name}` })).items[0]!), name);
  });
});
