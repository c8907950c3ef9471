import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nodes, pods, type Pod } from '#api';
import type { New, ResourceClient } from '#client';
import { until } from '../../support/until.ts';
import { conformanceCluster } from '../support/cluster.ts';

describe('SchedulerPredicates', () => {
  const cluster = conformanceCluster({ nodes: 2 });

  const pod = (name: string, spec: New<Pod['spec']> = {}): New<Pod> => ({
    metadata: { name },
    spec: { containers: [{ name: 'pause', image: 'pause' }], ...spec },
  });

  async function inNamespace(): Promise<ResourceClient<Pod>> {
    return cluster.client.of(pods).in(await cluster.namespace());
  }

  const scheduled = (calls: ResourceClient<Pod>, name: string): Promise<Pod> =>
    until(
      () => calls.get(name),
      ({ spec }) => assert.ok(spec.nodeName),
    );

  /** The scheduler has looked at the pod and told why there is no place for it. */
  async function notScheduled(calls: ResourceClient<Pod>, name: string): Promise<void> {
    const { spec } = await until(
      () => calls.get(name),
      ({ status }) => {
        const condition = status.conditions?.find(({ type }) => type === 'PodScheduled');
        assert.deepEqual([condition?.status, condition?.reason], ['False', 'Unschedulable']);
      },
    );
    assert.equal(spec.nodeName, undefined);
  }

  test('[sig-scheduling] SchedulerPredicates [Serial] validates resource limits of pods that are allowed to run [Conformance]', async () => {
    const calls = await inNamespace();
    const sized = (name: string, cpu: string, nodeName?: string): New<Pod> =>
      pod(name, {
        containers: [{ name: 'pause', image: 'pause', resources: { requests: { cpu }, limits: { cpu } } }],
        ...(nodeName && { nodeSelector: { 'kubernetes.io/hostname': nodeName } }),
      });
    // Each node has four CPUs: seven tenths of each are taken.
    for (const node of ['node-1', 'node-2']) {
      await calls.create(sized(`filler-${node}`, '2800m', node));
      assert.equal((await scheduled(calls, `filler-${node}`)).spec.nodeName, node);
    }
    await calls.create(sized('additional-pod', '2000m'));
    await notScheduled(calls, 'additional-pod');
  });

  test('[sig-scheduling] SchedulerPredicates [Serial] validates that NodeSelector is respected if not matching [Conformance]', async () => {
    const calls = await inNamespace();
    await calls.create(pod('restricted-pod', { nodeSelector: { label: 'nonempty' } }));
    await notScheduled(calls, 'restricted-pod');
  });

  test('[sig-scheduling] SchedulerPredicates [Serial] validates that NodeSelector is respected if matching [Conformance]', async () => {
    const calls = await inNamespace();
    await calls.create(pod('without-label'));
    const { spec } = await scheduled(calls, 'without-label');
    const node = spec.nodeName ?? '';
    const key = 'kubernetes.io/e2e-matching';
    await cluster.client.of(nodes).patch(node, { metadata: { labels: { [key]: '42' } } });
    await calls.create(pod('with-labels', { nodeSelector: { [key]: '42', 'kubernetes.io/hostname': node } }));
    assert.equal((await scheduled(calls, 'with-labels')).spec.nodeName, node);
    await cluster.client.of(nodes).patch(node, { metadata: { labels: { [key]: null } } });
  });

  const onPort = (name: string, hostIP: string | undefined, protocol: 'TCP' | 'UDP'): New<Pod> =>
    pod(name, {
      nodeSelector: { 'kubernetes.io/hostname': 'node-1' },
      containers: [
        { name: 'agnhost', image: 'agnhost', ports: [{ hostPort: 54_321, containerPort: 8080, protocol, hostIP }] },
      ],
    });

  test('[sig-scheduling] SchedulerPredicates [Serial] validates that there exists conflict between pods with same hostPort and protocol but one using 0.0.0.0 hostIP [Conformance]', async () => {
    const calls = await inNamespace();
    await calls.create(onPort('pod4', '0.0.0.0', 'TCP'));
    await scheduled(calls, 'pod4');
    await calls.create(onPort('pod5', '192.0.2.1', 'TCP'));
    await notScheduled(calls, 'pod5');
  });
});
