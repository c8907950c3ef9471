/** A table for each plugin, through the framework as the scheduler calls it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node, NodeSelectorRequirement, Pod } from '#api';
import type { New } from '#client';
import { seededRandom } from '#base';
import { SchedulerCache } from '../cache.ts';
import type { ClusterEvent } from '../framework/cluster-event.ts';
import { Framework } from '../framework/framework.ts';
import type { Plugin } from '../framework/plugin.ts';
import { schedulePod } from '../schedule-pod.ts';
import { aNode, aPod, type NodeOptions } from '../story.ts';
import { balancedAllocation } from './balanced-allocation.ts';
import { defaultPlugins } from './index.ts';
import { nodeAffinity } from './node-affinity.ts';
import { nodeName } from './node-name.ts';
import { nodePorts } from './node-ports.ts';
import { nodeResourcesFit } from './node-resources-fit.ts';
import { nodeUnschedulable } from './node-unschedulable.ts';
import { taintToleration } from './taint-toleration.ts';

type Spec = Partial<Pod['spec']>;
type Requests = Record<string, string>;

const asPod = (made: New<Pod>): Pod => ({ ...made, metadata: made.metadata ?? {}, status: {} }) as Pod;
const asNode = (name: string, options: NodeOptions = {}): Node => aNode(name, options) as Node;
const podOf = (spec: Spec = {}, requests?: Requests, name = 'web'): Pod => asPod(aPod(name, spec, requests));

/** Why a pod gets no node of these, on which these pods are; or the node. */
function decide(pod: Pod, nodes: readonly Node[], present: readonly [string, Pod][] = []): string {
  const cache = new SchedulerCache();
  for (const node of nodes) cache.setNode(node);
  for (const [node, other] of present) cache.setPod({ ...other, spec: { ...other.spec, nodeName: node } });
  const decision = schedulePod(new Framework(defaultPlugins), pod, cache.snapshot(), seededRandom(1));
  return decision.node ?? decision.message;
}

const no = (reasons: string, of = 1): string => `0/${of} nodes are available: ${reasons}.`;

test('node resources', () => {
  const one = asNode('one', { allocatable: { cpu: '2', memory: '1Gi', pods: '2', 'a.b/c': '1' } });
  const other = podOf({}, { cpu: '1' }, 'other');
  const table: [Requests, [string, Pod][], string][] = [
    [{}, [], 'one'],
    [{ cpu: '2' }, [], 'one'],
    [{ cpu: '2001m' }, [], no('1 Insufficient cpu')],
    [{ cpu: '3', memory: '2Gi' }, [], no('1 Insufficient cpu, 1 Insufficient memory')],
    [{ cpu: '1' }, [['one', other]], 'one'],
    [{ cpu: '1001m' }, [['one', other]], no('1 Insufficient cpu')],
    [{ 'a.b/c': '1' }, [], 'one'],
    [{ 'a.b/c': '2' }, [], no('1 Insufficient a.b/c')],
    [{ 'unknown.b/c': '1' }, [], no('1 Insufficient unknown.b/c')],
    [{ 'unknown.b/c': '0' }, [], 'one'],
    [{ 'ephemeral-storage': '1' }, [], no('1 Insufficient ephemeral-storage')],
    [
      {},
      [
        ['one', other],
        ['one', podOf({}, {}, 'third')],
      ],
      no('1 Too many pods'),
    ],
    [
      { cpu: '3' },
      [
        ['one', other],
        ['one', podOf({}, {}, 'third')],
      ],
      no('1 Insufficient cpu, 1 Too many pods'),
    ],
  ];
  for (const [requests, present, expected] of table)
    assert.equal(decide(podOf({}, requests), [one], present), expected, JSON.stringify(requests));
});

