import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pods, replicationControllers, resourceQuotas, type ReplicationController } from '#api';
import type { New, ResourceClient } from '#client';
import { controllerOf, nameOf, uidOf } from '#machinery';
import { until } from '../../support/until.ts';
import { askSubresource } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';
import { updateLabel } from '../support/lifecycle.ts';
import { Watching } from '../support/watching.ts';

function controller(
  name: string,
  replicas: number,
  labels: Record<string, string> = { name },
): New<ReplicationController> {
  const template = { metadata: { labels }, spec: { containers: [{ name, image: 'httpd:1' }] } };
  return { metadata: { name, labels }, spec: { replicas, selector: labels, template } };
}

describe('ReplicationController', () => {
  const cluster = conformanceCluster({ nodes: 1 });

  async function world() {
    const namespace = await cluster.namespace();
    const path = (name: string): string => `/api/v1/namespaces/${namespace}/replicationcontrollers/${name}`;
    const calls = cluster.client.of(replicationControllers).in(namespace);
    return { namespace, path, calls, inNamespace: cluster.client.of(pods).in(namespace) };
  }

  test('[sig-apps] ReplicationController should adopt matching pods on creation [Conformance]', async () => {
    const { calls, inNamespace } = await world();
    const name = 'pod-adoption';
    const spec = { containers: [{ name, image: 'httpd:1' }] };
    const orphan = await inNamespace.create({ metadata: { name, labels: { name } }, spec });
    const made = await calls.create(controller(name, 1));
    const adopted = await until(
      () => inNamespace.get(name),
      (pod) => assert.equal(controllerOf(pod)?.uid, uidOf(made)),
    );
    assert.equal(controllerOf(adopted)?.kind, 'ReplicationController');
    assert.deepEqual((await inNamespace.list()).items.map(uidOf), [uidOf(orphan)], 'none was made beside it');
  });

  test('[sig-apps] ReplicationController should release no longer matching pods [Conformance]', async () => {
    const { calls, inNamespace } = await world();
    const made = await calls.create(controller('pod-release', 1));
    const { items } = await until(
      () => inNamespace.list(),
      ({ items }) => assert.equal(items.length, 1),
    );
    const released = nameOf(items[0]!);
    await updateLabel(inNamespace, released, 'name', 'not-matching-name');
    await until(
      () => inNamespace.get(released),
      (pod) => assert.equal(controllerOf(pod), undefined),
    );
    const replacement = await until(
      () => inNamespace.list({ labelSelector: 'name=pod-release' }),
      ({ items }) => assert.equal(items.length, 1),
    );
    assert.equal(controllerOf(replacement.items[0]!)?.uid, uidOf(made));
  });

  test('[sig-apps] ReplicationController should surface a failure condition on a common issue like exceeded quota [Conformance]', async () => {
    const { namespace, calls } = await world();
    const name = 'condition-test';
    const quotas = cluster.client.of(resourceQuotas).in(namespace);
    await quotas.create({ metadata: { name }, spec: { hard: { pods: '2' } } });
    await until(
      () => quotas.get(name),
      ({ status }) => assert.deepEqual({ ...status?.hard }, { pods: '2' }),
    );
    await calls.create(controller(name, 3));
    const failureOf = ({ status }: ReplicationController) =>
      status.conditions?.find(({ type }) => type === 'ReplicaFailure');
    const failed = await until(
      () => calls.get(name),
      (read) => assert.ok(failureOf(read)),
    );
    assert.equal(failureOf(failed)?.reason, 'FailedCreate');
    assert.match(failureOf(failed)?.message ?? '', /exceeded quota: condition-test, requested: pods=1/);
    assert.equal(failed.status.observedGeneration, failed.metadata.generation);

    await scaleTo(calls, name, 2);
    await until(
      () => calls.get(name),
      (read) => assert.equal(failureOf(read), undefined),
    );
  });

  /** Writes the object back with another count, as often as its controller comes between. */
  const scaleTo = (calls: ResourceClient<ReplicationController>, name: string, replicas: number) =>
    until(
      async () => {
        const read = await calls.get(name);
        return calls.update({ ...read, spec: { ...read.spec, replicas } });
      },
      () => {},
    );

  test('[sig-apps] ReplicationController should test the lifecycle of a ReplicationController [Conformance]', async () => {
    const { namespace, path, calls } = await world();
    const name = 'rc-test';
    const labelSelector = 'test-rc-static=true';
    const { resourceVersion } = await calls.list({ labelSelector });
    await using watch = new Watching(calls, { labelSelector, resourceVersion });
    await calls.create(controller(name, 1, { 'test-rc-static': 'true' }));
    await watch.until('ADDED');
    await watch.until('MODIFIED', ({ status }) => status.replicas === 1 && status.readyReplicas === 1);

    const type = 'application/strategic-merge-patch+json';
    const patched = await calls.patch(name, { metadata: { labels: { 'test-rc': 'patched' } } }, { type });
    assert.equal(patched.metadata.labels?.['test-rc'], 'patched');
    await watch.until('MODIFIED', (object) => object.metadata.labels?.['test-rc'] === 'patched');

    const none = { status: { readyReplicas: 0, availableReplicas: 0 } };
    const { status } = await calls.patch(name, none, { type, subresource: 'status' });
    assert.equal(status.readyReplicas ?? 0, 0);
    await watch.until('MODIFIED', (object) => !object.status.readyReplicas);
    await watch.until('MODIFIED', (object) => object.status.readyReplicas === 1);
    assert.equal((await askSubresource(cluster, `${path(name)}/status`)).status.replicas, 1);

    const scale = { spec: { replicas: 2 } };
    await askSubresource(cluster, `${path(name)}/scale`, { method: 'PATCH', type, body: scale });
    await watch.until('MODIFIED', (object) => object.status.replicas === 2 && object.status.readyReplicas === 2);

    const read = await calls.get(name);
    assert.equal(read.metadata.labels?.['test-rc'], 'patched');
    await calls.updateStatus({ ...read, status: { ...read.status, availableReplicas: 1, readyReplicas: 1 } });
    await watch.until('MODIFIED', (object) => object.status.readyReplicas === 1);

    const { items } = await cluster.client.of(replicationControllers).list({ labelSelector });
    const found = items.map((item) => [item.metadata.namespace, nameOf(item), item.metadata.labels?.['test-rc']]);
    assert.deepEqual(found, [[namespace, name, 'patched']]);
    await calls.deleteCollection({ labelSelector });
    await watch.until('DELETED');
  });
});
