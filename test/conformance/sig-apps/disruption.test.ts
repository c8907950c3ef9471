import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { podDisruptionBudgets, pods, type PodDisruptionBudget } from '#api';
import type { ResourceClient } from '#client';
import { nameOf } from '#machinery';
import { until } from '../../support/until.ts';
import { assertGone } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';

describe('DisruptionController', () => {
  const cluster = conformanceCluster({ nodes: 1 });
  const labels = { foo: 'bar' };

  /** So many pods that run, and a budget `foo` that wants this many of them healthy. */
  async function guarded(count: number, minAvailable: number) {
    const namespace = await cluster.namespace();
    const budgets = cluster.client.of(podDisruptionBudgets).in(namespace);
    await budgets.create({ metadata: { name: 'foo' }, spec: { minAvailable, selector: { matchLabels: labels } } });
    const inNamespace = cluster.client.of(pods).in(namespace);
    for (let at = 0; at < count; at++) {
      const spec = { containers: [{ name: 'donothing', image: 'pause:1' }] };
      await inNamespace.create({ metadata: { name: `pod-${at}`, labels }, spec });
    }
    const evict = (name: string) => {
      const metadata = { name, namespace };
      const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata };
      return cluster.http.post(`/api/v1/namespaces/${namespace}/pods/${name}/eviction`, body);
    };
    return { budgets, inNamespace, evict };
  }

  /** Waits until the budget has been counted as it is now, with so many pods healthy. */
  const isCounted = (budgets: ResourceClient<PodDisruptionBudget>, currentHealthy: number) =>
    until(
      () => budgets.get('foo'),
      ({ metadata, status }) => {
        assert.equal(status.observedGeneration, metadata.generation);
        assert.equal(status.currentHealthy, currentHealthy);
      },
    );

  test('[sig-apps] DisruptionController should observe PodDisruptionBudget status updated [Conformance]', async () => {
    const { budgets } = await guarded(3, 1);
    const { status } = await isCounted(budgets, 3);
    assert.deepEqual([status.disruptionsAllowed, status.desiredHealthy, status.expectedPods], [2, 1, 3]);
  });

  test('[sig-apps] DisruptionController should block an eviction until the PDB is updated to allow it [Conformance]', async () => {
    const { budgets, inNamespace, evict } = await guarded(3, 3);
    const setMinAvailable = (minAvailable: number) => budgets.patch('foo', { spec: { minAvailable } });
    await isCounted(budgets, 3);
    const [victim = ''] = (await inNamespace.list()).items.map(nameOf);
    const refused = await evict(victim);
    assert.equal(refused.status, 429, refused.text);
    assert.equal(refused.json.details.causes[0].reason, 'DisruptionBudget');

    await setMinAvailable(2);
    await isCounted(budgets, 3);
    const allowed = await evict(victim);
    assert.equal(allowed.status, 201, allowed.text);
    await assertGone(inNamespace, victim);

    await isCounted(budgets, 2);
    const [next = ''] = (await inNamespace.list()).items.map(nameOf);
    assert.equal((await evict(next)).status, 429, 'two have to stay');
    await budgets.delete('foo');
    await assertGone(budgets, 'foo');
    const free = await evict(next);
    assert.equal(free.status, 201, free.text);
  });
});
