import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { configMaps, namespaces, pods, services } from '#api';
import { isStatusError } from '#machinery';
import { until } from '../../support/until.ts';
import { assertGone, askSubresource } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';

const pause = { containers: [{ name: 'nginx', image: 'registry.k8s.io/pause:3.10' }] };

describe('Namespaces', () => {
  const cluster = conformanceCluster({ nodes: 1 });
  const isNotFound = (error: unknown): boolean => isStatusError(error, 'NotFound');

  test('[sig-api-machinery] Namespaces [Serial] should ensure that all pods are removed when a namespace is deleted [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const calls = cluster.client.of(pods).in(namespace);
    await calls.create({ metadata: { name: 'test-pod' }, spec: pause });
    await until(
      () => calls.get('test-pod'),
      ({ status }) => assert.equal(status.phase, 'Running'),
    );
    const all = cluster.client.of(namespaces);
    await all.delete(namespace);
    await assertGone(all, namespace);
    await all.create({ metadata: { name: namespace } });
    await assert.rejects(calls.get('test-pod'), isNotFound);
  });

  test('[sig-api-machinery] Namespaces [Serial] should ensure that all services are removed when a namespace is deleted [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const calls = cluster.client.of(services).in(namespace);
    const spec = { selector: { foo: 'bar', baz: 'blah' }, ports: [{ port: 80, targetPort: 80 }] };
    await calls.create({ metadata: { name: 'test-service' }, spec });
    const all = cluster.client.of(namespaces);
    await all.delete(namespace);
    await assertGone(all, namespace);
    await all.create({ metadata: { name: namespace } });
    await assert.rejects(calls.get('test-service'), isNotFound);
  });

  test('[sig-api-machinery] Namespaces [Serial] should patch a Namespace [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const all = cluster.client.of(namespaces);
    const patch = { metadata: { labels: { testLabel: 'testValue' } } };
    await all.patch(namespace, patch, { type: 'application/strategic-merge-patch+json' });
    assert.equal((await all.get(namespace)).metadata.labels?.['testLabel'], 'testValue');
  });

  test('[sig-api-machinery] Namespaces [Serial] should apply changes to a namespace status [Conformance]', async () => {
    const path = `/api/v1/namespaces/${await cluster.namespace()}/status`;
    const read = await askSubresource(cluster, path);
    assert.equal(read.status.phase, 'Active');
    const condition = { type: 'StatusPatch', status: 'True', reason: 'E2E', message: 'Patched by an e2e test' };
    const patched = await askSubresource(cluster, path, {
      method: 'PATCH',
      type: 'application/merge-patch+json',
      body: { metadata: { annotations: { 'e2e-patched-ns-status': 'yes' } }, status: { conditions: [condition] } },
    });
    assert.equal(patched.metadata.annotations['e2e-patched-ns-status'], 'yes');
    assert.equal(patched.status.conditions.length, 1);
    assert.deepEqual({ ...patched.status.conditions[0], ...condition }, patched.status.conditions[0]);
    const update = { ...condition, type: 'StatusUpdate', message: 'Updated by an e2e test' };
    const updated = await askSubresource(cluster, path, {
      method: 'PUT',
      body: { ...patched, status: { ...patched.status, conditions: [...patched.status.conditions, update] } },
    });
    assert.equal(updated.status.conditions.length, 2);
    assert.equal(updated.status.conditions[1].type, 'StatusUpdate');
    assert.equal(updated.status.conditions[1].message, 'Updated by an e2e test');
  });

  test('[sig-api-machinery] Namespaces [Serial] should apply an update to a Namespace [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const all = cluster.client.of(namespaces);
    const { metadata, ...rest } = await all.get(namespace);
    const labels = { ...metadata.labels, [namespace]: 'updated' };
    const updated = await all.update({ ...rest, metadata: { ...metadata, labels } });
    assert.equal(updated.metadata.labels?.[namespace], 'updated');
  });

  test('[sig-api-machinery] Namespaces [Serial] should apply a finalizer to a Namespace [Conformance]', async () => {
    const path = `/api/v1/namespaces/${await cluster.namespace()}`;
    const finalizer = 'e2e.example.com/fakeFinalizer';
    const read = await askSubresource(cluster, path);
    const finalizers = [...read.spec.finalizers, finalizer];
    const finalized = await askSubresource(cluster, `${path}/finalize`, {
      method: 'PUT',
      body: { ...read, spec: { ...read.spec, finalizers } },
    });
    assert.ok(finalized.spec.finalizers.includes(finalizer));
    const freed = await askSubresource(cluster, `${path}/finalize`, {
      method: 'PUT',
      body: { ...finalized, spec: { ...finalized.spec, finalizers: read.spec.finalizers } },
    });
    assert.deepEqual(freed.spec.finalizers, read.spec.finalizers);
  });

  test('[sig-api-machinery] OrderedNamespaceDeletion namespace deletion should delete pod first [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const inNamespace = cluster.client.of(pods).in(namespace);
    const maps = cluster.client.of(configMaps).in(namespace);
    const finalizers = ['e2e.example.com/finalizer'];
    await inNamespace.create({ metadata: { name: 'pod', finalizers }, spec: pause });
    await maps.create({ metadata: { name: 'test-configmap', finalizers } });
    const all = cluster.client.of(namespaces);
    await all.delete(namespace);
    await until(
      () => all.get(namespace),
      ({ status }) => {
        assert.equal(status?.phase, 'Terminating');
        const told = status?.conditions?.find(({ type }) => type === 'NamespaceDeletionContentFailure');
        const remaining = status?.conditions?.find(({ type }) => type === 'NamespaceContentRemaining');
        assert.ok(told ?? remaining, 'the namespace tells what it waits for');
      },
    );
    await until(
      () => inNamespace.get('pod'),
      ({ metadata }) => assert.ok(metadata.deletionTimestamp),
    );
    assert.equal((await maps.get('test-configmap')).metadata.deletionTimestamp, undefined, 'pods come first');
    await inNamespace.patch('pod', { metadata: { finalizers: null } });
    await assertGone(inNamespace, 'pod');
    await until(
      () => maps.get('test-configmap'),
      ({ metadata }) => assert.ok(metadata.deletionTimestamp),
    );
    await maps.patch('test-configmap', { metadata: { finalizers: null } });
    await assertGone(all, namespace);
  });
});
