import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { events, nodes, pods, type Pod } from '#api';
import { systemClock } from '#base';
import type { New } from '#client';
import { nameOf } from '#machinery';
import { until } from '../../support/until.ts';
import { conformanceCluster } from '../support/cluster.ts';
import { Watching } from '../support/watching.ts';

const taint = { key: 'kubernetes.io/e2e-evict-taint-key', value: 'evictTaintVal', effect: 'NoExecute' } as const;

const tolerating = (name: string, tolerationSeconds: number): New<Pod> => ({
  metadata: { name },
  spec: {
    containers: [{ name: 'pause', image: 'pause:1' }],
    tolerations: [{ key: taint.key, value: taint.value, effect: 'NoExecute', tolerationSeconds }],
  },
});

describe('NoExecuteTaintManager', () => {
  const cluster = conformanceCluster({ nodes: 1 });

  const setTaints = (taints: object[]): Promise<unknown> =>
    cluster.client.of(nodes).patch('node-1', { spec: { taints } });

  /** A namespace in which these pods run. */
  async function running(...wanted: New<Pod>[]) {
    const namespace = await cluster.namespace();
    const calls = cluster.client.of(pods).in(namespace);
    for (const pod of wanted) await calls.create(pod);
    const { resourceVersion } = await until(
      () => calls.list(),
      ({ items }) => {
        assert.equal(items.length, wanted.length);
        for (const { status } of items) assert.equal(status.phase, 'Running');
      },
    );
    return { namespace, calls, resourceVersion };
  }

  test('[sig-node] NoExecuteTaintManager Multiple Pods [Serial] evicts pods with minTolerationSeconds [Disruptive] [Conformance]', async () => {
    const { calls, resourceVersion } = await running(
      tolerating('taint-eviction-2', 3),
      tolerating('taint-eviction-1', 1),
    );
    await using watch = new Watching(calls, { resourceVersion });
    await setTaints([taint]);
    const first = await watch.until('DELETED');
    const second = await watch.until('DELETED');
    assert.deepEqual([nameOf(first), nameOf(second)], ['taint-eviction-1', 'taint-eviction-2']);
    for (const { status } of [first, second])
      assert.ok(status.conditions?.some(({ type, status: is }) => type === 'DisruptionTarget' && is === 'True'));
    await setTaints([]);
  });

  test('[sig-node] NoExecuteTaintManager Single Pod [Serial] removing taint cancels eviction [Disruptive] [Conformance]', async () => {
    const tolerationSeconds = 3;
    const stays = tolerating('taint-eviction-4', tolerationSeconds);
    // Where the other has gone, the taint has been acted on.
    const { namespace, calls, resourceVersion } = await running(stays, tolerating('goes', 1));
    await using watch = new Watching(calls, { resourceVersion });
    await setTaints([taint]);
    await watch.until('DELETED', (pod) => nameOf(pod) === 'goes');
    const untaintedMs = systemClock.now();
    await setTaints([]);
    await until(
      () => cluster.client.of(events).in(namespace).list(),
      ({ items }) => assert.ok(items.some(({ message }) => message?.startsWith('Cancelling deletion of Pod'))),
    );
    for (
      const endMs = untaintedMs + 1000 * tolerationSeconds;
      systemClock.now() < endMs;
      await systemClock.sleep(100)
    ) {
      const { metadata } = await calls.get('taint-eviction-4');
      assert.equal(metadata.deletionTimestamp, undefined);
    }
  });
});
