import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployments, nodes, pods, type Pod } from '#api';
import type { New } from '#client';
import { deploymentOf, Story } from '../story.ts';
import { stayMs, tolerates } from './taints.ts';

const taintsOf = (story: Story, name: string): string[] =>
  (story.transport.object(nodes, name)?.spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
const readyOf = (story: Story, name: string): string | undefined =>
  story.transport.object(nodes, name)?.status.conditions?.find(({ type }) => type === 'Ready')?.status;
const isReady = ({ status }: Pod): boolean =>
  status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

const forSeconds = (tolerationSeconds: number) =>
  ['not-ready', 'unreachable'].map((key) => ({
    key: `node.kubernetes.io/${key}`,
    operator: 'Exists' as const,
    effect: 'NoExecute' as const,
    tolerationSeconds,
  }));

test('a silent node becomes unknown, its pods are driven away and come back elsewhere', async () => {
  await using story = new Story({ nodeMonitorGraceMs: 40_000 });
  story.addNode('node-2');
  const template = {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'main', image: 'app:1' }], tolerations: forSeconds(60) },
  };
  await story.client
    .of(deployments)
    .in('default')
    .create(deploymentOf('web', { replicas: 2, template }));
  await story.until('running', () => story.pods.filter(isReady).length === 2);
  assert.deepEqual(taintsOf(story, 'node-1'), []);
  story.silent.add('node-1');
  await story.seconds(30);
  assert.equal(readyOf(story, 'node-1'), 'True');
  await story.until('unknown', () => readyOf(story, 'node-1') === 'Unknown', 30);
  await story.seconds(1);
  assert.deepEqual(taintsOf(story, 'node-1').toSorted(), [
    'node.kubernetes.io/unreachable:NoExecute',
    'node.kubernetes.io/unreachable:NoSchedule',
  ]);
  assert.equal(story.pods.filter(isReady).length, 0);
  assert.equal(story.pods.filter(({ metadata }) => metadata.deletionTimestamp).length, 0);
  assert.ok(story.told.includes('NodeNotReady: Node node-1 status is now: NodeNotReady'));
  await story.seconds(62);
  assert.equal(story.pods.filter(({ metadata }) => metadata.deletionTimestamp).length, 2);
  await story.until(
    'replaced',
    () => story.pods.filter((pod) => isReady(pod) && pod.spec.nodeName === 'node-2').length === 2,
  );
  assert.ok(story.told.some((one) => one.startsWith('TaintManagerEviction: Marking for deletion Pod default/web-')));
  const doomed = story.pods.find(({ metadata }) => metadata.deletionTimestamp);
  assert.equal(
    doomed?.status.conditions?.find(({ type }) => type === 'DisruptionTarget')?.reason,
    'DeletionByTaintManager',
  );
});

test('a node that speaks again in time keeps its pods', async () => {
  await using story = new Story({ nodeMonitorGraceMs: 40_000 });
  story.addNode('node-2');
  story.transport.seed(pods, {
    metadata: { name: 'a', namespace: 'default' },
    spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'x' }], tolerations: forSeconds(300) },
    status: { phase: 'Running' },
  });
  story.silent.add('node-1');
  await story.until('unknown', () => readyOf(story, 'node-1') === 'Unknown');
  await story.seconds(30);
  story.silent.delete('node-1');
  await story.seconds(3);
  assert.deepEqual(taintsOf(story, 'node-1'), []);
  await story.seconds(400);
  assert.equal(story.transport.object(pods, 'default/a')?.metadata.deletionTimestamp, undefined);
  assert.ok(story.told.includes('TaintManagerEviction: Cancelling deletion of Pod default/a'));
});

test('when all nodes fall silent nobody is driven away', async () => {
  await using story = new Story({ nodeMonitorGraceMs: 40_000 });
  story.silent.add('node-1');
  await story.until('unknown', () => readyOf(story, 'node-1') === 'Unknown');
  await story.seconds(10);
  assert.deepEqual(taintsOf(story, 'node-1'), ['node.kubernetes.io/unreachable:NoSchedule']);
});

