import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { daemonSets, replicationControllers, statefulSets, type DaemonSet, type StatefulSet } from '#api';
import type { New } from '#client';
import { nameOf } from '#machinery';
import { askSubresource } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';
import { assertNoneLeft } from '../support/lifecycle.ts';
import { showStatus } from '../support/workloads.ts';

const labels = { e2e: 'sets' };
const labelSelector = 'e2e=sets';
const selector = { matchLabels: labels };
const template = { metadata: { labels }, spec: { containers: [{ name: 'httpd', image: 'httpd:1' }] } };

describe('the APIs of DaemonSets, StatefulSets and ReplicationControllers', () => {
  const cluster = conformanceCluster();
  const daemonSet: New<DaemonSet> = { metadata: { name: 'daemon-set', labels }, spec: { selector, template } };
  const statefulSet: New<StatefulSet> = {
    metadata: { name: 'ss', labels },
    spec: { serviceName: 'test', replicas: 1, selector, template },
  };

  test('[sig-apps] Daemon set [Serial] should verify changes to a daemon set status [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const calls = cluster.client.of(daemonSets).in(namespace);
    await calls.create(daemonSet);
    await showStatus(cluster, `/apis/apps/v1/namespaces/${namespace}/daemonsets/daemon-set`, calls);
  });

  test('[sig-apps] Daemon set [Serial] should list and delete a collection of DaemonSets [Conformance]', async () => {
    const everywhere = cluster.client.of(daemonSets);
    const calls = everywhere.in(await cluster.namespace());
    await calls.create({ ...daemonSet, metadata: { name: 'daemon-set', labels: { e2e: 'collection' } } });
    assert.deepEqual((await everywhere.list({ labelSelector: 'e2e=collection' })).items.map(nameOf), ['daemon-set']);
    await calls.deleteCollection({ labelSelector: 'e2e=collection' });
    await assertNoneLeft(calls, 'e2e=collection');
  });

  test('[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should validate Statefulset Status endpoints [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const calls = cluster.client.of(statefulSets).in(namespace);
    await calls.create(statefulSet);
    await showStatus(cluster, `/apis/apps/v1/namespaces/${namespace}/statefulsets/ss`, calls);
  });

  test('[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should list, patch and delete a collection of StatefulSets [Conformance]', async () => {
    const calls = cluster.client.of(statefulSets).in(await cluster.namespace());
    await calls.create(statefulSet);
    const spec = {
      replicas: 2,
      template: { spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'httpd', image: 'pause:1' }] } },
    };
    const patch = { metadata: { labels: { 'test-ss': 'patched' } }, spec };
    const patched = await calls.patch('ss', patch, { type: 'application/strategic-merge-patch+json' });
    assert.equal(patched.metadata.labels?.['test-ss'], 'patched');
    assert.equal(patched.spec.replicas, 2);
    assert.equal(patched.spec.template?.spec?.containers[0]?.image, 'pause:1');
    assert.equal((await calls.list({ labelSelector })).items.length, 1);
    await calls.deleteCollection({ labelSelector: 'test-ss=patched' });
    await assertNoneLeft(calls, labelSelector);
  });

  test('[sig-apps] ReplicationController should get and update a ReplicationController scale [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const calls = cluster.client.of(replicationControllers).in(namespace);
    await calls.create({ metadata: { name: 'e2e-rc' }, spec: { replicas: 1, selector: labels, template } });
    const path = `/api/v1/namespaces/${namespace}/replicationcontrollers/e2e-rc`;
    const scale = await askSubresource(cluster, `${path}/scale`);
    assert.deepEqual([scale.kind, scale.apiVersion, scale.spec.replicas], ['Scale', 'autoscaling/v1', 1]);
    // Without a resourceVersion, as upstream's test: the controller writes the status meanwhile.
    const metadata = { name: 'e2e-rc', namespace };
    const body = { ...scale, metadata, spec: { replicas: 2 } };
    const { status, json, text } = await cluster.http.ask(`${path}/scale`, { method: 'PUT', body });
    assert.equal(status, 200, text);
    assert.equal(json.spec.replicas, 2);
    assert.equal((await calls.get('e2e-rc')).spec?.replicas, 2);
  });
});
