import assert from 'node:assert/strict';
import { test } from 'node:test';
import { persistentVolumeClaims } from './core/v1/persistent-volume-claims.ts';
import { persistentVolumes } from './core/v1/persistent-volumes.ts';
import { pods } from './core/v1/pods.ts';
import { csiDrivers } from './storage/v1/csi-drivers.ts';
import { csiNodes } from './storage/v1/csi-nodes.ts';
import { csiStorageCapacities } from './storage/v1/csi-storage-capacities.ts';
import { storageClasses } from './storage/v1/storage-classes.ts';
import { volumeAttachments } from './storage/v1/volume-attachments.ts';
import { volumeAttributesClasses } from './storage/v1/volume-attributes-classes.ts';
import { causes, defaulted, row } from './testing/submit.ts';

const metadata = { name: 'one' };
const csi = { driver: 'csi.example.com', volumeHandle: 'v1' };

function volume(spec: object): object {
  return { metadata, spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], csi, ...spec } };
}

const volumeCases: [what: string, spec: object, causes: string[]][] = [
  ['is good', {}, []],
  [
    'is nowhere and of no size',
    { csi: undefined, capacity: {} },
    [
      'spec: Required value: must specify a volume type',
      'spec.capacity: Required value',
      'spec.capacity: Unsupported value: null: supported values: "storage"',
    ],
  ],
  [
    'is in two places',
    { hostPath: { path: '/a/../b' } },
    [
      'spec.hostPath.path: Invalid value: "/a/../b": must not contain \'..\'',
      'spec.csi: Forbidden: may not specify more than 1 volume type',
    ],
  ],
  [
    'is reached in ways that exclude each other',
    { accessModes: ['ReadWriteOncePod', 'ReadWriteMany', 'Sometimes'] },
    [
      'spec.accessModes: Unsupported value: "Sometimes": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
      'spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes',
    ],
  ],
  [
    'is less than nothing',
    { capacity: { storage: '-1' } },
    [
      'spec.capacity[storage]: Invalid value: -1: must be a valid resource quantity',
      'spec.capacity[storage]: Invalid value: "-1": must be greater than zero',
    ],
  ],
  [
    'is on a node that is not told',
    { csi: undefined, local: { path: '/disk' } },
    ['spec.nodeAffinity: Required value: Local volume requires node affinity'],
  ],
  [
    'would wipe a node',
    { csi: undefined, hostPath: { path: '//' }, persistentVolumeReclaimPolicy: 'Recycle' },
    ["spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'"],
  ],
  [
    'has half a secret',
    { csi: { ...csi, nodePublishSecretRef: { name: 's' } } },
    ['spec.csi.nodePublishSecretRef.namespace: Required value'],
  ],
];

for (const [what, spec, expected] of volumeCases) {
  test(`a volume that ${what}`, () => assert.deepEqual(causes(persistentVolumes, volume(spec)), expected));
}

test('a volume stays where it is; the secret for growing may come later', () => {
  const secret = { name: 's', namespace: 'n' };
  const grown = volume({ csi: { ...csi, controllerExpandSecretRef: secret }, capacity: { storage: '2Gi' } });
  assert.deepEqual(causes(persistentVolumes, grown, volume({})), []);
  assert.deepEqual(causes(persistentVolumes, volume({ csi: { ...csi, volumeHandle: 'v2' } }), volume({})), [
    'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n- csi.volumeHandle: "v1"\n+ csi.volumeHandle: "v2"',
  ]);
  assert.deepEqual(causes(persistentVolumes, volume({ volumeMode: 'Block' }), volume({})), [
    'volumeMode: Invalid value: "Block": field is immutable',
  ]);
});

test('the labels of a volume may get their new names, its nodes may not change', () => {
  const on = (key: string, value: string): object => ({
    nodeAffinity: {
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'In', values: [value] }] }] },
    },
  });
  const old = volume(on('failure-domain.beta.kubernetes.io/zone', 'a'));
  assert.deepEqual(causes(persistentVolumes, volume(on('topology.kubernetes.io/zone', 'a')), old), []);
  const [moved] = causes(persistentVolumes, volume(on('topology.kubernetes.io/zone', 'b')), old);
  assert.match(
    moved ?? '',
    /^nodeAffinity: Invalid value: .*: field is immutable, except for updating from beta label to GA$/,
  );
});

