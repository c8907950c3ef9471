import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployments } from './apps/v1/deployments.ts';
import { replicaSets } from './apps/v1/replica-sets.ts';
import { endpoints } from './core/v1/endpoints-resource.ts';
import { events } from './core/v1/events.ts';
import { nodes } from './core/v1/nodes.ts';
import { pods } from './core/v1/pods.ts';
import { secrets } from './core/v1/secrets.ts';
import { services } from './core/v1/services.ts';
import { endpointSlices } from './discovery/v1/endpoint-slices.ts';
import { eventsV1 } from './events/v1/events.ts';
import { roleBindings } from './rbac/v1/role-bindings.ts';
import { row } from './testing/submit.ts';

const created = '2026-01-01T00:00:00Z';
const nowMs = Date.parse('2026-01-01T00:10:00Z');
const metadata = { name: 'one', creationTimestamp: created };

const running = { state: { running: { startedAt: created } }, ready: true };
const status = (name: string, more: object): object => ({
  name,
  ready: false,
  restartCount: 0,
  image: 'a',
  imageID: '',
  ...more,
});
const crashing = status('b', {
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: '2026-01-01T00:08:00Z' } },
  restartCount: 3,
});
const exited = (exitCode: number, reason?: string): object => ({ state: { terminated: { exitCode, reason } } });

interface PodCase {
  what: string;
  spec?: object;
  status: object;
  deletionTimestamp?: string;
  cells: [ready: string, status: string, restarts: string];
}

const podCases: PodCase[] = [
  { what: 'waits for a node', status: { phase: 'Pending' }, cells: ['0/2', 'Pending', '0'] },
  {
    what: 'is held back',
    status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] },
    cells: ['0/2', 'SchedulingGated', '0'],
  },
  {
    what: 'is being made',
    status: {
      phase: 'Pending',
      containerStatuses: [status('a', { state: { waiting: { reason: 'ContainerCreating' } } })],
    },
    cells: ['0/2', 'ContainerCreating', '0'],
  },
  {
    what: 'runs',
    status: { phase: 'Running', containerStatuses: [status('a', running), status('b', running)] },
    cells: ['2/2', 'Running', '0'],
  },
  {
    what: 'crashes again and again',
    status: { phase: 'Running', containerStatuses: [status('a', running), crashing] },
    cells: ['1/2', 'CrashLoopBackOff', '3 (2m ago)'],
  },
  {
    what: 'is done',
    status: { phase: 'Succeeded', containerStatuses: [status('a', exited(0, 'Completed'))] },
    cells: ['0/2', 'Completed', '0'],
  },
  {
    what: 'is half done',
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [status('a', exited(0, 'Completed')), status('b', running)],
    },
    cells: ['1/2', 'Running', '0'],
  },
  {
    what: 'ended by a signal that nobody named',
    status: {
      phase: 'Failed',
      containerStatuses: [status('a', { state: { terminated: { exitCode: 137, signal: 9 } } })],
    },
    cells: ['0/2', 'Signal:9', '0'],
  },
  {
    what: 'was put off its node',
    status: { phase: 'Failed', reason: 'Evicted' },
    cells: ['0/2', 'Evicted', '0'],
  },
  {
    what: 'is ending',
    deletionTimestamp: created,
    status: { phase: 'Running', containerStatuses: [status('a', running), status('b', running)] },
    cells: ['2/2', 'Terminating', '0'],
  },
  {
    what: 'prepares itself',
    spec: { initContainers: [{ name: 'i' }, { name: 'j' }] },
    status: {
      phase: 'Pending',
      initContainerStatuses: [status('i', exited(0, 'Completed')), status('j', { state: { running: {} } })],
    },
    cells: ['0/2', 'Init:1/2', '0'],
  },
  {
    what: 'cannot prepare itself',
    spec: { initContainers: [{ name: 'i' }] },
    status: { phase: 'Pending', initContainerStatuses: [{ ...crashing, name: 'i' }] },
    cells: ['0/2', 'Init:CrashLoopBackOff', '3 (2m ago)'],
  },
  {
    what: 'has a sidecar',
    spec: { initContainers: [{ name: 'i', restartPolicy: 'Always' }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Initialized', status: 'True' }],
      initContainerStatuses: [status('i', { ...running, started: true, restartCount: 1 })],
      containerStatuses: [status('a', running), status('b', running)],
    },
    cells: ['3/3', 'Running', '1'],
  },
];

for (const { what, spec, status: podStatus, deletionTimestamp, cells } of podCases) {
  test(`a pod that ${what}`, () => {
    const pod = {
      metadata: { ...metadata, deletionTimestamp },
      spec: { containers: [{ name: 'a' }, { name: 'b' }], ...spec },
      status: podStatus,
    };
    const { Ready, Status, Restarts, Age } = row(pods, pod, { nowMs });
    assert.deepEqual([Ready, Status, Restarts, Age], [...cells, '10m']);
  });
}

test('the wide columns of a pod', () => {
  const gates = [{ conditionType: 'example.com/a' }, { conditionType: 'example.com/b' }];
  const pod = {
    metadata,
    spec: { containers: [], nodeName: 'n1', readinessGates: gates },
    status: { podIPs: [{ ip: '10.0.0.1' }], conditions: [{ type: 'example.com/a', status: 'True' }] },
  };
  const { IP, Node, 'Nominated Node': nominated, 'Readiness Gates': gate } = row(pods, pod, { nowMs, wide: true });
  assert.deepEqual([IP, Node, nominated, gate], ['10.0.0.1', 'n1', '<none>', '1/2']);
});

