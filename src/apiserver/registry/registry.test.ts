import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Endpoints, EndpointSlice, Service } from '#api';
import { isStatusError, type KubeObject } from '#machinery';
import { openRegistryHarness } from './testing/registry-harness.ts';

test('a new cluster has its namespaces and the service of its API server', async () => {
  await using harness = await openRegistryHarness();
  const { rest, context } = harness;
  const namespaces = await rest('namespaces').list(context, '', {});
  const names = namespaces.items.map(({ object }) => object.metadata.name);
  assert.deepEqual(names, ['default', 'kube-node-lease', 'kube-public', 'kube-system']);
  assert.deepEqual(namespaces.items[0]?.object.metadata.labels, { 'kubernetes.io/metadata.name': 'default' });
  const service = (await rest('services').get(context, 'default', 'kubernetes')).object as Service;
  assert.equal(service.spec.clusterIP, '10.96.0.1');
  const slices = rest('endpointslices.discovery.k8s.io');
  const slice = (await slices.get(context, 'default', 'kubernetes')).object as EndpointSlice;
  assert.deepEqual(slice.endpoints?.[0]?.addresses, ['172.30.0.1']);
  const endpoints = (await rest('endpoints').get(context, 'default', 'kubernetes')).object as Endpoints;
  assert.equal(endpoints.metadata.labels?.['endpointslice.kubernetes.io/skip-mirror'], 'true');
  assert.deepEqual(endpoints.subsets, [
    { addresses: [{ ip: '172.30.0.1' }], ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] },
  ]);
  const before = slice.metadata.resourceVersion;
  await harness.restart();
  assert.equal(
    (await rest('endpointslices.discovery.k8s.io').get(context, 'default', 'kubernetes')).object.metadata
      .resourceVersion,
    before,
  );
});

test('objects lie in the store where upstream has them', async () => {
  await using harness = await openRegistryHarness();
  const { kvs } = await harness.store.range({ key: Buffer.from('/registry/'), rangeEnd: Buffer.from('/registry0') });
  assert.deepEqual(
    kvs.map(({ key }) => Buffer.from(key).toString()),
    [
      '/registry/endpointslices/default/kubernetes',
      '/registry/ipaddresses/10.96.0.1',
      '/registry/namespaces/default',
      '/registry/namespaces/kube-node-lease',
      '/registry/namespaces/kube-public',
      '/registry/namespaces/kube-system',
      '/registry/priorityclasses/system-cluster-critical',
      '/registry/priorityclasses/system-node-critical',
      '/registry/servicecidrs/kubernetes',
      '/registry/services/endpoints/default/kubernetes',
      '/registry/services/specs/default/kubernetes',
    ],
  );
  const value = JSON.parse(Buffer.from(kvs[2]?.value ?? []).toString()) as KubeObject;
  assert.equal(value.kind, 'Namespace');
  assert.equal(value.metadata.resourceVersion, undefined);
});

const samples: Record<string, object> = {
  configmaps: { data: { key: 'value' } },
  secrets: { type: 'Opaque', data: { key: 'dmFsdWU=' } },
  serviceaccounts: {},
  pods: { spec: { containers: [{ name: 'c', image: 'i' }] } },
  services: { spec: { ports: [{ port: 80 }] } },
  nodes: {},
  namespaces: {},
  'deployments.apps': {
    spec: {
      selector: { matchLabels: { app: 'x' } },
      template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    },
  },
  'replicasets.apps': {
    spec: {
      selector: { matchLabels: { app: 'x' } },
      template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    },
  },
  'leases.coordination.k8s.io': { spec: { holderIdentity: 'me', leaseDurationSeconds: 10 } },
  'endpointslices.discovery.k8s.io': { addressType: 'IPv4', endpoints: [] },
  events: { involvedObject: { kind: 'Pod', namespace: 'default', name: 'p' }, reason: 'Why', message: 'what' },
  'events.events.k8s.io': {
    regarding: { kind: 'Pod', namespace: 'default', name: 'p' },
    reason: 'Why',
    note: 'what',
    type: 'Normal',
    action: 'Binding',
    eventTime: '2026-01-01T00:00:00.000000Z',
    reportingController: 'kedge.dev/test',
    reportingInstance: 'test-1',
  },
  'roles.rbac.authorization.k8s.io': { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
  'clusterroles.rbac.authorization.k8s.io': { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
  'rolebindings.rbac.authorization.k8s.io': {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'sample' },
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'u' }],
  },
  'clusterrolebindings.rbac.authorization.k8s.io': {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'sample' },
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'u' }],
  },
};

for (const [resource, sample] of Object.entries(samples)) {
  test(`${resource} are created, read, listed, watched, updated, patched and deleted`, async () => {
    await using harness = await openRegistryHarness();
    const { context } = harness;
    const rest = harness.rest(resource);
    const ns = rest.resource.namespaced ? 'default' : '';
    if (resource === 'pods') await harness.create('serviceaccounts', 'default', { metadata: { name: 'default' } });
    const name = 'sample';
    const { object, resourceVersion } = await rest.create(
      context,
      ns,
      { metadata: { name }, ...sample },
      { fieldValidation: 'Strict' },
    );
    assert.equal(object.kind, rest.resource.kindName);
    assert.equal(object.apiVersion, rest.resource.apiVersion);
    assert.deepEqual((await rest.get(context, ns, name)).object, object);
    const fieldSelector = 'metadata.name=sample';
    assert.deepEqual(
      (await rest.list(context, ns, { fieldSelector })).items.map((one) => one.object),
      [object],
    );

    // What was read may be written back as it is, and then nothing changes.
    const same = await rest.update(context, ns, name, object, { fieldValidation: 'Strict' });
    assert.deepEqual(same.stored.object, object);
    assert.equal(same.stored.resourceVersion, resourceVersion);

    const labels = { color: 'blue' };
    const { stored } = await rest.patch(context, ns, name, 'application/strategic-merge-patch+json', {
      metadata: { labels },
    });
    assert.equal(stored.object.metadata.labels?.['color'], 'blue');
    for await (const item of rest.watch(context, ns, { resourceVersion: String(resourceVersion), fieldSelector })) {
      assert.deepEqual([item.type, item.stored.object], ['MODIFIED', stored.object]);
      break;
    }
    const { stored: last } = await rest.delete(context, ns, name);
    assert.equal(last.object.metadata.uid, object.metadata.uid);
    if (resource === 'namespaces') return;
    await assert.rejects(rest.get(context, ns, name), (error) => isStatusError(error, 'NotFound'));
  });
}