test('taints and tolerations', () => {
  const tainted = (effect: 'NoSchedule' | 'NoExecute' | 'PreferNoSchedule', value = 'v') =>
    asNode('one', { spec: { taints: [{ key: 'k', value, effect }] } });
  const refused = no('1 node(s) had untolerated taint(s)');
  const table: [Node, Spec['tolerations'], string][] = [
    [tainted('NoSchedule'), [], refused],
    [tainted('NoExecute'), [], refused],
    [tainted('PreferNoSchedule'), [], 'one'],
    [tainted('NoSchedule'), [{ key: 'k', operator: 'Equal', value: 'v' }], 'one'],
    [tainted('NoSchedule'), [{ key: 'k', value: 'v', effect: 'NoSchedule' }], 'one'],
    [tainted('NoSchedule'), [{ key: 'k', value: 'other' }], refused],
    [tainted('NoSchedule'), [{ key: 'k', value: 'v', effect: 'NoExecute' }], refused],
    [tainted('NoSchedule'), [{ key: 'k', operator: 'Exists' }], 'one'],
    [tainted('NoSchedule'), [{ key: 'other', operator: 'Exists' }], refused],
    [tainted('NoExecute'), [{ operator: 'Exists' }], 'one'],
    [tainted('NoSchedule', '5'), [{ key: 'k', operator: 'Gt', value: '4' }], 'one'],
    [tainted('NoSchedule', '5'), [{ key: 'k', operator: 'Lt', value: '4' }], refused],
    [tainted('NoSchedule', 'x'), [{ key: 'k', operator: 'Gt', value: '4' }], refused],
  ];
  for (const [node, tolerations, expected] of table)
    assert.equal(decide(podOf({ tolerations }), [node]), expected, JSON.stringify([node.spec.taints, tolerations]));
});

test('a node that only discourages is taken last', () => {
  const taints = [{ key: 'k', effect: 'PreferNoSchedule' as const }];
  const nodes = [asNode('one', { spec: { taints } }), asNode('two')];
  assert.equal(decide(podOf(), nodes, [['two', podOf({}, { cpu: '1' }, 'other')]]), 'two');
  const tolerations = [{ key: 'k', operator: 'Exists' as const }];
  assert.equal(decide(podOf({ tolerations }), nodes, [['two', podOf({}, { cpu: '1' }, 'other')]]), 'one');
});

test('cordoned nodes', () => {
  const one = asNode('one', { spec: { unschedulable: true } });
  assert.equal(decide(podOf(), [one]), no('1 node(s) were unschedulable'));
  const key = 'node.kubernetes.io/unschedulable';
  for (const toleration of [
    { key, operator: 'Exists' as const, effect: 'NoSchedule' as const },
    { operator: 'Exists' as const },
  ])
    assert.equal(decide(podOf({ tolerations: [toleration] }), [one]), 'one');
});

const requirement = (
  key: string,
  operator: NodeSelectorRequirement['operator'],
  ...values: string[]
): NodeSelectorRequirement => ({ key, operator, ...(values.length > 0 && { values }) });
const required = (...terms: NodeSelectorRequirement[][]): Spec => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: terms.map((matchExpressions) => ({ matchExpressions })),
      },
    },
  },
});

test('node selector and required affinity', () => {
  const one = asNode('one', { labels: { disk: 'ssd', size: '10', empty: '' } });
  const refused = no("1 node(s) didn't match Pod's node affinity/selector");
  const table: [Spec, string][] = [
    [{ nodeSelector: { disk: 'ssd' } }, 'one'],
    [{ nodeSelector: { disk: 'hdd' } }, refused],
    [{ nodeSelector: { disk: 'ssd', none: '' } }, refused],
    [{ nodeSelector: { disk: 'hdd' }, ...required([requirement('disk', 'In', 'ssd')]) }, refused],
    [required([requirement('disk', 'In', 'ssd', 'hdd')]), 'one'],
    [required([requirement('disk', 'In', 'hdd')]), refused],
    [required([requirement('disk', 'NotIn', 'ssd')]), refused],
    [required([requirement('none', 'NotIn', 'ssd')]), 'one'],
    [required([requirement('empty', 'Exists')]), 'one'],
    [required([requirement('none', 'DoesNotExist')]), 'one'],
    [required([requirement('size', 'Gt', '9')]), 'one'],
    [required([requirement('size', 'Gt', '10')]), refused],
    [required([requirement('size', 'Lt', '11')]), 'one'],
    [required([requirement('disk', 'Lt', '11')]), refused],
    [required([requirement('size', 'Gt', '9223372036854775808')]), refused],
    [required([requirement('disk', 'In', 'ssd'), requirement('size', 'In', '11')]), refused],
    [required([requirement('disk', 'In', 'hdd')], [requirement('size', 'In', '10')]), 'one'],
    [required([]), refused],
    [required(), refused],
  ];
  for (const [spec, expected] of table) assert.equal(decide(podOf(spec), [one]), expected, JSON.stringify(spec));
});