test('deployments and replica sets count their pods', () => {
  const template = {
    metadata: {},
    spec: {
      containers: [
        { name: 'a', image: 'x' },
        { name: 'b', image: 'y' },
      ],
    },
  };
  const spec = { replicas: 3, selector: { matchLabels: { app: 'a' } }, template };
  const counts = { replicas: 3, readyReplicas: 2, updatedReplicas: 3, availableReplicas: 1 };
  assert.deepEqual(row(deployments, { metadata, spec, status: counts }, { nowMs, wide: true }), {
    Name: 'one',
    Ready: '2/3',
    'Up-to-date': 3,
    Available: 1,
    Age: '10m',
    Containers: 'a,b',
    Images: 'x,y',
    Selector: 'app=a',
  });
  const set = row(replicaSets, { metadata, spec, status: { replicas: 3, readyReplicas: 2 } }, { nowMs });
  assert.deepEqual(set, { Name: 'one', Desired: 3, Current: 3, Ready: 2, Age: '10m' });
});

test('services show where they are reached', () => {
  const ports = [
    { port: 80, protocol: 'TCP', nodePort: 30080 },
    { port: 53, protocol: 'UDP' },
  ];
  const spec = { type: 'LoadBalancer', clusterIP: '10.96.0.1', ports };
  const pending = row(services, { metadata, spec }, { nowMs });
  assert.deepEqual(Object.values(pending), [
    'one',
    'LoadBalancer',
    '10.96.0.1',
    '<pending>',
    '80:30080/TCP,53/UDP',
    '10m',
  ]);
  const named = { type: 'ExternalName', externalName: 'example.org' };
  const cells = row(services, { metadata, spec: named }, { nowMs, wide: true });
  assert.deepEqual(Object.values(cells).slice(1), ['ExternalName', '<none>', 'example.org', '<none>', '10m', '<none>']);
});

test('nodes show their state and roles', () => {
  const node = {
    metadata: { ...metadata, labels: { 'node-role.kubernetes.io/worker': '', 'kubernetes.io/role': 'edge' } },
    spec: { unschedulable: true },
    status: {
      conditions: [{ type: 'Ready', status: 'False' }],
      addresses: [{ type: 'InternalIP', address: '10.0.0.2' }],
      nodeInfo: { kubeletVersion: 'v1.36.0' },
    },
  };
  const cells = row(nodes, node, { nowMs, wide: true });
  assert.deepEqual(Object.values(cells).slice(1, 7), [
    'NotReady,SchedulingDisabled',
    'edge,worker',
    '10m',
    'v1.36.0',
    '10.0.0.2',
    '<none>',
  ]);
});

test('endpoints are shown three at a time', () => {
  const addresses = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'];
  const subsets = [{ addresses: addresses.map((ip) => ({ ip })), ports: [{ port: 80 }] }];
  const shown = '10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 1 more...';
  assert.equal(row(endpoints, { metadata, subsets })['Endpoints'], shown);
  assert.equal(row(endpoints, { metadata })['Endpoints'], '<none>');
  const slice = { metadata, addressType: 'IPv4', endpoints: addresses.map((ip) => ({ addresses: [ip] })), ports: [] };
  const cells = row(endpointSlices, slice);
  assert.deepEqual([cells['Ports'], cells['Endpoints']], ['<unset>', '10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...']);
});

test('an event looks the same through both groups', () => {
  const common = {
    metadata,
    reason: 'Started',
    type: 'Normal',
    series: { count: 4, lastObservedTime: '2026-01-01T00:00:00.000000Z' },
  };
  const about = { kind: 'Pod', name: 'web', fieldPath: 'spec.containers{web}' };
  const core = row(
    events,
    { ...common, involvedObject: about, message: ' It runs.\n', source: { component: 'kubelet', host: 'n1' } },
    { nowMs, wide: true },
  );
  const other = row(
    eventsV1,
    { ...common, regarding: about, note: ' It runs.\n', deprecatedSource: { component: 'kubelet', host: 'n1' } },
    { nowMs, wide: true },
  );
  assert.deepEqual(core, other);
  assert.deepEqual(Object.values(core), [
    '10m',
    'Normal',
    'Started',
    'pod/web',
    'spec.containers{web}',
    'kubelet, n1',
    'It runs.',
    '<unknown>',
    4,
    'one',
  ]);
});

test('secrets show how many keys they have, role bindings who has which role', () => {
  assert.deepEqual(row(secrets, { metadata, type: 'Opaque', data: { a: '', b: '' } })['Data'], 2);
  const subjects = [
    { kind: 'User', name: 'ann' },
    { kind: 'ServiceAccount', name: 'bot', namespace: 'ci' },
  ];
  const binding = { metadata, roleRef: { kind: 'Role', name: 'edit' }, subjects };
  const cells = row(roleBindings, binding, { wide: true });
  assert.deepEqual([cells['Role'], cells['Users'], cells['ServiceAccounts']], ['Role/edit', 'ann', 'ci/bot']);
});
