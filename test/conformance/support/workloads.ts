import assert from 'node:assert/strict';
import type { ResourceClient } from '#client';
import { until } from '../../support/until.ts';
import { askSubresource } from './api-operations.ts';
import type { ConformanceCluster } from './cluster.ts';
import { Watching } from './watching.ts';

const type = 'application/merge-patch+json';

/** Reads, updates and patches the scale of a workload, as all "should have a working scale subresource" do. */
export async function showScale(cluster: ConformanceCluster, path: string, { from }: { from: number }): Promise<void> {
  const scale = await askSubresource(cluster, `${path}/scale`);
  assert.equal(scale.spec.replicas, from);
  assert.equal(scale.status.replicas, from);
  const more = { ...scale, metadata: { ...scale.metadata, resourceVersion: '' }, spec: { replicas: from + 1 } };
  const updated = await askSubresource(cluster, `${path}/scale`, { method: 'PUT', body: more });
  assert.equal(updated.spec.replicas, from + 1);
  assert.equal((await askSubresource(cluster, path)).spec.replicas, from + 1);
  const body = { spec: { replicas: from + 3 } };
  const patched = await askSubresource(cluster, `${path}/scale`, { method: 'PATCH', type, body });
  assert.equal(patched.spec.replicas, from + 3);
  assert.equal((await askSubresource(cluster, path)).spec.replicas, from + 3);
}

interface HasConditions {
  metadata: object;
  status?: { conditions?: { type?: string; reason?: string; message?: string }[] };
}

/** Reads, updates and patches the conditions of a workload, and sees them come by watch: all "Status endpoints" tests. */
export async function showStatus<T extends HasConditions>(
  cluster: ConformanceCluster,
  path: string,
  calls: ResourceClient<T>,
): Promise<void> {
  const { resourceVersion } = await calls.list();
  await using watch = new Watching(calls, { resourceVersion });
  const has = (wanted: string) => (object: T) => object.status?.conditions?.some(({ type }) => type === wanted);

  const condition = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test' };
  await until(
    async () => {
      const read = await askSubresource(cluster, `${path}/status`);
      const conditions = [...(read.status?.conditions ?? []), condition];
      const body = { ...read, status: { ...read.status, conditions } };
      return cluster.http.ask(`${path}/status`, { method: 'PUT', body });
    },
    ({ status, text }) => assert.equal(status, 200, text),
  );
  await watch.until('MODIFIED', has('StatusUpdate'));
  const body = { status: { conditions: [{ type: 'StatusPatched', status: 'True' }] } };
  const patched = await askSubresource(cluster, `${path}/status`, { method: 'PATCH', type, body });
  assert.equal(patched.status.conditions[0].type, 'StatusPatched');
  await watch.until('MODIFIED', has('StatusPatched'));
}
