import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pods, type Pod } from '#api';
import type { New, ResourceClient } from '#client';
import { nameOf } from '#machinery';
import { until } from '../../support/until.ts';
import { assertGone, askSubresource } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';
import { assertNoneLeft } from '../support/lifecycle.ts';
import { Watching } from '../support/watching.ts';

const strategic = 'application/strategic-merge-patch+json';

const pod = (name: string, labels: Record<string, string> = {}): New<Pod> => ({
  metadata: { name, labels },
  spec: { containers: [{ name: 'agnhost', image: 'agnhost:2.53' }], terminationGracePeriodSeconds: 1 },
});

describe('Pods', () => {
  const cluster = conformanceCluster({ nodes: 1 });

  async function inNamespace(): Promise<{ namespace: string; calls: ResourceClient<Pod> }> {
    const namespace = await cluster.namespace();
    return { namespace, calls: cluster.client.of(pods).in(namespace) };
  }

  const isRunning = (calls: ResourceClient<Pod>, name: string): Promise<Pod> =>
    until(
      () => calls.get(name),
      ({ status }) => assert.equal(status.phase, 'Running'),
    );

  test('[sig-node] Pods should delete a collection of pods [Conformance]', async () => {
    const { calls } = await inNamespace();
    for (const at of [1, 2, 3]) await calls.create(pod(`test-pod-${at}`, { type: 'Testing' }));
    assert.equal((await calls.list({ labelSelector: 'type=Testing' })).items.length, 3);
    await calls.deleteCollection({ labelSelector: 'type=Testing' });
    await assertNoneLeft(calls, 'type=Testing');
  });

  test('[sig-node] Pods should patch a pod status [Conformance]', async () => {
    const { namespace, calls } = await inNamespace();
    await calls.create(pod('pod', { app: 'pod' }));
    await isRunning(calls, 'pod');
    assert.deepEqual((await calls.list({ labelSelector: 'app=pod' })).items.map(nameOf), ['pod']);
    const status = { message: 'Patched by e2e test', reason: 'E2E' };
    const patched = await askSubresource(cluster, `/api/v1/namespaces/${namespace}/pods/pod/status`, {
      method: 'PATCH',
      type: strategic,
      body: { metadata: { annotations: { patchedstatus: 'true' } }, status },
    });
    assert.deepEqual([patched.status.message, patched.status.reason], [status.message, status.reason]);
  });

  test('[sig-node] Pods should run through the lifecycle of Pods and PodStatus [Conformance]', async () => {
    const { namespace, calls } = await inNamespace();
    const name = 'pod-test';
    const labelSelector = 'test-pod-static=true';
    const { resourceVersion } = await calls.list({ labelSelector });
    await using watch = new Watching(calls, { labelSelector, resourceVersion });
    await calls.create(pod(name, { 'test-pod-static': 'true' }));
    await watch.until('ADDED');
    await watch.until('MODIFIED', ({ status }) => status.phase === 'Running');

    const image = 'agnhost:2.54';
    const labels = { 'test-pod': 'patched' };
    const spec = { terminationGracePeriodSeconds: 1, containers: [{ name: 'agnhost', image }] };
    await calls.patch(name, { metadata: { labels }, spec }, { type: strategic });
    await watch.until('MODIFIED', ({ metadata }) => metadata.labels?.['test-pod'] === 'patched');
    const patched = await calls.get(name);
    assert.equal(patched.metadata.labels?.['test-pod'], 'patched');
    assert.equal(patched.spec.containers[0]?.image, image);

    const path = `/api/v1/namespaces/${namespace}/pods/${name}/status`;
    const { json } = await until(
      async () => {
        const read = await askSubresource(cluster, path);
        const conditions = [{ type: 'Ready', status: 'False' }];
        return cluster.http.ask(path, { method: 'PUT', body: { ...read, status: { ...read.status, conditions } } });
      },
      ({ status, text }) => assert.equal(status, 200, text),
    );
    assert.deepEqual(
      json.status.conditions.map(({ type, status }: Record<string, string>) => [type, status]),
      [['Ready', 'False']],
    );
    await watch.until('MODIFIED', ({ status }) => status.conditions?.every(({ status }) => status === 'False'));
    await calls.deleteCollection({ labelSelector });
    await watch.until('DELETED');
    await assertGone(calls, name);
  });

  test('[sig-node] Pods Extended Pods Set QOS Class should be set on Pods with matching resource requests and limits for memory and cpu [Conformance]', async () => {
    const { calls } = await inNamespace();
    const amounts = { cpu: '100m', memory: '100Mi' };
    const resources = { requests: amounts, limits: amounts };
    await calls.create({
      metadata: { name: 'pod-qos-class' },
      spec: { containers: [{ name: 'agnhost', image: 'pause', resources }] },
    });
    assert.equal((await calls.get('pod-qos-class')).status.qosClass, 'Guaranteed');
  });

  test('[sig-node] Pods Extended (pod generation) Pod Generation custom-set generation on new pods and graceful delete [Conformance]', async () => {
    const { calls } = await inNamespace();
    const finalizers = ['e2e.example.com/wait'];
    const created = await calls.create({ ...pod('pod'), metadata: { name: 'pod', generation: 100, finalizers } });
    assert.equal(created.metadata.generation, 1, 'the server counts, whatever is written');
    await isRunning(calls, 'pod');
    await calls.delete('pod');
    await until(
      () => calls.get('pod'),
      ({ metadata }) => assert.ok(metadata.deletionTimestamp),
    );
    assert.equal((await calls.get('pod')).metadata.generation, 2);
    await calls.patch('pod', { metadata: { finalizers: null } });
    await assertGone(calls, 'pod');
  });

  test('[sig-node] Pods Extended (pod generation) Pod Generation pod generation should start at 1 and increment per update [MinimumKubeletVersion:1.34] [Conformance]', async () => {
    const { calls } = await inNamespace();
    await calls.create(pod('pod'));
    await isRunning(calls, 'pod');
    const changes: [object, number][] = [
      [{ spec: { activeDeadlineSeconds: 5000 } }, 2],
      [{ spec: { containers: [{ name: 'agnhost', image: 'agnhost:2.54' }] } }, 3],
      [{ spec: { tolerations: [{ key: 'foo', operator: 'Exists', effect: 'NoExecute' }] } }, 4],
      [{ metadata: { annotations: { a: 'b' } } }, 4],
      [{ metadata: { labels: { a: 'b' } } }, 4],
    ];
    for (const [patch, generation] of changes) {
      const { metadata } = await calls.patch('pod', patch, { type: strategic });
      assert.equal(metadata.generation, generation, JSON.stringify(patch));
      await until(
        () => calls.get('pod'),
        ({ status }) => assert.equal(status.observedGeneration, generation),
      );
    }
  });
});
