import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pods } from './core/v1/pods.ts';
import { doorCauses } from './testing/submit.ts';

const resources = { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '2' } };
const containers = [
  { name: 'a', image: 'x', resources },
  { name: 'job', image: 'x', restartPolicy: 'Never' },
];
const ended = { state: { terminated: { exitCode: 0 } } };
const told = { ready: false, restartCount: 0, image: 'x', imageID: 'x' };
const status = {
  qosClass: 'Burstable',
  containerStatuses: [
    { ...told, name: 'a', ...ended },
    { ...told, name: 'job', ...ended },
  ],
};

function pod(spec: object, more: object = {}): object {
  const { annotations, ...statusChange } = more as { annotations?: object };
  const metadata = { name: 'one', namespace: 'default', ...(annotations && { annotations }) };
  return { metadata, spec: { containers, nodeName: 'n', ...spec }, status: { ...status, ...statusChange } };
}

const running = [
  { ...told, name: 'a', state: { running: {} } },
  { ...told, name: 'job', state: { running: {} } },
];

const statuses: [what: string, change: object, causes: string[]][] = [
  ['nothing', {}, []],
  [
    'that what has ended runs again',
    { containerStatuses: running },
    ['status.containerStatuses[1].state: Forbidden: may not be transitioned to non-terminated state'],
  ],
  [
    'another class of service',
    { qosClass: 'Guaranteed' },
    ['status.qosClass: Invalid value: "Guaranteed": field is immutable'],
  ],
  [
    'addresses that are none, or too many',
    { podIPs: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }], hostIPs: [{ ip: 'x' }] },
    [
      'status.podIPs: Invalid value: [{"ip":"10.0.0.1"},{"ip":"10.0.0.2"}]: may specify no more than one IP for each IP family',
      'status.hostIPs[0].ip: Invalid value: "x": must be equal to `hostIP`',
      'status.hostIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
  ],
  [
    'a node to come of a pod that has one',
    { nominatedNodeName: 'm' },
    ['status.nominatedNodeName: Forbidden: may not be set on pods that are already bound to a node'],
  ],
  [
    'claims that it has not',
    {
      resourceClaimStatuses: [{ name: 'c' }],
      extendedResourceClaimStatus: { requestMappings: [], resourceClaimName: 'q' },
    },
    [
      'status.resourceClaimStatuses[0].name: Invalid value: "c": must match the name of an entry in `spec.resourceClaims`',
      'status.extendedResourceClaimStatus.requestMappings: Required value: at least one request mapping is required',
    ],
  ],
  [
    'devices that nobody asked for',
    {
      containerStatuses: [
        {
          ...told,
          name: 'a',
          ...ended,
          allocatedResourcesStatus: [{ name: 'gpu', resources: [{ resourceID: 'g', health: 'Ill' }] }],
        },
      ],
    },
    [
      'status.containerStatuses[0].allocatedResourcesStatus[0].name: Invalid value: "gpu": must match one of the container\'s resource requests',
      'status.containerStatuses[0].allocatedResourcesStatus[0].resources[0].health: Unsupported value: "Ill": supported values: "Healthy", "Unhealthy", "Unknown"',
    ],
  ],
];

for (const [what, change, expected] of statuses) {
  test(`a status that says ${what}`, () =>
    assert.deepEqual(doorCauses(pods, 'status', pod({}, change), pod({})), expected));
}

function with1(more: object): object {
  return { containers: [{ ...containers[0], ...more }, containers[1]] };
}

const resizes: [what: string, spec: object, causes: string[]][] = [
  ['to more cpu', with1({ resources: { ...resources, limits: { cpu: '3' } } }), []],
  [
    'to what has no requests',
    with1({ resources: { limits: { cpu: '2' }, requests: { cpu: '1' } } }),
    ['spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed'],
  ],
  [
    'to a disk of its own',
    with1({ resources: { ...resources, requests: { ...resources.requests, 'ephemeral-storage': '1Gi' } } }),
    ['spec: Forbidden: only cpu and memory resources are mutable'],
  ],
  [
    'to another class of service',
    { containers: containers.map((one) => ({ ...one, resources: { limits: { cpu: '2', memory: '1Gi' } } })) },
    ['spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing'],
  ],
  [
    'to other containers',
    { containers: containers.toReversed() },
    [0, 1].map((at) => `spec.containers[${at}].name: Forbidden: containers may not be renamed or reordered on resize`),
  ],
];

for (const [what, spec, expected] of resizes) {
  test(`a pod that is resized ${what}`, () =>
    assert.deepEqual(doorCauses(pods, 'resize', pod(spec), pod({})), expected));
}

test('a pod of another system, or the shadow of another pod, is not resized', () => {
  assert.deepEqual(doorCauses(pods, 'resize', pod({}), pod({ os: { name: 'windows' } })), [
    ': Forbidden: windows pods cannot be resized',
  ]);
  const mirror = { annotations: { 'kubernetes.io/config.mirror': 'm' } };
  assert.deepEqual(doorCauses(pods, 'resize', pod({}), pod({}, mirror)), [
    ': Forbidden: static pods cannot be resized',
  ]);
  assert.deepEqual(doorCauses(pods, 'ephemeralcontainers', pod({}), pod({}, mirror)), [
    ': Forbidden: static pods do not support ephemeral containers',
  ]);
});

test('ephemeral containers come as other containers do, with less', () => {
  const debug = { name: 'debug', image: ' x', resources: { limits: { cpu: '1' } }, targetContainerName: 'b' };
  assert.deepEqual(doorCauses(pods, 'ephemeralcontainers', pod({ ephemeralContainers: [debug] }), pod({})), [
    'spec.ephemeralContainers[0].targetContainerName: Not found: "b"',
    'spec.ephemeralContainers[0].resources: Forbidden: cannot be set for an Ephemeral Container',
    'spec.ephemeralContainers[0].image: Invalid value: " x": must not have leading or trailing whitespace',
  ]);
});
