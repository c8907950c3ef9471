import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { persistentVolumeClaims, persistentVolumes, type PersistentVolume, type PersistentVolumeClaim } from '#api';
import type { New } from '#client';
import { nameOf, uidOf } from '#machinery';
import { until } from '../../support/until.ts';
import { assertGone, askSubresource } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';
import { assertNoneLeft, updateLabel } from '../support/lifecycle.ts';

const type = 'application/merge-patch+json';
const strategic = 'application/strategic-merge-patch+json';

describe('PersistentVolumes', () => {
  const cluster = conformanceCluster();

  const volume = (namespace: string): New<PersistentVolume> => ({
    metadata: { generateName: `${namespace}-`, labels: { e2e: namespace } },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: namespace,
      csi: { driver: 'inline-driver.example.com', volumeHandle: 'e2e-conformance' },
    },
  });

  const claim = (namespace: string): New<PersistentVolumeClaim> => ({
    metadata: { generateName: 'pvc-', labels: { e2e: namespace } },
    spec: {
      accessModes: ['ReadWriteOnce'],
      // Of another class, so that no controller binds the two.
      storageClassName: `${namespace}-unbound`,
      resources: { requests: { storage: '1Gi' } },
    },
  });

  async function both() {
    const namespace = await cluster.namespace();
    const volumes = cluster.client.of(persistentVolumes);
    const claims = cluster.client.of(persistentVolumeClaims).in(namespace);
    const make = async () => ({
      pv: await volumes.create(volume(namespace)),
      pvc: await claims.create(claim(namespace)),
    });
    return { namespace, volumes, claims, make };
  }

  test('[sig-storage] PersistentVolumes CSI Conformance should run through the lifecycle of a PV and a PVC [Conformance]', async () => {
    const { namespace, volumes, claims, make } = await both();
    const labelSelector = `e2e=${namespace}`;
    const { pv, pvc } = await make();
    assert.deepEqual((await volumes.list({ labelSelector })).items.map(uidOf), [uidOf(pv)]);
    assert.deepEqual((await claims.list()).items.map(uidOf), [uidOf(pvc)]);
    const patch = (name: string) => ({ metadata: { labels: { [name]: 'patched' } } });
    const patchedPv = await volumes.patch(nameOf(pv), patch(nameOf(pv)), { type: strategic });
    assert.equal(patchedPv.metadata.labels?.[nameOf(pv)], 'patched');
    const patchedPvc = await claims.patch(nameOf(pvc), patch(nameOf(pvc)), { type: strategic });
    assert.equal(patchedPvc.metadata.labels?.[nameOf(pvc)], 'patched');
    assert.equal(uidOf(await volumes.get(nameOf(pv))), uidOf(pv));
    assert.equal(uidOf(await claims.get(nameOf(pvc))), uidOf(pvc));
    await claims.delete(nameOf(pvc));
    await assertGone(claims, nameOf(pvc));
    await volumes.delete(nameOf(pv));
    await assertGone(volumes, nameOf(pv));

    const next = await make();
    assert.equal((await updateLabel(volumes, nameOf(next.pv), 'pv', 'updated')).metadata.labels?.['pv'], 'updated');
    assert.equal((await updateLabel(claims, nameOf(next.pvc), 'pvc', 'updated')).metadata.labels?.['pvc'], 'updated');
    await claims.deleteCollection({ labelSelector: 'pvc=updated' });
    await assertNoneLeft(claims, 'pvc=updated');
    await volumes.deleteCollection({ labelSelector: 'pv=updated' });
    await assertNoneLeft(volumes, 'pv=updated');
  });

  test('[sig-storage] PersistentVolumes CSI Conformance should apply changes to a pv/pvc status [Conformance]', async () => {
    const { namespace, volumes, claims, make } = await both();
    const { pv, pvc } = await make();
    assert.equal((await volumes.list({ labelSelector: `e2e=${namespace}` })).items.length, 1);
    assert.equal((await claims.list()).items.length, 1);
    const pvcPath = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${nameOf(pvc)}/status`;
    const pvPath = `/api/v1/persistentvolumes/${nameOf(pv)}/status`;
    assert.equal((await askSubresource(cluster, pvcPath)).status.phase, 'Pending');
    assert.ok(['Pending', 'Available'].includes((await askSubresource(cluster, pvPath)).status.phase));

    const condition = {
      type: 'StatusPatched',
      status: 'True',
      reason: 'E2E patchedStatus',
      message: 'Set from e2e test',
    };
    const body = { status: { conditions: [condition] } };
    const patchedPvc = await askSubresource(cluster, pvcPath, { method: 'PATCH', type, body });
    assert.equal(patchedPvc.status.conditions[0].type, 'StatusPatched');
    const words = { message: 'StatusPatched', reason: 'E2E patchStatus' };
    const patchedPv = await askSubresource(cluster, pvPath, { method: 'PATCH', type, body: { status: words } });
    assert.deepEqual([patchedPv.status.message, patchedPv.status.reason], [words.message, words.reason]);

    const conditions = [{ ...condition, type: 'StatusUpdated', reason: 'E2E updateStatus' }];
    const updatedPvc = await put(pvcPath, { conditions });
    assert.equal(updatedPvc.status.conditions[0].type, 'StatusUpdated');
    const updatedPv = await put(pvPath, { message: 'StatusUpdated', reason: 'E2E updateStatus' });
    assert.deepEqual([updatedPv.status.message, updatedPv.status.reason], ['StatusUpdated', 'E2E updateStatus']);
  });

  /** Reads an object and writes it back with a changed status, as often as a controller comes between. */
  async function put(path: string, status: object) {
    return until(
      async () => {
        const object = await askSubresource(cluster, path);
        return cluster.http.ask(path, { method: 'PUT', body: { ...object, status: { ...object.status, ...status } } });
      },
      ({ status: code, text }) => assert.equal(code, 200, text),
    ).then(({ json }) => json);
  }
});
