import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  csiDrivers,
  csiNodes,
  csiStorageCapacities,
  pods,
  storageClasses,
  volumeAttachments,
  volumeAttributesClasses,
  type Pod,
  type StorageClass,
  type VolumeAttachment,
} from '#api';
import type { New } from '#client';
import { nameOf } from '#machinery';
import { assertGone, askSubresource, showApiOperations } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';
import { assertNoneLeft, showLifecycle, updateLabel } from '../support/lifecycle.ts';

describe('storage APIs', () => {
  const cluster = conformanceCluster();

  test('[sig-storage] CSIStorageCapacity should support CSIStorageCapacities API operations [Conformance]', async () => {
    await showApiOperations(cluster, {
      resource: csiStorageCapacities,
      namespace: await cluster.namespace(),
      make: () => ({ metadata: { generateName: 'e2e-' }, storageClassName: 'csi-storage', capacity: '1Gi' }),
      check: ({ capacity }) => assert.equal(capacity, '1Gi'),
    });
  });

  test('[sig-storage] StorageClasses CSI Conformance should run through the lifecycle of a StorageClass [Conformance]', async () => {
    const make = (): New<StorageClass> => ({
      metadata: { generateName: 'e2e-' },
      provisioner: 'e2e-fake-provisioner',
      parameters: { foo: 'bar' },
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
      allowVolumeExpansion: true,
    });
    await showLifecycle({ calls: cluster.client.of(storageClasses), make });
  });

  test('[sig-storage] VolumeAttributesClass [FeatureGate:VolumeAttributesClass] should run through the lifecycle of a VolumeAttributesClass [Conformance]', async () => {
    await showLifecycle({
      calls: cluster.client.of(volumeAttributesClasses),
      make: () => ({ metadata: { generateName: 'e2e-' }, driverName: 'e2e-fake-csi', parameters: { foo: 'bar' } }),
    });
  });

  test('[sig-storage] CSINodes CSI Conformance should run through the lifecycle of a csinode [Conformance]', async () => {
    const calls = cluster.client.of(csiNodes);
    await showLifecycle({ calls, make: () => ({ metadata: { generateName: 'e2e-csinode-' }, spec: { drivers: [] } }) });
  });

  test('[sig-storage] CSIInlineVolumes should run through the lifecycle of a CSIDriver [Conformance]', async () => {
    const calls = cluster.client.of(csiDrivers);
    const labels = { 'e2e-test': 'inline-driver' };
    const make = (name: string) =>
      calls.create({ metadata: { name, labels }, spec: { volumeLifecycleModes: ['Ephemeral'] } });
    const first = nameOf(await make('inline-driver-1'));
    const second = nameOf(await make('inline-driver-2'));
    const labelSelector = 'e2e-test=inline-driver';
    assert.equal((await calls.list({ labelSelector })).items.length, 2);
    const patch = { metadata: { labels: { [first]: 'patched' } } };
    await calls.patch(first, patch, { type: 'application/strategic-merge-patch+json' });
    assert.equal((await calls.get(first)).metadata.labels?.[first], 'patched');
    assert.equal((await updateLabel(calls, second, second, 'updated')).metadata.labels?.[second], 'updated');
    await calls.delete(first);
    await assertGone(calls, first);
    await calls.deleteCollection({ labelSelector: `${second}=updated` });
    await assertNoneLeft(calls, labelSelector);
  });

  test('[sig-storage] CSIInlineVolumes should support CSIVolumeSource in Pod API [Conformance]', async () => {
    const driver = 'e2e.example.com';
    await cluster.client.of(csiDrivers).create({
      metadata: { name: driver },
      spec: { volumeLifecycleModes: ['Ephemeral'] },
    });
    const calls = cluster.client.of(pods).in(await cluster.namespace());
    const csi = { driver, volumeAttributes: { k1: 'v1', k2: 'v2' }, readOnly: true };
    const pod: New<Pod> = {
      metadata: { name: 'pod-csi-inline-volumes' },
      spec: {
        containers: [{ name: 'pod-csi-inline-volumes', image: 'busybox', command: ['sleep', '3600'] }],
        volumes: [{ name: 'test-volume', csi }],
      },
    };
    await calls.create(pod);
    assert.deepEqual((await calls.get(nameOf(pod as Pod))).spec.volumes?.[0]?.csi, csi);
    assert.equal((await calls.list()).items.length, 1);
    const patch = { metadata: { labels: { 'e2e-test': 'patched' } } };
    await calls.patch(nameOf(pod as Pod), patch, { type: 'application/strategic-merge-patch+json' });
    await calls.delete(nameOf(pod as Pod));
    await assertGone(calls, nameOf(pod as Pod));
    await cluster.client.of(csiDrivers).delete(driver);
  });

  const attachment = (at: number): New<VolumeAttachment> => ({
    metadata: { name: `va-e2e-${at}` },
    spec: { attacher: 'e2e-attacher', nodeName: 'e2e-node', source: { persistentVolumeName: `pv-${at}` } },
  });

  test('[sig-storage] VolumeAttachment Conformance should run through the lifecycle of a VolumeAttachment [Conformance]', async () => {
    const calls = cluster.client.of(volumeAttachments);
    await showLifecycle({ calls, make: attachment });
    for (const at of [3, 4]) {
      const { metadata } = await calls.create(attachment(at));
      const updated = await updateLabel(calls, metadata.name ?? '', 'va-e2e', 'updated');
      assert.equal(updated.metadata.labels?.['va-e2e'], 'updated');
    }
    await calls.deleteCollection({ labelSelector: 'va-e2e=updated' });
    await assertNoneLeft(calls, 'va-e2e=updated');
  });

  test('[sig-storage] VolumeAttachment Conformance should apply changes to a volumeattachment status [Conformance]', async () => {
    const calls = cluster.client.of(volumeAttachments);
    const { metadata } = await calls.create(attachment(5));
    const name = metadata.name ?? '';
    const patch = { metadata: { labels: { 'e2e-test': 'patched' } } };
    const patched = await calls.patch(name, patch, { type: 'application/strategic-merge-patch+json' });
    assert.equal(patched.metadata.labels?.['e2e-test'], 'patched');
    const path = `/apis/storage.k8s.io/v1/volumeattachments/${name}/status`;
    const read = await askSubresource(cluster, path);
    assert.equal(read.status.attached, false);
    const type = 'application/merge-patch+json';
    const attached = await askSubresource(cluster, path, {
      method: 'PATCH',
      type,
      body: { status: { attached: true } },
    });
    assert.equal(attached.status.attached, true);
    const detached = await askSubresource(cluster, path, {
      method: 'PUT',
      body: { ...attached, status: { attached: false } },
    });
    assert.equal(detached.status.attached, false);
    await calls.delete(name);
    await assertGone(calls, name);
  });
});
