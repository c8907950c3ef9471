import assert from 'node:assert/strict';
import { test } from 'node:test';
import { controllerRevisions } from './apps/v1/controller-revisions.ts';
import { daemonSets } from './apps/v1/daemon-sets.ts';
import { deployments } from './apps/v1/deployments.ts';
import { replicaSets } from './apps/v1/replica-sets.ts';
import { statefulSets } from './apps/v1/stateful-sets.ts';
import { causes, defaulted, row, statusCauses } from './testing/submit.ts';

const metadata = { name: 'one', namespace: 'default', creationTimestamp: '2026-01-01T00:00:00Z' };
const nowMs = Date.parse('2026-01-01T00:10:00Z');
const labels = { app: 'web' };
const selector = { matchLabels: labels };
const container = { name: 'a', image: 'x' };
const template = (spec: object = {}): object => ({ metadata: { labels }, spec: { containers: [container], ...spec } });
const workload = (spec: object = {}): object => ({ metadata, spec: { selector, template: template(), ...spec } });

test('a daemon set replaces its pods node by node', () => {
  const { spec } = defaulted(daemonSets, workload());
  assert.deepEqual(spec.updateStrategy, { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } });
  assert.equal(spec.revisionHistoryLimit, 10);
  assert.equal(spec.template.spec.restartPolicy, 'Always');
  const manual = defaulted(daemonSets, workload({ updateStrategy: { type: 'OnDelete' } }));
  assert.deepEqual(manual.spec.updateStrategy, { type: 'OnDelete' });
});

const daemonSetCases: [what: string, spec: object, causes: string[]][] = [
  ['is good', {}, []],
  ['takes all nodes at once', { updateStrategy: { rollingUpdate: { maxUnavailable: '100%' } } }, []],
  ['surges', { updateStrategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } }, []],
  [
    'goes first and comes first',
    { updateStrategy: { rollingUpdate: { maxUnavailable: '10%', maxSurge: 1 } } },
    ['spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero'],
  ],
  [
    'never moves',
    { updateStrategy: { rollingUpdate: { maxUnavailable: '0%' } } },
    ['spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0'],
  ],
  [
    'takes more than all',
    { updateStrategy: { rollingUpdate: { maxUnavailable: '101%' } } },
    ['spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%'],
  ],
  [
    'selects everything',
    { selector: {} },
    ['spec.selector: Invalid value: {}: empty selector is invalid for daemonset'],
  ],
  [
    'selects other pods',
    { selector: { matchLabels: { app: 'other' } } },
    ['spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`'],
  ],
  [
    'is replaced some other way',
    { updateStrategy: { type: 'Recreate' } },
    ['spec.updateStrategy: Unsupported value: {"type":"Recreate"}: supported values: "RollingUpdate", "OnDelete"'],
  ],
  [
    'is to end',
    { template: template({ restartPolicy: 'Never', activeDeadlineSeconds: 1 }) },
    [
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
      'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is not Supported',
    ],
  ],
];

for (const [what, spec, expected] of daemonSetCases) {
  test(`a daemon set that ${what}`, () => assert.deepEqual(causes(daemonSets, workload(spec)), expected));
}

