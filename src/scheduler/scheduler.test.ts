import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pods, nodes, type Pod } from '#api';
import { conflict, notFound } from '#machinery';
import type { Plugin } from './framework/plugin.ts';
import { unschedulable } from './framework/status.ts';
import { defaultPlugins } from './plugins/index.ts';
import { aNode, aPod, Story } from './story.ts';

const bindings = 'pods/binding';
const conditionOf = (pod: Pod | undefined) => pod?.status.conditions?.find(({ type }) => type === 'PodScheduled');

test('a pod gets a node, and its events say so', async () => {
  await using story = new Story();
  story.nodes(aNode('one'));
  story.pods(aPod('web'));
  await story.pass();
  assert.equal(story.nodeOf('web'), 'one');
  assert.deepEqual(story.told('web'), ['Scheduled: Successfully assigned default/web to one']);
  assert.equal(conditionOf(story.pod('web'))?.status, 'True');
});

test('the binding names the pod by its uid', async () => {
  await using story = new Story();
  story.nodes(aNode('one'));
  story.pods(aPod('web'));
  await story.pass();
  const binding = story.transport.calls.find(({ subresource }) => subresource === 'binding')?.body;
  const { name, namespace, uid } = story.pod('web')?.metadata ?? {};
  assert.deepEqual(binding, {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name, namespace, uid },
    target: { apiVersion: 'v1', kind: 'Node', name: 'one' },
  });
});

test('pods of another scheduler, finished ones and those on their way out are left alone', async () => {
  await using story = new Story();
  story.nodes(aNode('one'));
  const leaving = aPod('leaving');
  story.pods(
    aPod('other', { schedulerName: 'mine' }),
    { ...aPod('done'), status: { phase: 'Failed' } },
    { ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['a/b'] } },
  );
  await story.pass();
  assert.equal(story.calls('create', bindings), 0);
});

test('a pod that fits nowhere is told why, node by node and grouped', async () => {
  await using story = new Story();
  const taints = [{ key: 'a', value: 'b', effect: 'NoSchedule' as const }];
  story.nodes(
    aNode('one', { allocatable: { cpu: '1' } }),
    aNode('two', { spec: { taints } }),
    aNode('three', { spec: { taints } }),
  );
  await story.pass();
  story.pods(aPod('big', {}, { cpu: '2' }));
  await story.pass();
  const message = '0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s).';
  assert.deepEqual(story.told('big'), [`FailedScheduling: ${message}`]);
  assert.deepEqual(conditionOf(story.pod('big')), {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message,
    observedGeneration: 1,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  });
});

test('the condition is written once for a reason, and keeps its time while it stays False', async () => {
  await using story = new Story();
  story.nodes(aNode('one', { allocatable: { cpu: '1' } }));
  story.pods(aPod('big', {}, { cpu: '2' }));
  await story.pass();
  assert.equal(story.calls('patch', 'pods/status'), 1);
  await story.pass(5 * 60_000); // tried once more, since it has waited so long
  assert.equal(story.calls('patch', 'pods/status'), 1);
  assert.match(story.told('big')[0] ?? '', /\(x2\)$/);
  story.nodes(aNode('two', { allocatable: { cpu: '3' }, spec: { unschedulable: true } }));
  await story.pass(5 * 60_000);
  const condition = conditionOf(story.pod('big'));
  assert.match(
    condition?.message ?? '',
    /^0\/2 nodes are available: 1 Insufficient cpu, 1 node\(s\) were unschedulable\.$/,
  );
  assert.equal(condition?.lastTransitionTime, '2026-01-01T00:00:00Z');
});

test('without nodes the pod waits, and goes as soon as there is one', async () => {
  await using story = new Story();
  story.pods(aPod('early'));
  await story.pass();
  assert.deepEqual(story.told('early'), ['FailedScheduling: no nodes available to schedule pods']);
  story.nodes(aNode('one'));
  await story.pass();
  assert.equal(story.nodeOf('early'), 'one', 'no back-off is waited for when nothing else is to do');
});

test('only what may help has a pod tried again', async () => {
  await using story = new Story();
  story.nodes(aNode('one', { allocatable: { cpu: '1' } }));
  story.pods(aPod('big', {}, { cpu: '2' }));
  await story.pass(60_000);
  const tries = () => /x(\d+)/.exec(story.told('big')[0] ?? '')?.[1] ?? '1';
  story.nodes(aNode('two', { allocatable: { cpu: '1' } }));
  story.transport.change(nodes, 'one', (node) => void (node.metadata.labels = { a: 'b' }));
  story.transport.change(pods, 'default/big', (pod) => void (pod.status.message = 'news'));
  await story.pass(60_000);
  assert.equal(tries(), '1', 'nodes that are too small, labels and a status help nobody who lacks CPU');
  story.transport.change(
    nodes,
    'one',
    (node) => void (node.status.allocatable = { cpu: '2', memory: '8Gi', pods: '110' }),
  );
  await story.pass();
  assert.equal(story.nodeOf('big'), 'one');
});

