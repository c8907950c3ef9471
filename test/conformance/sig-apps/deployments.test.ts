import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deployments, pods, replicaSets, type Deployment, type ReplicaSet } from '#api';
import type { New, ResourceClient } from '#client';
import { nameOf } from '#machinery';
import { until } from '../../support/until.ts';
import { assertGone, askSubresource } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';
import { showScale, showStatus } from '../support/workloads.ts';
import { Watching } from '../support/watching.ts';

const strategic = 'application/strategic-merge-patch+json';

interface Options {
  replicas?: number;
  labels?: Record<string, string>;
  image?: string;
  strategy?: New<Deployment['spec']['strategy']>;
  more?: New<Deployment['spec']>;
}

function deployment(
  name: string,
  { replicas = 1, labels = { name }, image = 'httpd:1', strategy, more }: Options = {},
) {
  const object: New<Deployment> = {
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'httpd', image }] } },
      ...(strategy && { strategy }),
      ...more,
    },
  };
  return object;
}

describe('Deployment', () => {
  const cluster = conformanceCluster({ nodes: 1, isReady: ({ spec }) => spec.containers[0]?.image !== 'nonexistent' });

  async function world() {
    const namespace = await cluster.namespace();
    return {
      namespace,
      calls: cluster.client.of(deployments).in(namespace),
      sets: cluster.client.of(replicaSets).in(namespace),
      inNamespace: cluster.client.of(pods).in(namespace),
    };
  }

  /** Waits until all replicas are of the newest template and available, and none else is left. */
  const complete = (calls: ResourceClient<Deployment>, name: string, replicas: number): Promise<Deployment> =>
    until(
      () => calls.get(name),
      ({ metadata, status }) => {
        assert.equal(status?.observedGeneration, metadata.generation);
        const { updatedReplicas = 0, availableReplicas = 0, replicas: total = 0 } = status ?? {};
        assert.deepEqual([updatedReplicas, availableReplicas, total], [replicas, replicas, replicas]);
      },
    );

  const setImage = (calls: ResourceClient<Deployment>, name: string, image: string): Promise<Deployment> =>
    calls.patch(
      name,
      { spec: { template: { spec: { containers: [{ name: 'httpd', image }] } } } },
      { type: strategic },
    );

  const imageOf = ({ spec }: ReplicaSet): string | undefined => spec.template?.spec?.containers[0]?.image;

  test('[sig-apps] Deployment Deployment should have a working scale subresource [Conformance]', async () => {
    const { namespace, calls } = await world();
    await calls.create(deployment('test-new-deployment'));
    await complete(calls, 'test-new-deployment', 1);
    await showScale(cluster, `/apis/apps/v1/namespaces/${namespace}/deployments/test-new-deployment`, { from: 1 });
  });

  test('[sig-apps] Deployment should validate Deployment Status endpoints [Conformance]', async () => {
    const { namespace, calls } = await world();
    await calls.create(deployment('test-deployment'));
    await complete(calls, 'test-deployment', 1);
    await showStatus(cluster, `/apis/apps/v1/namespaces/${namespace}/deployments/test-deployment`, calls);
  });

  test('[sig-apps] Deployment should run the lifecycle of a Deployment [Conformance]', async () => {
    const { namespace, calls } = await world();
    const name = 'test-deployment';
    const labels = { 'test-deployment-static': 'true' };
    const labelSelector = 'test-deployment-static=true';
    const { resourceVersion } = await calls.list({ labelSelector });
    await using watch = new Watching(calls, { labelSelector, resourceVersion });
    await calls.create(deployment(name, { replicas: 2, labels }));
    await watch.until('ADDED');
    await watch.until('MODIFIED', ({ status }) => status?.availableReplicas === 2 && status.readyReplicas === 2);

    const spec = {
      replicas: 1,
      template: { spec: { terminationGracePeriodSeconds: 2, containers: [{ name: 'httpd', image: 'httpd:2' }] } },
    };
    await calls.patch(name, { metadata: { labels: { 'test-deployment': 'patched' } }, spec }, { type: strategic });
    await watch.until('MODIFIED', ({ metadata }) => metadata.labels?.['test-deployment'] === 'patched');
    await complete(calls, name, 1);
    const listed = await cluster.client.of(deployments).list({ labelSelector });
    assert.deepEqual(listed.items.map(nameOf), [name]);

    await until(
      async () => {
        const read = await calls.get(name);
        const metadata = { ...read.metadata, labels: { ...read.metadata.labels, 'test-deployment': 'updated' } };
        await calls.update({ ...read, metadata, spec: { ...read.spec, replicas: 2 } });
        return setImage(calls, name, 'httpd:3');
      },
      () => {},
    );
    await complete(calls, name, 2);
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}/status`;
    const read = await askSubresource(cluster, path);
    assert.equal(read.spec.template.spec.containers[0].image, 'httpd:3');
    assert.equal(read.metadata.labels['test-deployment'], 'updated');

    const status = { readyReplicas: 0, availableReplicas: 0 };
    const body = { metadata: { labels: { 'test-deployment': 'patched-status' } }, status };
    await askSubresource(cluster, path, { method: 'PATCH', type: strategic, body });
    const again = await askSubresource(cluster, path);
    assert.equal(again.metadata.labels['test-deployment'], 'updated', 'labels are not part of the status');
    await complete(calls, name, 2);
    await calls.deleteCollection({ labelSelector, gracePeriodSeconds: 1 });
    await watch.until('DELETED');
  });

  test('[sig-apps] Deployment RollingUpdateDeployment should delete old pods and create new ones [Conformance]', async () => {
    const { calls, sets } = await world();
    const labels = { name: 'sample-pod', pod: 'httpd' };
    // A set that nobody manages is adopted by the deployment that selects it.
    await sets.create({
      metadata: {
        name: 'test-rolling-update-controller',
        labels,
        annotations: { 'deployment.kubernetes.io/revision': '3546343826724305832' },
      },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'httpd', image: 'httpd:1' }] } },
      },
    });
    await until(
      () => sets.get('test-rolling-update-controller'),
      ({ status }) => assert.equal(status?.availableReplicas, 1),
    );
    await calls.create(deployment('test-rolling-update-deployment', { labels, image: 'agnhost:1' }));
    const done = await complete(calls, 'test-rolling-update-deployment', 1);
    assert.equal(done.metadata.annotations?.['deployment.kubernetes.io/revision'], '3546343826724305833');
    const { items } = await until(
      () => sets.list(),
      ({ items }) =>
        assert.equal(items.find((one) => nameOf(one) === 'test-rolling-update-controller')?.status?.replicas, 0),
    );
    assert.equal(items.length, 2);
    assert.ok(items.every(({ metadata }) => metadata.ownerReferences?.[0]?.name === 'test-rolling-update-deployment'));
  });

  test('[sig-apps] Deployment RecreateDeployment should delete old pods and create new ones [Conformance]', async () => {
    const { calls, inNamespace } = await world();
    const name = 'test-recreate-deployment';
    await calls.create(deployment(name, { strategy: { type: 'Recreate' }, image: 'agnhost:1' }));
    await complete(calls, name, 1);
    const { resourceVersion } = await inNamespace.list();
    await using watch = new Watching(inNamespace, { resourceVersion });
    await setImage(calls, name, 'httpd:1');
    await complete(calls, name, 1);
    // Never do pods of both templates run: the old one is gone before the new one is made.
    let oldIsGone = false;
    for (let made = false; !made;) {
      const { type, object } = await watch.next();
      const isOld = object.spec.containers[0]?.image === 'agnhost:1';
      if (type === 'DELETED' && isOld) oldIsGone = true;
      if (isOld) continue;
      assert.ok(oldIsGone, 'a new pod came while the old one was there');
      made = true;
    }
  });

  test('[sig-apps] Deployment deployment should delete old replica sets [Conformance]', async () => {
    const { calls, sets } = await world();
    const name = 'test-cleanup-deployment';
    await calls.create(deployment(name, { image: 'httpd:1', more: { revisionHistoryLimit: 0 } }));
    await complete(calls, name, 1);
    await setImage(calls, name, 'agnhost:1');
    await complete(calls, name, 1);
    const { items } = await until(
      () => sets.list(),
      ({ items }) => assert.equal(items.length, 1),
    );
    assert.equal(imageOf(items[0]!), 'agnhost:1');
  });

  test('[sig-apps] Deployment deployment should support rollover [Conformance]', async () => {
    const { calls, sets } = await world();
    const name = 'test-rollover-deployment';
    const rollingUpdate = { maxUnavailable: 0, maxSurge: 1 };
    const strategy = { type: 'RollingUpdate', rollingUpdate } as const;
    // An image that never gets ready: the rollout is under way when the next change comes.
    await calls.create(deployment(name, { image: 'httpd:1', strategy }));
    await complete(calls, name, 1);
    await setImage(calls, name, 'nonexistent');
    await until(
      () => sets.list(),
      ({ items }) => assert.ok(items.some((set) => imageOf(set) === 'nonexistent' && set.status?.replicas === 1)),
    );
    await setImage(calls, name, 'agnhost:1');
    await complete(calls, name, 1);
    const { items } = await sets.list();
    const replicas = Object.fromEntries(items.map((set) => [imageOf(set), set.spec.replicas]));
    assert.deepEqual(replicas, { 'httpd:1': 0, nonexistent: 0, 'agnhost:1': 1 });
  });

  test('[sig-apps] Deployment deployment should support proportional scaling [Conformance]', async () => {
    const { calls, sets } = await world();
    const name = 'webserver-deployment';
    const rollingUpdate = { maxSurge: 3, maxUnavailable: 2 };
    await calls.create(deployment(name, { replicas: 10, strategy: { type: 'RollingUpdate', rollingUpdate } }));
    await complete(calls, name, 10);
    await setImage(calls, name, 'nonexistent');
    const replicasOf = async (): Promise<Record<string, number | undefined>> =>
      Object.fromEntries((await sets.list()).items.map((set) => [imageOf(set), set.spec.replicas]));
    await until(replicasOf, (replicas) => assert.deepEqual(replicas, { 'httpd:1': 8, nonexistent: 5 }));
    await calls.patch(name, { spec: { replicas: 30 } });
    await until(replicasOf, (replicas) => assert.deepEqual(replicas, { 'httpd:1': 20, nonexistent: 13 }));
    await calls.delete(name);
    await assertGone(calls, name);
  });
});