function named(...names: string[][]): Spec {
  const terms = names.map((values) => ({
    matchFields: values.map((value) => requirement('metadata.name', 'In', value)),
  }));
  return {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
  };
}

test('affinity to nodes by name, as pods of a DaemonSet have it', () => {
  const nodes = [asNode('one', { allocatable: { cpu: '1' } }), asNode('two'), asNode('three')];
  assert.equal(decide(podOf(named(['two'])), nodes), 'two');
  const elsewhere = "2 node(s) didn't satisfy plugin(s) [NodeAffinity]";
  assert.equal(decide(podOf(named(['one']), { cpu: '2' }), nodes), no(`1 Insufficient cpu, ${elsewhere}`, 3));
  assert.equal(decide(podOf(named(['one', 'two'])), nodes), no('pod affinity terms conflict', 3));
  assert.equal(decide(podOf(named(['none'])), nodes), no("3 node(s) didn't satisfy plugin(s) [NodeAffinity]", 3));
});

test('preferred affinity outweighs a node that is less used', () => {
  const nodes = [asNode('one', { labels: { disk: 'ssd' } }), asNode('two')];
  const present: [string, Pod][] = [['one', podOf({}, { cpu: '1' }, 'other')]];
  const preference = { matchExpressions: [requirement('disk', 'In', 'ssd')] };
  const affinity = {
    nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference }] },
  };
  assert.equal(decide(podOf({}, { cpu: '1' }), nodes, present), 'two');
  assert.equal(decide(podOf({ affinity }, { cpu: '1' }), nodes, present), 'one');
});

const withPort = (hostPort: number, protocol: 'TCP' | 'UDP' = 'TCP', hostIP?: string): Spec => ({
  containers: [
    { name: 'main', image: 'image', ports: [{ containerPort: 80, hostPort, protocol, ...(hostIP && { hostIP }) }] },
  ],
});

test('host ports', () => {
  const one = asNode('one');
  const refused = no("1 node(s) didn't have free ports for the requested pod ports");
  const table: [Spec, Spec, string][] = [
    [withPort(80), withPort(81), 'one'],
    [withPort(80), withPort(80), refused],
    [withPort(80), withPort(80, 'UDP'), 'one'],
    [withPort(80, 'TCP', '10.0.0.1'), withPort(80, 'TCP', '10.0.0.2'), 'one'],
    [withPort(80, 'TCP', '10.0.0.1'), withPort(80, 'TCP', '10.0.0.1'), refused],
    [withPort(80, 'TCP', '10.0.0.1'), withPort(80, 'TCP', '0.0.0.0'), refused],
    [withPort(80), withPort(80, 'TCP', '10.0.0.1'), refused],
    [withPort(80), {}, 'one'],
  ];
  for (const [present, wanted, expected] of table) {
    const other: [string, Pod][] = [['one', podOf(present, undefined, 'other')]];
    assert.equal(decide(podOf(wanted), [one], other), expected, JSON.stringify([present, wanted]));
  }
});