test('a cordoned node and one under pressure are tainted so', async () => {
  await using story = new Story();
  await story.seconds(1);
  await story.client.of(nodes).patch('node-1', { spec: { unschedulable: true } });
  story.transport.change(
    nodes,
    'node-1',
    ({ status }) => void status.conditions?.push({ type: 'DiskPressure', status: 'True' }),
  );
  await story.seconds(1);
  assert.deepEqual(taintsOf(story, 'node-1').toSorted(), [
    'node.kubernetes.io/disk-pressure:NoSchedule',
    'node.kubernetes.io/unschedulable:NoSchedule',
  ]);
  await story.client.of(nodes).patch('node-1', { spec: { unschedulable: null } });
  await story.seconds(1);
  assert.deepEqual(taintsOf(story, 'node-1'), ['node.kubernetes.io/disk-pressure:NoSchedule']);
});

test('tolerations', () => {
  const taint = { key: 'a', value: 'b', effect: 'NoExecute' } as const;
  assert.ok(tolerates({ operator: 'Exists' }, taint));
  assert.ok(tolerates({ key: 'a', value: 'b' }, taint));
  assert.ok(!tolerates({ key: 'a', value: 'c' }, taint));
  assert.ok(!tolerates({ key: 'a', operator: 'Exists', effect: 'NoSchedule' }, taint));
  assert.equal(stayMs([], [taint]), 0);
  assert.equal(stayMs([{ operator: 'Exists' }], [taint]), undefined);
  assert.equal(stayMs([{ key: 'a', operator: 'Exists', tolerationSeconds: 5 }], [taint]), 5000);
  assert.equal(stayMs([{ key: 'a', operator: 'Exists', tolerationSeconds: -1 }], [taint]), 0);
  assert.equal(stayMs([{ key: 'a', operator: 'Exists' }], [taint, { key: 'z', effect: 'NoExecute' }]), 0);
});

test('every node gets a range of pod addresses of its own', async () => {
  await using story = new Story({ clusterCidr: '10.244.0.0/23' });
  story.addNode('node-2');
  await story.seconds(1);
  const ranges = ['node-1', 'node-2'].map((name) => story.transport.object(nodes, name)?.spec.podCIDR);
  assert.deepEqual(ranges, ['10.244.0.0/24', '10.244.1.0/24']);
  story.addNode('node-3');
  await story.seconds(1);
  assert.equal(story.transport.object(nodes, 'node-3')?.spec.podCIDR, undefined);
  assert.ok(story.told.includes('CIDRNotAvailable: Node node-3 status is now: CIDRNotAvailable'));
  await story.client.of(nodes).delete('node-1');
  await story.until('given on', () => story.transport.object(nodes, 'node-3')?.spec.podCIDR === '10.244.0.0/24');
});

test('pods of a node that is gone, and deleted pods without one, are cleared up', async () => {
  await using story = new Story({ terminatedPodThreshold: 1 });
  story.kubelet = () => {};
  const pod = (name: string, facts: { node?: string; phase?: Pod['status']['phase']; minute?: number }): New<Pod> => ({
    metadata: { name, namespace: 'default', creationTimestamp: `2025-12-31T00:0${facts.minute ?? 0}:00Z` },
    spec: { containers: [], ...(facts.node && { nodeName: facts.node }) },
    status: { phase: facts.phase ?? 'Running' },
  });
  story.transport.seed(
    pods,
    pod('lost', { node: 'node-9' }),
    pod('kept', { node: 'node-1' }),
    pod('ended-1', { phase: 'Succeeded', minute: 1, node: 'node-1' }),
    pod('ended-2', { phase: 'Failed', minute: 2, node: 'node-1' }),
  );
  await story.seconds(25);
  assert.ok(story.transport.object(pods, 'default/lost'));
  await story.seconds(60);
  assert.deepEqual(
    story.pods.map(({ metadata }) => metadata.name),
    ['ended-2', 'kept'],
  );
});