const claim = {
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

test('a stateful set starts its pods in order and keeps their claims', () => {
  const { spec } = defaulted(statefulSets, workload({ volumeClaimTemplates: [claim] }));
  const { podManagementPolicy, updateStrategy, persistentVolumeClaimRetentionPolicy, replicas, serviceName } = spec;
  assert.deepEqual([podManagementPolicy, replicas, serviceName], ['OrderedReady', 1, '']);
  assert.deepEqual(updateStrategy, { type: 'RollingUpdate', rollingUpdate: { partition: 0 } });
  assert.deepEqual(persistentVolumeClaimRetentionPolicy, { whenDeleted: 'Retain', whenScaled: 'Retain' });
  assert.deepEqual(spec.volumeClaimTemplates, [
    {
      kind: 'PersistentVolumeClaim',
      apiVersion: 'v1',
      metadata: { name: 'data' },
      spec: { ...claim.spec, volumeMode: 'Filesystem' },
      status: { phase: 'Pending' },
    },
  ]);
  const named = defaulted(statefulSets, workload({ updateStrategy: { type: 'RollingUpdate' } }));
  assert.deepEqual(named.spec.updateStrategy, { type: 'RollingUpdate' });
});

const statefulSetCases: [what: string, spec: object, causes: string[]][] = [
  ['is good', { serviceName: 'web' }, []],
  [
    'mounts a claim of its own',
    {
      volumeClaimTemplates: [claim],
      template: template({ containers: [{ ...container, volumeMounts: [{ name: 'data', mountPath: '/data' }] }] }),
    },
    [],
  ],
  ['leaves a name to its controller', { template: template({ hostname: 'Not_A_Host', subdomain: 'Nor_This' }) }, []],
  [
    'starts its pods some other way',
    { podManagementPolicy: 'Random' },
    [`spec.podManagementPolicy: Invalid value: "Random": must be 'OrderedReady' or 'Parallel'`],
  ],
  [
    'replaces them some other way',
    { updateStrategy: { type: 'Recreate' } },
    [`spec.updateStrategy: Invalid value: {"type":"Recreate"}: must be 'RollingUpdate' or 'OnDelete'`],
  ],
  [
    'rolls and does not',
    { updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } } },
    [
      `spec.updateStrategy.rollingUpdate: Invalid value: {"partition":1}: only allowed for updateStrategy 'RollingUpdate'`,
    ],
  ],
  [
    'never moves',
    { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, partition: -1 } } },
    [
      'spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0',
      'spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: 0: cannot be 0',
    ],
  ],
  [
    'counts from below',
    { ordinals: { start: -1 } },
    ['spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [
    'selects everything',
    { selector: {} },
    ['spec.selector: Invalid value: {}: empty selector is invalid for statefulset'],
  ],
  [
    'is served by nobody',
    { serviceName: 'Web' },
    [
      `spec.serviceName: Invalid value: "Web": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
    ],
  ],
  [
    'claims nothing',
    { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }] },
    [
      'spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required',
      'spec.volumeClaimTemplates[0].spec.resources[storage]: Required value',
    ],
  ],
  [
    'claims for one pod and for many',
    {
      volumeClaimTemplates: [
        { ...claim, spec: { ...claim.spec, accessModes: ['ReadWriteOncePod', 'ReadWriteMany', 'Read'] } },
      ],
    },
    [
      'spec.volumeClaimTemplates[0].spec.accessModes: Unsupported value: "Read": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
      'spec.volumeClaimTemplates[0].spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes',
    ],
  ],
];

for (const [what, spec, expected] of statefulSetCases) {
  test(`a stateful set that ${what}`, () => assert.deepEqual(causes(statefulSets, workload(spec)), expected));
}

test('of a stateful set only the plan changes, not the identity', () => {
  const old = workload({ serviceName: 'Not_A_Name' });
  const plan = { replicas: 3, minReadySeconds: 1, revisionHistoryLimit: 1, ordinals: { start: 1 } };
  assert.deepEqual(causes(statefulSets, workload({ serviceName: 'Not_A_Name', ...plan }), old), []);
  assert.deepEqual(causes(statefulSets, workload({ serviceName: 'web' }), old), [
    "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
  ]);
});

test('a template that was let in before does not stand in the way', () => {
  const broken = (replicas: number): object => workload({ replicas, template: template({ dnsPolicy: 'None' }) });
  const why = 'spec.template.spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None';
  assert.deepEqual(causes(statefulSets, broken(1)), [why]);
  assert.deepEqual(causes(statefulSets, broken(2), broken(1)), []);
  assert.deepEqual(causes(statefulSets, broken(2), workload()), [why]);
});

test('a controller revision holds one state for ever', () => {
  const revision = (data: unknown, number = 1): object => ({ metadata, data, revision: number });
  assert.deepEqual(causes(controllerRevisions, revision({ spec: {} })), []);
  assert.deepEqual(causes(controllerRevisions, revision(null)), ['data: Required value: data is mandatory']);
  assert.deepEqual(causes(controllerRevisions, revision([])), [
    'data: Required value: data must be a valid JSON object',
  ]);
  assert.deepEqual(causes(controllerRevisions, revision({ a: 1 }, -1), revision({ a: 2 })), [
    'revision: Invalid value: -1: must be greater than or equal to 0',
    'data: Invalid value: {"a":1}: field is immutable',
  ]);
});

test('what a controller counts adds up', () => {
  const status = (counts: object): object => ({ metadata, spec: {}, status: counts });
  const part = 'cannot be greater than status.replicas';
  assert.deepEqual(statusCauses(deployments, status({ replicas: 2, updatedReplicas: 3 }), status({})), [
    `status.updatedReplicas: Invalid value: 3: ${part}`,
  ]);
  assert.deepEqual(statusCauses(replicaSets, status({ replicas: 2, availableReplicas: 1 }), status({})), [
    'status.availableReplicas: Invalid value: 1: cannot be greater than readyReplicas',
  ]);
  const told = statusCauses(
    statefulSets,
    status({ replicas: 1, currentReplicas: -1, availableReplicas: 1 }),
    status({ collisionCount: 1 }),
  );
  assert.deepEqual(told, [
    'status.currentReplicas: Invalid value: -1: must be greater than or equal to 0',
    'status.availableReplicas: Invalid value: 1: cannot be greater than status.readyReplicas',
    'status.collisionCount: Invalid value: 0: cannot be decremented',
  ]);
  assert.deepEqual(statusCauses(daemonSets, status({ numberReady: -1 }), status({})), [
    'status.numberReady: Invalid value: -1: must be greater than or equal to 0',
  ]);
});

test('the columns of workloads', () => {
  const daemonSet = {
    ...workload({ template: template({ nodeSelector: { zone: 'a', disk: 'ssd' } }) }),
    status: { desiredNumberScheduled: 3, currentNumberScheduled: 2, numberReady: 1, updatedNumberScheduled: 2 },
  };
  assert.deepEqual(row(daemonSets, daemonSet, { nowMs, wide: true }), {
    Name: 'one',
    Desired: 3,
    Current: 2,
    Ready: 1,
    'Up-to-date': 2,
    Available: 0,
    'Node Selector': 'disk=ssd,zone=a',
    Age: '10m',
    Containers: 'a',
    Images: 'x',
    Selector: 'app=web',
  });
  const statefulSet = { ...workload({ replicas: 3 }), status: { replicas: 3, readyReplicas: 2 } };
  assert.deepEqual(row(statefulSets, statefulSet, { nowMs, wide: true }), {
    Name: 'one',
    Ready: '2/3',
    Age: '10m',
    Containers: 'a',
    Images: 'x',
  });
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: 'u', controller: true };
  const revision = { metadata: { ...metadata, ownerReferences: [owner] }, data: {}, revision: 2 };
  assert.deepEqual(row(controllerRevisions, revision, { nowMs }), {
    Name: 'one',
    Controller: 'statefulset.apps/web',
    Revision: 2,
    Age: '10m',
  });
  assert.equal(row(controllerRevisions, { metadata, data: {}, revision: 1 })['Controller'], '<none>');
});