function claim(spec: object, status: object = {}, annotations: object = {}): object {
  return {
    metadata: { ...metadata, annotations },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } }, ...spec },
    status,
  };
}

const claimCases: [what: string, spec: object, causes: string[]][] = [
  ['is good', {}, []],
  [
    'says nothing',
    { accessModes: [], resources: {} },
    ['spec.accessModes: Required value: at least 1 access mode is required', 'spec.resources[storage]: Required value'],
  ],
  [
    'asks for nothing',
    { resources: { requests: { storage: '0' } } },
    ['spec.resources[storage]: Invalid value: "0": must be greater than zero'],
  ],
  [
    'is a copy of who knows what',
    { dataSource: { kind: 'Pod', name: 'p' } },
    ['spec.dataSource: Invalid value: "Pod": must be \'PersistentVolumeClaim\' when referencing the default apiGroup'],
  ],
  [
    'is a copy of two things',
    {
      dataSource: { kind: 'PersistentVolumeClaim', name: 'a' },
      dataSourceRef: { kind: 'PersistentVolumeClaim', name: 'b' },
    },
    ['spec: Invalid value: {}: must match dataSourceRef'],
  ],
];

for (const [what, spec, expected] of claimCases) {
  test(`a claim that ${what}`, () => assert.deepEqual(causes(persistentVolumeClaims, claim(spec)), expected));
}

test('a claim that is bound may grow, and nothing else', () => {
  const bound = { phase: 'Bound', capacity: { storage: '1Gi' } };
  const size = (storage: string): object => ({ resources: { requests: { storage } } });
  const sizes = (to: string, from: string, status: object): string[] =>
    causes(persistentVolumeClaims, claim(size(to), status), claim(size(from), status));
  assert.deepEqual(sizes('3Gi', '2Gi', bound), []);
  // What could not be had may be given up, down to what there is.
  assert.deepEqual(sizes('1500Mi', '2Gi', bound), []);
  assert.deepEqual(sizes('1Gi', '2Gi', bound), [
    'spec.resources.requests.storage: Forbidden: field can not be less than status.capacity',
  ]);
  const why =
    'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n';
  assert.deepEqual(sizes('3Gi', '2Gi', { phase: 'Pending' }), [
    `${why}- resources.requests.storage: "2Gi"\n+ resources.requests.storage: "3Gi"`,
  ]);
  const moved = causes(persistentVolumeClaims, claim({ volumeName: 'b' }, bound), claim({ volumeName: 'a' }, bound));
  assert.deepEqual(moved, [`${why}- volumeName: "a"\n+ volumeName: "b"`]);
  assert.deepEqual(causes(persistentVolumeClaims, claim({ volumeName: 'a' }), claim({})), []);
});

test('a claim without a class may get one, once', () => {
  const named = (storageClassName?: string, annotations = {}): object =>
    claim(storageClassName === undefined ? {} : { storageClassName }, {}, annotations);
  assert.deepEqual(causes(persistentVolumeClaims, named('fast'), named()), []);
  assert.match(causes(persistentVolumeClaims, named('slow'), named('fast'))[0] ?? '', /^spec: Forbidden: spec is imm/);
  const beta = { 'volume.beta.kubernetes.io/storage-class': 'fast' };
  assert.deepEqual(causes(persistentVolumeClaims, named('fast', beta), named(undefined, beta)), []);
  assert.deepEqual(causes(persistentVolumeClaims, named(), named(undefined, beta)), [
    'metadata.annotations.volume.beta.kubernetes.io/storage-class: Invalid value: "": field is immutable',
  ]);
});