test('the score of a node with room, and of one that the pod balances', () => {
  const cache = new SchedulerCache();
  cache.setNode(asNode('one', { allocatable: { cpu: '4', memory: '4Gi' } }));
  cache.setPod(podOf({ nodeName: 'one' }, { cpu: '2', memory: '1Gi' }, 'other'));
  const [info] = cache.snapshot();
  const scores = (requests?: Requests) => {
    const [pod, state] = [podOf({}, requests), new Map<string, unknown>()];
    nodeResourcesFit.preFilter?.(state, pod, []);
    return [nodeResourcesFit, balancedAllocation].map((plugin: Plugin) => plugin.score?.(state, pod, info!));
  };
  assert.deepEqual(
    scores({ cpu: '1', memory: '1Gi' }),
    [37, 75],
    'a quarter and a half are left; no nearer to balance',
  );
  assert.deepEqual(scores({ cpu: '0', memory: '1Gi' }), [50, 81], 'balanced from 1/2 and 1/4 to 1/2 and 1/2');
  assert.deepEqual(scores({ cpu: '2', memory: '0' }), [37, 62], 'all CPU, a quarter of the memory');
  assert.deepEqual(scores(), [58, 0], 'a pod that asks for nothing does not heap up where the balance is good');
});

test('which events may help a pod that a plugin rejected', () => {
  const node = (options: NodeOptions = {}) => asNode('one', options);
  const added = (options?: NodeOptions): ClusterEvent => ({ kind: 'nodeAdded', node: node(options) });
  const updated = (old: NodeOptions, now: NodeOptions): ClusterEvent => ({
    kind: 'nodeUpdated',
    old: node(old),
    node: node(now),
  });
  const left = (spec: Spec = {}): ClusterEvent => ({ kind: 'podLeft', pod: podOf(spec) });
  const changed = (pod: Pod): ClusterEvent => ({ kind: 'podUpdated', pod });
  const taints = [{ key: 'k', effect: 'NoSchedule' as const }];
  const big = podOf({}, { cpu: '3' });
  const picky = podOf({ nodeSelector: { disk: 'ssd' } });
  const table: [Plugin, Pod, ClusterEvent, boolean][] = [
    [nodeResourcesFit, big, added(), true],
    [nodeResourcesFit, big, added({ allocatable: { cpu: '2' } }), false],
    [nodeResourcesFit, big, updated({ allocatable: { cpu: '2' } }, {}), true],
    [nodeResourcesFit, big, updated({ allocatable: { pods: '1' } }, {}), true],
    [nodeResourcesFit, big, updated({}, { labels: { a: 'b' } }), false],
    [nodeResourcesFit, big, updated({ allocatable: { memory: '1' } }, {}), false],
    [nodeResourcesFit, big, left(), true],
    [taintToleration, podOf(), added(), true],
    [taintToleration, podOf(), added({ spec: { taints } }), false],
    [taintToleration, podOf(), updated({ spec: { taints } }, {}), true],
    [taintToleration, podOf(), updated({}, {}), false],
    [taintToleration, podOf(), left(), false],
    [nodeUnschedulable, podOf(), updated({ spec: { unschedulable: true } }, {}), true],
    [nodeUnschedulable, podOf(), updated({}, {}), false],
    [nodeUnschedulable, podOf(), added({ spec: { unschedulable: true } }), false],
    [nodeUnschedulable, podOf(), changed(podOf()), false],
    [nodeUnschedulable, podOf(), changed(podOf({ tolerations: [{ operator: 'Exists' }] })), true],
    [nodeAffinity, picky, added(), false],
    [nodeAffinity, picky, added({ labels: { disk: 'ssd' } }), true],
    [nodeAffinity, picky, updated({}, { labels: { disk: 'ssd' } }), true],
    [nodeAffinity, picky, updated({ labels: { disk: 'ssd' } }, { labels: { disk: 'ssd' } }), false],
    [nodePorts, podOf(withPort(80)), left(withPort(80)), true],
    [nodePorts, podOf(withPort(80)), left(withPort(81)), false],
    [nodeName, podOf({ nodeName: 'one' }), added(), true],
    [nodeName, podOf({ nodeName: 'two' }), added(), false],
  ];
  for (const [plugin, pod, event, expected] of table)
    assert.equal(plugin.mayHelp?.(event, pod), expected, `${plugin.name} ${JSON.stringify(event)}`);
});
