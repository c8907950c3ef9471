import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { configMaps, secrets } from '#api';
import { isStatusError, nameOf } from '#machinery';
import { conformanceCluster } from '../support/cluster.ts';
import { Watching } from '../support/watching.ts';

describe('Secrets and ConfigMaps', () => {
  const cluster = conformanceCluster();
  const base64 = (text: string): string => Buffer.from(text).toString('base64');

  test('[sig-node] Secrets should fail to create secret due to empty secret key [Conformance]', async () => {
    const calls = cluster.client.of(secrets).in(await cluster.namespace());
    const secret = { metadata: { name: 'secret-emptykey-test' }, data: { '': base64('value-1\n') } };
    await assert.rejects(calls.create(secret), (error) => isStatusError(error, 'Invalid'));
  });

  test('[sig-node] Secrets should patch a secret [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const everywhere = cluster.client.of(secrets);
    const calls = everywhere.in(namespace);
    const name = 'test-secret';
    const created = await calls.create({
      metadata: { name, labels: { 'testsecret-constant': 'true' } },
      data: { key: base64('value') },
      type: 'Opaque',
    });
    const labelSelector = 'testsecret-constant=true';
    const listed = await everywhere.list({ labelSelector });
    assert.ok(listed.items.some((one) => nameOf(one) === name && one.data?.['key'] === base64('value')));
    const patch = { metadata: { labels: { testsecret: 'true' } }, data: { key: base64('value1') } };
    await calls.patch(name, patch, { type: 'application/strategic-merge-patch+json' });
    const patched = await calls.get(name);
    assert.equal(patched.metadata.labels?.['testsecret'], 'true');
    assert.equal(patched.data?.['key'], base64('value1'));
    assert.equal(patched.metadata.uid, created.metadata.uid);
    await calls.deleteCollection({ labelSelector: 'testsecret=true' });
    assert.deepEqual((await everywhere.list({ labelSelector })).items, []);
  });

  test('[sig-node] ConfigMap should fail to create ConfigMap with empty key [Conformance]', async () => {
    const calls = cluster.client.of(configMaps).in(await cluster.namespace());
    const map = { metadata: { name: 'configmap-test-emptykey' }, data: { '': 'value-1' } };
    await assert.rejects(calls.create(map), (error) => isStatusError(error, 'Invalid'));
  });

  test('[sig-node] ConfigMap should update ConfigMap successfully [NodeConformance] [Conformance]', async () => {
    const calls = cluster.client.of(configMaps).in(await cluster.namespace());
    const created = await calls.create({ metadata: { name: 'configmap-test' }, data: {} });
    await calls.update({ ...created, data: { data: 'value' } });
    assert.deepEqual((await calls.get('configmap-test')).data, { data: 'value' });
  });

  test('[sig-node] ConfigMap should run through a ConfigMap lifecycle [Conformance]', async () => {
    const everywhere = cluster.client.of(configMaps);
    const calls = everywhere.in(await cluster.namespace());
    const name = 'test-configmap';
    const labelSelector = 'test-configmap-static=true';
    const { resourceVersion } = await calls.list({ labelSelector });
    await using watch = new Watching(calls, { labelSelector, resourceVersion });
    await calls.create({
      metadata: { name, labels: { 'test-configmap-static': 'true' } },
      data: { valueName: 'value' },
    });
    await watch.until('ADDED');
    const patch = { metadata: { labels: { 'test-configmap': 'patched' } }, data: { valueName: 'value1' } };
    await calls.patch(name, patch, { type: 'application/strategic-merge-patch+json' });
    await watch.until('MODIFIED');
    const got = await calls.get(name);
    assert.equal(got.data?.['valueName'], 'value1');
    assert.equal(got.metadata.labels?.['test-configmap'], 'patched');
    const listed = await everywhere.list({ labelSelector });
    assert.ok(listed.items.some((one) => nameOf(one) === name && one.data?.['valueName'] === 'value1'));
    await calls.deleteCollection({ labelSelector });
    await watch.until('DELETED');
    assert.deepEqual((await calls.list({ labelSelector })).items, []);
  });

  for (const [title, resource] of [
    ['[sig-storage] ConfigMap should be immutable if `immutable` field is set [Conformance]', configMaps],
    ['[sig-storage] Secrets should be immutable if `immutable` field is set [Conformance]', secrets],
  ] as const) {
    test(title, async () => {
      const calls = cluster.client.of<{ metadata: object; data?: Record<string, string>; immutable?: boolean }>(
        resource,
      );
      const own = calls.in(await cluster.namespace());
      const name = 'immutable';
      const change = async (fields: object): Promise<unknown> => own.update({ ...(await own.get(name)), ...fields });
      await own.create({ metadata: { name }, data: { 'data-1': base64('value-1') } });
      await change({ data: { 'data-4': base64('value-4') } });
      await change({ immutable: true });
      const isInvalid = (error: unknown): boolean => isStatusError(error, 'Invalid');
      await assert.rejects(change({ data: { 'data-5': base64('value-5') } }), isInvalid);
      await assert.rejects(change({ immutable: false }), isInvalid);
      await assert.rejects(change({ immutable: undefined }), isInvalid);
      const { metadata } = await own.get(name);
      await change({ metadata: { ...metadata, labels: { label1: 'value1' } } });
      await own.delete(name);
    });
  }
});