test('attributes that a volume has once got are not taken back', () => {
  const status = { phase: 'Bound', currentVolumeAttributesClassName: 'gold' };
  const old = claim({ volumeAttributesClassName: 'gold' }, status);
  assert.deepEqual(causes(persistentVolumeClaims, claim({ volumeAttributesClassName: 'silver' }, status), old), []);
  assert.deepEqual(causes(persistentVolumeClaims, claim({}, status), old), [
    'spec.volumeAttributesClassName: Forbidden: update to nil is forbidden when status.currentVolumeAttributesClassName is not nil',
  ]);
});

test('the claim of a pod is as good as any other, and has no name of its own', () => {
  const ephemeral = { volumeClaimTemplate: { metadata: { name: 'mine', labels: { a: 'b' } }, spec: {} } };
  const container = { name: 'c', image: 'i', volumeMounts: [{ name: 'v', mountPath: '/v' }] };
  const pod = {
    metadata,
    spec: { serviceAccountName: 'a', containers: [container], volumes: [{ name: 'v', ephemeral }] },
  };
  const at = 'spec.volumes[0].ephemeral.volumeClaimTemplate';
  assert.deepEqual(causes(pods, pod), [
    `${at}.metadata.Name: Forbidden: cannot be set`,
    `${at}.spec.accessModes: Required value: at least 1 access mode is required`,
    `${at}.spec.resources[storage]: Required value`,
    'spec.containers[0].volumeMounts[0].name: Not found: "v"',
  ]);
});

test('storage classes', () => {
  const { reclaimPolicy, volumeBindingMode } = defaulted(storageClasses, { metadata, provisioner: 'a/b' });
  assert.deepEqual([reclaimPolicy, volumeBindingMode], ['Delete', 'Immediate']);
  const topology = { matchLabelExpressions: [{ key: 'zone', values: ['a', 'a'] }] };
  assert.deepEqual(causes(storageClasses, { metadata, provisioner: '', allowedTopologies: [topology, topology] }), [
    'provisioner: Required value',
    'allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: "a"',
    'allowedTopologies[1].matchLabelExpressions[0].values[1]: Duplicate value: "a"',
    'allowedTopologies[1].matchLabelExpressions: Duplicate value: ""',
  ]);
  const now = { metadata, provisioner: 'b', parameters: { x: 'y' }, reclaimPolicy: 'Retain' };
  assert.deepEqual(causes(storageClasses, now, { metadata, provisioner: 'a' }), [
    'parameters: Invalid value: {"x":"y"}: field is immutable',
    'provisioner: Invalid value: "b": field is immutable',
    'reclaimPolicy: Invalid value: "Retain": field is immutable',
  ]);
  assert.deepEqual(causes(volumeAttributesClasses, { metadata, driverName: 'd' }), [
    'parameters: Required value: must contain at least one key/value pair',
  ]);
});

test('CSI drivers, their nodes and their room', () => {
  assert.deepEqual(defaulted(csiDrivers, { metadata, spec: {} }).spec, {
    attachRequired: true,
    podInfoOnMount: false,
    volumeLifecycleModes: ['Persistent'],
    storageCapacity: false,
    fsGroupPolicy: 'ReadWriteOnceWithFSType',
    requiresRepublish: false,
    seLinuxMount: false,
  });
  const tokenRequests = [{ audience: 'a', expirationSeconds: 5 }, { audience: 'a' }];
  assert.deepEqual(causes(csiDrivers, { metadata, spec: { tokenRequests, volumeLifecycleModes: ['Brief'] } }), [
    'spec.tokenRequests[0].expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes',
    'spec.tokenRequests[1].audience: Duplicate value: "a"',
    'spec.volumeLifecycleModes: Unsupported value: "Brief": supported values: "Persistent", "Ephemeral"',
  ]);
  assert.deepEqual(causes(csiDrivers, { metadata, spec: { attachRequired: false } }, { metadata, spec: {} }), [
    'spec.attachedRequired: Invalid value: false: field is immutable',
  ]);
  const node = (nodeID: string, count: number): object => ({
    metadata,
    spec: { drivers: [{ name: 'd', nodeID, topologyKeys: [], allocatable: { count } }] },
  });
  assert.deepEqual(causes(csiNodes, node('a', 2), node('a', 1)), []);
  assert.deepEqual(causes(csiNodes, node('b', -1), node('a', 1)), [
    'spec.drivers[0].allocatable.count: Invalid value: -1: must be greater than or equal to 0',
    'spec.drivers: Invalid value: {"name":"d","nodeID":"b","topologyKeys":[]}: field is immutable',
  ]);
  const room = { metadata, storageClassName: 'a' };
  const unnamed = { metadata, storageClassName: 'A' };
  assert.match(
    causes(csiStorageCapacities, unnamed)[0] ?? '',
    /^storageClassName: Invalid value: "A": a lowercase RFC/,
  );
  assert.deepEqual(causes(csiStorageCapacities, room, { metadata, storageClassName: 'b' }), [
    'storageClassName: Invalid value: "a": field is immutable',
  ]);
});

