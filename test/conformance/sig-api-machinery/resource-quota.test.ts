import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  configMaps,
  pods,
  replicaSets,
  replicationControllers,
  resourceQuotas,
  secrets,
  services,
  type Pod,
  type ResourceQuota,
  type Service,
} from '#api';
import type { New, ResourceClient } from '#client';
import { isStatusError, nameOf } from '#machinery';
import { until } from '../../support/until.ts';
import { assertGone, askSubresource } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';
import { assertNoneLeft } from '../support/lifecycle.ts';
import { Watching } from '../support/watching.ts';

const dongle = 'requests.example.com/dongle';
const containers = [{ name: 'pause', image: 'pause' }];

const hard = {
  pods: '5',
  services: '10',
  'services.nodeports': '1',
  'services.loadbalancers': '1',
  replicationcontrollers: '10',
  resourcequotas: '1',
  cpu: '1',
  memory: '500Mi',
  configmaps: '10',
  secrets: '10',
  persistentvolumeclaims: '10',
  'requests.storage': '10Gi',
  'ephemeral-storage': '50Gi',
  [dongle]: '3',
  'count/replicasets.apps': '5',
};

interface Requests {
  requests?: Record<string, string>;
  limits?: Record<string, string>;
}

const pod = (name: string, resources: Requests, spec: New<Pod['spec']> = {}): New<Pod> => ({
  metadata: { name },
  spec: { containers: [{ name: 'pause', image: 'pause', resources }], ...spec },
});

const isForbidden = (error: unknown): boolean => isStatusError(error, 'Forbidden');

