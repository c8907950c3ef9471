import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pods, replicaSets, type Pod, type ReplicaSet } from '#api';
import type { New } from '#client';
import { generic } from '#machinery';
import { Story } from '../story.ts';
import { podsToDelete } from './deletion-order.ts';
import { slowStart } from './pod-control.ts';

const containers = [{ name: 'main', image: 'app:1' }];
const setOf = (name: string, replicas: number, spec: New<ReplicaSet['spec']> = {}): New<ReplicaSet> => ({
  metadata: { name, namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers } },
    ...spec,
  },
});
const calls = (story: Story) => story.client.of(replicaSets).in('default');
const names = (story: Story): string[] => story.pods.map(({ metadata }) => metadata.name ?? '').toSorted();

test('pods that match and belong to nobody are adopted, and count', async () => {
  await using story = new Story();
  story.transport.seed(pods, {
    metadata: { name: 'stray', namespace: 'default', labels: { app: 'web' } },
    spec: { containers },
    status: { phase: 'Pending' },
  });
  await calls(story).create(setOf('web', 2));
  await story.seconds(3);
  assert.equal(story.pods.length, 2);
  const stray = story.transport.object(pods, 'default/stray');
  assert.equal(stray?.metadata.ownerReferences?.[0]?.name, 'web');
  assert.equal(stray?.metadata.ownerReferences?.[0]?.controller, true);
});

test('a pod whose labels no longer match is let go and replaced', async () => {
  await using story = new Story();
  await calls(story).create(setOf('web', 2));
  await story.seconds(3);
  const [first = ''] = names(story);
  await story.client
    .of(pods)
    .in('default')
    .patch(first, { metadata: { labels: { app: 'debug' } } });
  await story.seconds(3);
  assert.equal(story.pods.length, 3);
  assert.deepEqual(story.transport.object(pods, `default/${first}`)?.metadata.ownerReferences, undefined);
});

test('a pod that ended or was deleted is replaced at once', async () => {
  await using story = new Story();
  await calls(story).create(setOf('web', 2));
  await story.seconds(3);
  const [first = '', second = ''] = names(story);
  story.transport.change(pods, `default/${first}`, ({ status }) => void (status.phase = 'Failed'));
  await story.client.of(pods).in('default').delete(second);
  await story.clock.advance(100);
  const [set] = story.replicaSets;
  assert.deepEqual([set?.status.replicas, set?.status.readyReplicas ?? 0, set?.status.terminatingReplicas], [2, 0, 1]);
  await story.seconds(3);
  assert.equal(story.pods.filter(({ status }) => status.phase === 'Running').length, 2);
});

test('pods count as available after minReadySeconds', async () => {
  await using story = new Story();
  await calls(story).create(setOf('web', 2, { minReadySeconds: 10 }));
  await story.seconds(5);
  const status = () => story.replicaSets[0]?.status;
  assert.deepEqual([status()?.readyReplicas, status()?.availableReplicas ?? 0], [2, 0]);
  await story.seconds(10);
  assert.deepEqual([status()?.readyReplicas, status()?.availableReplicas], [2, 2]);
});

test('while the informer lags nothing is made twice', async () => {
  await using story = new Story();
  await story.seconds(1);
  story.transport.breakWatches(new Error('connection lost'));
  await calls(story).create(setOf('web', 3));
  await story.seconds(40);
  assert.equal(story.pods.length, 3);
  assert.equal(
    story.transport.calls.filter((one) => one.verb === 'create' && one.resource.plural === 'pods').length,
    3,
  );
});

test('a quota that refuses everything is asked once a round', async () => {
  let asked = 0;
  const refuse = async (): Promise<void> => {
    asked++;
    throw generic({ code: 403, reason: 'Forbidden', message: 'exceeded quota' });
  };
  const { succeeded } = await slowStart(100, refuse);
  assert.deepEqual([asked, succeeded], [1, 0]);
  let made = 0;
  await slowStart(100, async () => void made++);
  assert.equal(made, 100);
});

test('the least useful pods go first', () => {
  const now = Date.UTC(2026, 0, 1);
  const time = (ageMs: number): string => new Date(now - ageMs).toISOString();
  const hour = 3_600_000;
  const pod = (
    name: string,
    facts: { node?: string; phase?: string; ready?: boolean; cost?: string; ageMs?: number; restarts?: number },
  ): Pod => {
    const { node = 'n1', phase = 'Running', ready = true, cost, ageMs = 100 * hour, restarts = 0 } = facts;
    const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: time(ageMs) }];
    const annotations: Record<string, string> = cost ? { 'controller.kubernetes.io/pod-deletion-cost': cost } : {};
    return {
      metadata: { name, uid: name, creationTimestamp: time(ageMs), annotations },
      spec: { containers: [], ...(node && { nodeName: node }) },
      status: { phase, conditions, containerStatuses: [{ name: 'a', restartCount: restarts }] },
    } as unknown as Pod;
  };
  const best = pod('best', { node: 'n2' });
  const worstFirst = [
    pod('unassigned', { node: '' }),
    pod('pending', { phase: 'Pending' }),
    pod('unready', { ready: false }),
    pod('cheap', { cost: '-5' }),
    pod('young', { ageMs: hour }),
    pod('restarted', { restarts: 4 }),
    pod('crowded', {}),
    best,
    pod('dear', { cost: '10' }),
  ];
  const all = worstFirst.toReversed();
  const order = podsToDelete(all, all, all.length - 1, now).map(({ metadata }) => metadata.name);
  assert.deepEqual(
    order,
    worstFirst.slice(0, -1).map(({ metadata }) => metadata.name),
  );
});