test('a pod that ends or is deleted makes room', async () => {
  await using story = new Story();
  story.nodes(aNode('one', { allocatable: { cpu: '2' } }));
  story.pods(aPod('a', { nodeName: 'one' }, { cpu: '1' }), aPod('b', { nodeName: 'one' }, { cpu: '1' }));
  await story.pass();
  story.pods(aPod('c', {}, { cpu: '1' }), aPod('d', {}, { cpu: '1' }));
  await story.pass(60_000);
  assert.deepEqual([story.nodeOf('c'), story.nodeOf('d')], [undefined, undefined]);
  story.transport.change(pods, 'default/a', (pod) => void (pod.status.phase = 'Succeeded'));
  await story.pass();
  story.transport.remove(pods, 'default/b');
  await story.pass();
  assert.deepEqual([story.nodeOf('c'), story.nodeOf('d')], ['one', 'one']);
});

test('of waiting pods the one with the highest priority goes first, then the one that came first', async () => {
  await using story = new Story();
  story.pods(aPod('low-1'), aPod('low-2'), aPod('high', { priority: 1000 }), aPod('low-3', { priority: -1 }));
  await story.pass();
  const order: string[] = [];
  story.transport.intercept(({ subresource, name = '' }) => void (subresource === 'binding' && order.push(name)));
  story.nodes(aNode('one'));
  await story.pass(10_000);
  assert.deepEqual(order, ['high', 'low-1', 'low-2', 'low-3']);
});

test('gates hold a pod back, without a word, until the last is taken away', async () => {
  await using story = new Story();
  story.nodes(aNode('one'));
  story.pods(aPod('gated', { schedulingGates: [{ name: 'a.b/c' }, { name: 'a.b/d' }] }));
  await story.pass(600_000);
  story.transport.change(pods, 'default/gated', (pod) => void (pod.spec.schedulingGates = [{ name: 'a.b/d' }]));
  await story.pass(600_000);
  assert.deepEqual([story.nodeOf('gated'), story.told('gated')], [undefined, []]);
  story.transport.change(pods, 'default/gated', (pod) => {
    delete pod.spec.schedulingGates;
    pod.metadata.generation = 3;
  });
  await story.pass();
  assert.equal(story.nodeOf('gated'), 'one');
});

test('pods that ask for nothing spread over equal nodes', async () => {
  await using story = new Story();
  story.nodes(aNode('one'), aNode('two'), aNode('three'));
  story.pods(...Array.from({ length: 30 }, (_, at) => aPod(`pod-${at}`)));
  await story.pass();
  const counts = Object.groupBy(story.transport.objects(pods), ({ spec }) => spec.nodeName ?? 'none');
  assert.deepEqual(
    Object.values(counts).map((list) => list?.length),
    [10, 10, 10],
  );
});

test('100 pods take what three nodes have, and not more, before any binding is confirmed', async () => {
  await using story = new Story();
  story.nodes(...['one', 'two', 'three'].map((name) => aNode(name, { allocatable: { cpu: '10', pods: '200' } })));
  story.pods(...Array.from({ length: 100 }, (_, at) => aPod(`pod-${at}`, {}, { cpu: '500m' })));
  await story.pass(10_000);
  const counts = Object.groupBy(story.transport.objects(pods), ({ spec }) => spec.nodeName ?? 'none');
  const sizes = Object.fromEntries(Object.entries(counts).map(([node, list]) => [node, list?.length]));
  assert.deepEqual(sizes, { one: 20, two: 20, three: 20, none: 40 });
});

test('a scheduler that comes anew counts the pods that are there', async () => {
  const first = new Story();
  first.nodes(aNode('one', { allocatable: { cpu: '2' } }), aNode('two', { allocatable: { cpu: '2' } }));
  first.pods(aPod('a', {}, { cpu: '2' }), aPod('b', {}, { cpu: '2' }));
  await first.pass();
  await first[Symbol.asyncDispose]();
  await using story = new Story({ transport: first.transport });
  story.pods(aPod('c', {}, { cpu: '1' }));
  await story.pass();
  assert.deepEqual(story.told('c'), ['FailedScheduling: 0/2 nodes are available: 2 Insufficient cpu.']);
  story.transport.remove(pods, 'default/a');
  await story.pass();
  assert.ok(story.nodeOf('c'));
});

test('a binding that the server refuses is tried again after a back-off, whose end is awaited', async () => {
  await using story = new Story();
  let refusals = 2;
  story.transport.intercept(({ subresource, resource }) => {
    if (subresource === 'binding' && refusals-- > 0) throw conflict(resource, 'web', 'the object has been modified');
  });
  story.nodes(aNode('one'));
  story.pods(aPod('web'));
  await story.pass();
  assert.equal(conditionOf(story.pod('web'))?.reason, 'SchedulerError');
  assert.match(
    story.told('web')[0] ?? '',
    /^FailedScheduling: running Bind plugin "DefaultBinder": Operation cannot be fulfilled/,
  );
  await story.pass(900);
  assert.equal(story.calls('create', bindings), 1);
  await story.pass(100);
  assert.equal(story.calls('create', bindings), 2);
  await story.pass(1900);
  assert.equal(story.nodeOf('web'), undefined);
  await story.pass(100);
  assert.equal(story.nodeOf('web'), 'one');
});