describe('ResourceQuota', () => {
  const cluster = conformanceCluster();

  async function quotas(): Promise<{ namespace: string; calls: ResourceClient<ResourceQuota> }> {
    const namespace = await cluster.namespace();
    return { namespace, calls: cluster.client.of(resourceQuotas).in(namespace) };
  }

  /** Waits until the quota tells that so much is used of each. */
  async function uses(calls: ResourceClient<ResourceQuota>, name: string, used: Record<string, string>): Promise<void> {
    await until(
      () => calls.get(name),
      ({ spec, status }) => {
        assert.deepEqual(status?.hard, spec?.hard);
        assert.deepEqual({ ...status?.used, ...used }, status?.used);
      },
    );
  }

  /** A quota that counts itself, after it has been counted. */
  async function counted() {
    const { namespace, calls } = await quotas();
    await calls.create({ metadata: { name: 'test-quota' }, spec: { hard } });
    await uses(calls, 'test-quota', { resourcequotas: '1', pods: '0' });
    const nowUses = (used: Record<string, string>): Promise<void> => uses(calls, 'test-quota', used);
    return { namespace, calls, nowUses };
  }

  test('[sig-api-machinery] ResourceQuota should create a ResourceQuota and ensure its status is promptly calculated. [Conformance]', async () => {
    const { nowUses } = await counted();
    const none = Object.fromEntries(Object.keys(hard).map((name) => [name, '0']));
    await nowUses({ ...none, resourcequotas: '1', configmaps: '1' }); // the CA of the cluster is a config map
  });

  test('[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a service. [Conformance]', async () => {
    const { namespace, nowUses } = await counted();
    const calls = cluster.client.of(services).in(namespace);
    const service = (name: string, type: Service['spec']['type']): New<Service> => ({
      metadata: { name },
      spec: { type, ports: [{ port: 80, targetPort: 80 }] },
    });
    await calls.create(service('test-service', 'ClusterIP'));
    await calls.create(service('test-service-np', 'NodePort'));
    await assert.rejects(calls.create(service('test-service-lb', 'LoadBalancer')), isForbidden);
    await nowUses({ services: '2', 'services.nodeports': '1', 'services.loadbalancers': '0' });
    await calls.delete('test-service');
    await calls.delete('test-service-np');
    await nowUses({ services: '0', 'services.nodeports': '0', 'services.loadbalancers': '0' });
  });

  test('[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a secret. [Conformance]', async () => {
    const { namespace, nowUses } = await counted();
    const calls = cluster.client.of(secrets).in(namespace);
    await calls.create({ metadata: { name: 'test-secret' }, data: { 'data-1': 'dmFsdWUtMQ==' } });
    await nowUses({ secrets: '1' });
    await calls.delete('test-secret');
    await nowUses({ secrets: '0' });
  });

  test('[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a pod. [Conformance]', async () => {
    const { namespace, nowUses } = await counted();
    const calls = cluster.client.of(pods).in(namespace);
    const requests = { cpu: '500m', memory: '252Mi', 'ephemeral-storage': '30Gi', 'example.com/dongle': '2' };
    await calls.create(pod('test-pod', { requests, limits: { 'example.com/dongle': '2' } }));
    const used = { pods: '1', cpu: '500m', memory: '252Mi', 'ephemeral-storage': '30Gi', [dongle]: '2' };
    await nowUses(used);
    const more = { cpu: '600m', memory: '100Mi' };
    await assert.rejects(calls.create(pod('fail-pod', { requests: more })), isForbidden);
    const extended = { cpu: '500m', memory: '100Mi', 'ephemeral-storage': '10Gi', 'example.com/dongle': '2' };
    const failing = pod('fail-pod-for-extended-resource', {
      requests: extended,
      limits: { 'example.com/dongle': '2' },
    });
    await assert.rejects(calls.create(failing), isForbidden);
    const live = await calls.get('test-pod');
    const resources = { requests: { ...requests, memory: '100Mi' }, limits: { 'example.com/dongle': '2' } };
    const [container] = live.spec.containers;
    const changed = { ...live, spec: { ...live.spec, containers: [{ ...container!, resources }] } };
    await assert.rejects(calls.update(changed), (error) => isStatusError(error, 'Invalid'));
    await nowUses(used);
    await calls.delete('test-pod', { gracePeriodSeconds: 0 });
    await nowUses({ pods: '0', cpu: '0', memory: '0', 'ephemeral-storage': '0', [dongle]: '0' });
  });

  test('[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a configMap. [Conformance]', async () => {
    const { namespace, nowUses } = await counted();
    const calls = cluster.client.of(configMaps).in(namespace);
    await nowUses({ configmaps: '1' });
    await calls.create({ metadata: { name: 'test-configmap' }, data: { a: 'b' } });
    await nowUses({ configmaps: '2' });
    await calls.delete('test-configmap');
    await nowUses({ configmaps: '1' });
  });

  const labels = { name: 'test' };
  const template = { metadata: { labels }, spec: { containers } };

  test('[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a replication controller. [Conformance]', async () => {
    const { namespace, nowUses } = await counted();
    const calls = cluster.client.of(replicationControllers).in(namespace);
    await calls.create({ metadata: { name: 'test-rc' }, spec: { replicas: 0, selector: labels, template } });
    await nowUses({ replicationcontrollers: '1' });
    await calls.delete('test-rc', { propagationPolicy: 'Background' });
    await nowUses({ replicationcontrollers: '0' });
  });

  test('[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a replica set. [Conformance]', async () => {
    const { namespace, nowUses } = await counted();
    const calls = cluster.client.of(replicaSets).in(namespace);
    await calls.create({
      metadata: { name: 'test-rs' },
      spec: { replicas: 0, selector: { matchLabels: labels }, template },
    });
    await nowUses({ 'count/replicasets.apps': '1' });
    await calls.delete('test-rs');
    await nowUses({ 'count/replicasets.apps': '0' });
  });

  async function scoped(scopes: [string, string], limits: Record<string, string>) {
    const { namespace, calls } = await quotas();
    const [one, other] = scopes;
    for (const scope of scopes) {
      await calls.create({
        metadata: { name: scope.toLowerCase() },
        spec: { hard: { pods: '5', ...limits }, scopes: [scope] },
      });
      await uses(calls, scope.toLowerCase(), { pods: '0' });
    }
    const nowUse = async (ofOne: Record<string, string>, ofOther: Record<string, string>): Promise<void> => {
      await uses(calls, one.toLowerCase(), ofOne);
      await uses(calls, other.toLowerCase(), ofOther);
    };
    return { inNamespace: cluster.client.of(pods).in(namespace), nowUse };
  }

  const limits = { 'requests.cpu': '1', 'requests.memory': '500Mi', 'limits.cpu': '2', 'limits.memory': '1Gi' };
  const none = { pods: '0', 'requests.cpu': '0', 'requests.memory': '0', 'limits.cpu': '0', 'limits.memory': '0' };
  const some = { requests: { cpu: '500m', memory: '200Mi' }, limits: { cpu: '1', memory: '400Mi' } };
  const used = {
    pods: '1',
    'requests.cpu': '500m',
    'requests.memory': '200Mi',
    'limits.cpu': '1',
    'limits.memory': '400Mi',
  };

  test('[sig-api-machinery] ResourceQuota should verify ResourceQuota with terminating scopes. [Conformance]', async () => {
    const { inNamespace, nowUse } = await scoped(['Terminating', 'NotTerminating'], limits);
    await inNamespace.create(pod('test-pod', some));
    await nowUse(none, used);
    await inNamespace.delete('test-pod', { gracePeriodSeconds: 0 });
    await nowUse(none, none);
    await inNamespace.create(pod('terminating-pod', some, { activeDeadlineSeconds: 3600 }));
    await nowUse(used, none);
    await inNamespace.delete('terminating-pod', { gracePeriodSeconds: 0 });
    await nowUse(none, none);
  });

  test('[sig-api-machinery] ResourceQuota should verify ResourceQuota with best effort scope. [Conformance]', async () => {
    const { inNamespace, nowUse } = await scoped(['BestEffort', 'NotBestEffort'], {});
    await inNamespace.create(pod('besteffort-pod', {}));
    await nowUse({ pods: '1' }, { pods: '0' });
    await inNamespace.delete('besteffort-pod', { gracePeriodSeconds: 0 });
    await nowUse({ pods: '0' }, { pods: '0' });
    await inNamespace.create(pod('burstable-pod', some));
    await nowUse({ pods: '0' }, { pods: '1' });
    await inNamespace.delete('burstable-pod', { gracePeriodSeconds: 0 });
    await nowUse({ pods: '0' }, { pods: '0' });
  });

  test('[sig-api-machinery] ResourceQuota should be able to update and delete ResourceQuota. [Conformance]', async () => {
    const { calls } = await quotas();
    const created = await calls.create({
      metadata: { name: 'test-quota' },
      spec: { hard: { cpu: '1', memory: '500Mi' } },
    });
    assert.deepEqual(created.spec?.hard, { cpu: '1', memory: '500Mi' });
    const read = await calls.get('test-quota');
    const wanted = { cpu: '2', memory: '1Gi' };
    const updated = await until(
      async () => calls.update({ ...(await calls.get('test-quota')), spec: { ...read.spec, hard: wanted } }),
      () => {},
    );
    assert.deepEqual(updated.spec?.hard, wanted);
    assert.deepEqual((await calls.get('test-quota')).spec?.hard, wanted);
    await calls.delete('test-quota');
    await assertGone(calls, 'test-quota');
  });

  test('[sig-api-machinery] ResourceQuota should manage the lifecycle of a ResourceQuota [Conformance]', async () => {
    const { namespace, calls } = await quotas();
    const name = 'e2e-quota';
    const labelSelector = `${name}=${namespace}`;
    await calls.create({
      metadata: { name, labels: { [name]: namespace } },
      spec: { hard: { cpu: '500m', memory: '5Gi' } },
    });
    const everywhere = cluster.client.of(resourceQuotas);
    assert.deepEqual((await everywhere.list({ labelSelector })).items.map(nameOf), [name]);
    const patch = { metadata: { labels: { [name]: 'patched' } }, spec: { hard: { memory: '750Mi' } } };
    const patched = await calls.patch(name, patch, { type: 'application/strategic-merge-patch+json' });
    assert.equal(patched.metadata.labels?.[name], 'patched');
    assert.equal(patched.spec?.hard?.['memory'], '750Mi');
    await calls.deleteCollection({ labelSelector: `${name}=patched` });
    await assertNoneLeft(calls, `${name}=patched`);
  });

  test('[sig-api-machinery] ResourceQuota should apply changes to a resourcequota status [Conformance]', async () => {
    const { namespace, calls } = await quotas();
    const name = 'e2e-rq-status';
    const labels = { 'e2e-rq-label': name };
    const path = `/api/v1/namespaces/${namespace}/resourcequotas/${name}/status`;
    const { resourceVersion } = await calls.list();
    await using watch = new Watching(calls, { labelSelector: `e2e-rq-label=${name}`, resourceVersion });
    await calls.create({ metadata: { name, labels }, spec: { hard: { cpu: '500m', memory: '500Mi' } } });
    await watch.until('MODIFIED', ({ status }) => status?.hard?.['cpu'] === '500m');

    const bigger = { cpu: '1', memory: '1Gi' };
    await until(
      async () => {
        const read = await askSubresource(cluster, path);
        return cluster.http.ask(path, { method: 'PUT', body: { ...read, status: { hard: bigger } } });
      },
      ({ status, text, json }) => {
        assert.equal(status, 200, text);
        assert.deepEqual(json.status.hard, bigger);
      },
    );
    // What is written there does not stay: the controller brings it in line with the spec.
    await watch.until('MODIFIED', ({ status }) => status?.hard?.['cpu'] === '500m');

    const type = 'application/strategic-merge-patch+json';
    await calls.patch(name, { spec: { hard: bigger } }, { type });
    await watch.until('MODIFIED', ({ status }) => status?.hard?.['memory'] === '1Gi');
    const third = { cpu: '2', memory: '2Gi' };
    const patched = await askSubresource(cluster, path, { method: 'PATCH', type, body: { status: { hard: third } } });
    assert.deepEqual(patched.status.hard, third);
    assert.deepEqual(patched.spec.hard, bigger, 'the status alone is changed');
    await watch.until('MODIFIED', ({ status }) => status?.hard?.['cpu'] === '1');
    const read = await askSubresource(cluster, path);
    assert.deepEqual(read.status.hard, bigger);

    const body = { spec: { hard: third }, status: { hard: third } };
    const again = await askSubresource(cluster, path, { method: 'PATCH', type, body });
    assert.deepEqual(again.status.hard, third);
    assert.deepEqual(again.spec.hard, bigger);
    await watch.until('MODIFIED', ({ status }) => status?.hard?.['cpu'] === '1');
  });
});