test('an attachment is of one volume, for ever', () => {
  const to = (source: object): object => ({ metadata, spec: { attacher: 'd', nodeName: 'n', source }, status: {} });
  assert.deepEqual(causes(volumeAttachments, to({ persistentVolumeName: 'v' })), []);
  assert.deepEqual(causes(volumeAttachments, to({})), [
    'spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName',
  ]);
  const inline = to({ inlineVolumeSpec: { accessModes: ['ReadWriteOnce'], csi, storageClassName: 'fast' } });
  assert.deepEqual(causes(volumeAttachments, inline), [
    'spec.source.inlineVolumeSpec.storageClassName: Forbidden: may not be specified in the context of inline volumes',
  ]);
  const [moved] = causes(volumeAttachments, to({ persistentVolumeName: 'w' }), to({ persistentVolumeName: 'v' }));
  assert.match(moved ?? '', /^spec: Invalid value: .*: field is immutable$/);
});

const created = '2026-01-01T00:00:00Z';
const nowMs = Date.parse('2026-01-01T00:10:00Z');

test('volumes and claims show each other', () => {
  const meta = { name: 'one', creationTimestamp: created };
  const spec = {
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteMany', 'ReadWriteOnce'],
    persistentVolumeReclaimPolicy: 'Retain',
    claimRef: { namespace: 'ns', name: 'data' },
    storageClassName: 'fast',
    volumeMode: 'Block',
  };
  const shown = row(persistentVolumes, { metadata: meta, spec, status: { phase: 'Bound' } }, { nowMs, wide: true });
  assert.deepEqual(shown, {
    Name: 'one',
    Capacity: '1Gi',
    'Access Modes': 'RWO,RWX',
    'Reclaim Policy': 'Retain',
    Status: 'Bound',
    Claim: 'ns/data',
    StorageClass: 'fast',
    VolumeAttributesClass: '<unset>',
    Reason: '',
    Age: '10m',
    VolumeMode: 'Block',
  });
  const status = { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } };
  const cells = row(
    persistentVolumeClaims,
    { metadata: meta, spec: { volumeName: 'v', storageClassName: 'fast' }, status },
    { nowMs },
  );
  assert.deepEqual(Object.values(cells), ['one', 'Bound', 'v', '1Gi', 'RWO', 'fast', '<unset>', '10m']);
  const ending = { ...meta, deletionTimestamp: created };
  const waiting = row(persistentVolumeClaims, { metadata: ending, spec: {}, status: { phase: 'Pending' } }, { nowMs });
  assert.deepEqual(Object.values(waiting), ['one', 'Terminating', '', '', '', '', '<unset>', '10m']);
});

test('the default class is marked, and drivers show how they are used', () => {
  const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
  const meta = { name: 'fast', creationTimestamp: created, annotations };
  assert.deepEqual(Object.values(row(storageClasses, { metadata: meta, provisioner: 'p' }, { nowMs })), [
    'fast (default)',
    'p',
    'Delete',
    'Immediate',
    false,
    '10m',
  ]);
  const driver = { metadata: { name: 'd', creationTimestamp: created }, spec: { tokenRequests: [{ audience: 'a' }] } };
  const cells = Object.values(row(csiDrivers, driver, { nowMs }));
  assert.deepEqual(cells, ['d', true, false, false, 'a', false, '<none>', '10m']);
});