test('a refused binding gives back what it had set aside', async () => {
  await using story = new Story();
  story.transport.intercept(({ subresource, name, resource }) => {
    if (subresource === 'binding' && name === 'a') throw conflict(resource, 'a', 'why not');
  });
  story.nodes(aNode('one', { allocatable: { cpu: '1' } }));
  story.pods(aPod('a', { priority: 1 }, { cpu: '1' }), aPod('b', {}, { cpu: '1' }));
  await story.pass();
  assert.equal(story.nodeOf('b'), 'one');
});

test('a pod that is gone when it is bound is forgotten, without a word', async () => {
  await using story = new Story();
  const stop = story.transport.intercept(({ subresource, resource }) => {
    if (subresource === 'binding') throw notFound(resource, 'web');
  });
  story.nodes(aNode('one', { allocatable: { cpu: '1' } }));
  story.pods(aPod('web', {}, { cpu: '1' }));
  await story.pass(60_000);
  assert.deepEqual(story.told('web'), []);
  assert.equal(story.calls('create', bindings), 1);
  stop();
  story.pods(aPod('next', {}, { cpu: '1' }));
  await story.pass();
  assert.equal(story.nodeOf('next'), 'one');
});

test('a pod replaced by another of its name, while the first was being bound, does not lose what it has', async () => {
  await using story = new Story();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  let held = 0;
  story.transport.intercept(async ({ subresource, resource }) => {
    if (subresource !== 'binding' || held++ > 0) return undefined;
    await released;
    throw conflict(resource, 'web', 'the uid differs');
  });
  story.nodes(aNode('one', { allocatable: { cpu: '1' } }));
  story.pods(aPod('web', {}, { cpu: '1' }));
  await story.pass();
  story.transport.remove(pods, 'default/web');
  story.pods(aPod('web', {}, { cpu: '1' }));
  await story.pass();
  assert.equal(story.nodeOf('web'), 'one');
  release();
  await story.pass();
  story.pods(aPod('more', {}, { cpu: '1' }));
  await story.pass();
  assert.equal(story.nodeOf('more'), undefined, 'the node is full');
  assert.ok(!story.told('web').some((told) => told.startsWith('FailedScheduling')));
});

test('a pod whose binding was done, though the answer was lost, is not tried again', async () => {
  await using story = new Story();
  story.transport.intercept(async ({ subresource }) => {
    if (subresource !== 'binding') return undefined;
    story.transport.change(pods, 'default/web', (pod) => void (pod.spec.nodeName = 'one'));
    await new Promise((resolve) => setImmediate(resolve));
    throw new Error('connection lost');
  });
  story.nodes(aNode('one'));
  story.pods(aPod('web'));
  await story.pass(60_000);
  assert.equal(story.calls('create', bindings), 1);
  assert.deepEqual(story.told('web'), []);
});

test('a plugin that breaks on a pod holds up no other', async () => {
  const breaking: Plugin = {
    name: 'Breaking',
    filter(_state, { metadata }) {
      if (metadata.name === 'bad') throw new Error('cannot cope');
      return undefined;
    },
  };
  await using story = new Story({ plugins: [...defaultPlugins, { plugin: breaking, weight: 0 }] });
  story.nodes(aNode('one'));
  story.pods(aPod('bad', { priority: 1 }), aPod('good'));
  await story.pass();
  assert.equal(story.nodeOf('good'), 'one');
  assert.deepEqual(story.told('bad'), ['FailedScheduling: cannot cope']);
  assert.equal(conditionOf(story.pod('bad'))?.reason, 'SchedulerError');
});

test('a plugin that permits nothing gives the node back, and does not wake its own pod by that', async () => {
  const strict: Plugin = {
    name: 'Strict',
    permit: (_state, { metadata }) => Promise.resolve(metadata.name === 'web' ? unschedulable('not today') : undefined),
    mayHelp: (event) => event.kind === 'podLeft',
  };
  await using story = new Story({ plugins: [...defaultPlugins, { plugin: strict, weight: 0 }] });
  story.nodes(aNode('one', { allocatable: { cpu: '1' } }));
  story.pods(aPod('web', { priority: 1 }, { cpu: '1' }), aPod('other', {}, { cpu: '1' }));
  await story.pass(10_000);
  assert.equal(story.nodeOf('other'), 'one');
  assert.deepEqual(story.told('web'), ['FailedScheduling: 0/1 nodes are available: 1 not today.']);
});

test('stopping leaves no timer', async () => {
  const story = new Story();
  story.nodes(aNode('one', { allocatable: { cpu: '1' } }));
  story.pods(aPod('big', {}, { cpu: '2' }));
  await story.pass();
  await story[Symbol.asyncDispose]();
  assert.equal(story.clock.pendingTimers, 0);
});
