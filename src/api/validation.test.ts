import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployments } from './apps/v1/deployments.ts';
import { replicaSets } from './apps/v1/replica-sets.ts';
import { leases } from './coordination/v1/leases.ts';
import { configMaps } from './core/v1/config-maps.ts';
import { events } from './core/v1/events.ts';
import { namespaces } from './core/v1/namespaces.ts';
import { nodes } from './core/v1/nodes.ts';
import { secrets } from './core/v1/secrets.ts';
import { services } from './core/v1/services.ts';
import { endpointSlices } from './discovery/v1/endpoint-slices.ts';
import { clusterRoleBindings } from './rbac/v1/cluster-role-bindings.ts';
import { roleBindings } from './rbac/v1/role-bindings.ts';
import { roles } from './rbac/v1/roles.ts';
import { causes } from './testing/submit.ts';

const metadata = { name: 'one', namespace: 'default' };
const labels = { app: 'web' };
const template = { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'x' }] } };

function deployment(spec: object): object {
  return { metadata, spec: { selector: { matchLabels: labels }, template, ...spec } };
}

test('a deployment selects the pods that it makes, for ever', () => {
  assert.deepEqual(causes(deployments, deployment({})), []);
  assert.deepEqual(causes(deployments, deployment({ selector: {} })), [
    'spec.selector: Invalid value: {}: empty selector is invalid for deployment',
  ]);
  const other = deployment({ selector: { matchLabels: { app: 'other' } } });
  const mismatch =
    'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`';
  assert.deepEqual(causes(deployments, other), [mismatch]);
  assert.deepEqual(causes(deployments, deployment({ selector: undefined })), [
    'spec.selector: Required value',
    mismatch,
  ]);
  assert.deepEqual(causes(replicaSets, other), [mismatch]);
  assert.deepEqual(causes(deployments, other, deployment({})), [
    mismatch,
    'spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
  ]);
});

test('a deployment can roll', () => {
  const strategy = { rollingUpdate: { maxUnavailable: 0, maxSurge: '0%' } };
  assert.deepEqual(causes(deployments, deployment({ strategy })), [
    'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0',
  ]);
  assert.deepEqual(causes(deployments, deployment({ strategy: { type: 'Blue' } })), [
    'spec.strategy: Unsupported value: {"type":"Blue"}: supported values: "Recreate", "RollingUpdate"',
  ]);
  assert.deepEqual(causes(deployments, deployment({ replicas: -1 })), [
    'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  ]);
  const once = { ...template, spec: { ...template.spec, restartPolicy: 'Never' } };
  assert.deepEqual(causes(deployments, deployment({ template: once })), [
    'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
  ]);
  assert.deepEqual(causes(deployments, deployment({ minReadySeconds: 10, progressDeadlineSeconds: 5 })), [
    'spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds',
  ]);
});

function service(spec: object): object {
  return { metadata, spec: { ports: [{ port: 80 }], ...spec } };
}

const serviceCases: [what: string, spec: object, causes: string[]][] = [
  ['is good', {}, []],
  ['has no ports', { ports: [] }, ['spec.ports: Required value']],
  [
    'has a port out of range',
    { ports: [{ port: 0, targetPort: 80 }] },
    ['spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive'],
  ],
  [
    'does not name its ports',
    { ports: [{ port: 80 }, { port: 81 }] },
    ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value'],
  ],
  [
    'has a port twice',
    {
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 80 },
      ],
    },
    ['spec.ports[1]: Duplicate value: {"protocol":"TCP","port":80}'],
  ],
  [
    'has a node port it has no use for',
    { ports: [{ port: 80, nodePort: 30080 }] },
    ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  ],
  [
    'is no type',
    { type: 'Cluster' },
    [
      'spec.type: Unsupported value: "Cluster": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
  ],
  ['is a name of nothing', { type: 'ExternalName' }, ['spec.externalName: Required value']],
  [
    'is headless and open',
    { type: 'NodePort', clusterIP: 'None', clusterIPs: ['None'] },
    [`spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services`],
  ],
  [
    'has an address that is none',
    { clusterIP: 'x', clusterIPs: ['x'] },
    ['spec.clusterIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
  ],
];

for (const [what, spec, expected] of serviceCases) {
  test(`a service that ${what}`, () => assert.deepEqual(causes(services, service(spec)), expected));
}

test('a service keeps its address', () => {
  const [old, now] = ['10.96.0.1', '10.96.0.2'].map((ip) => service({ clusterIP: ip, clusterIPs: [ip] }));
  assert.deepEqual(causes(services, now, old), [
    'spec.clusterIPs[0]: Invalid value: ["10.96.0.2"]: may not change once set',
  ]);
});

test('keys and sizes of config maps and secrets', () => {
  const key =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
  assert.deepEqual(causes(configMaps, { metadata, data: { 'a/b': '' } }), [`data[a/b]: Invalid value: "a/b": ${key}`]);
  assert.deepEqual(causes(configMaps, { metadata, data: { a: 'x'.repeat(1024 * 1024 + 1) } }), [
    '[]: Too long: may not be more than 1048576 bytes',
  ]);
  assert.deepEqual(causes(secrets, { metadata, type: 'kubernetes.io/tls', data: { 'tls.crt': '' } }), [
    'data[tls.key]: Required value',
  ]);
});

test('what is immutable stays', () => {
  const old = { metadata, immutable: true, data: { a: 'eA==' } };
  const why = 'Forbidden: field is immutable when `immutable` is set';
  for (const resource of [configMaps, secrets]) {
    const told = causes(resource as typeof secrets, { metadata, data: { a: 'eQ==' } }, old);
    assert.deepEqual(told, [`immutable: ${why}`, `data: ${why}`]);
  }
  assert.deepEqual(causes(secrets, { metadata, type: 'a' }, { metadata, type: 'b' }), [
    'type: Invalid value: "a": field is immutable',
  ]);
});

test('rules and bindings', () => {
  assert.deepEqual(causes(roles, { metadata, rules: [{ verbs: [], nonResourceURLs: ['/x'] }] }), [
    'rules[0].verbs: Required value: verbs must contain at least one value',
    'rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs',
  ]);
  assert.deepEqual(causes(roles, { metadata, rules: [{ verbs: ['get'] }] }), [
    'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
    'rules[0].resources: Required value: resource rules must supply at least one resource',
  ]);
  const binding = (name: string): object => ({ metadata, roleRef: { kind: 'Role', name } });
  assert.deepEqual(causes(roleBindings, binding('a'), binding('b')), [
    'roleRef: Invalid value: {"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"a"}: cannot change roleRef',
  ]);
  const subjects = [{ kind: 'ServiceAccount', name: 'bot' }];
  assert.deepEqual(causes(clusterRoleBindings, { ...binding('a'), subjects }), [
    'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
    'subjects[0].namespace: Required value',
  ]);
});

test('nodes, namespaces, leases', () => {
  const taint = { key: 'a', effect: 'NoSchedule' };
  assert.deepEqual(causes(nodes, { metadata, spec: { taints: [taint, taint] } }), [
    'metadata.taints[1]: Duplicate value: {"key":"a","effect":"NoSchedule"}: taints must be unique by key and effect pair',
  ]);
  const cidr = (podCIDR: string): object => ({ metadata, spec: { podCIDR, podCIDRs: [podCIDR] } });
  assert.deepEqual(causes(nodes, cidr('10.1.0.0/24'), cidr('10.2.0.0/24')), [
    'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
  ]);
  assert.deepEqual(causes(namespaces, { metadata, spec: { finalizers: ['mine'] } }), [
    'spec.finalizers: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
  ]);
  assert.deepEqual(causes(leases, { metadata, spec: { leaseDurationSeconds: 0 } }), [
    'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
  ]);
});

test('endpoint slices lead to addresses that can be reached', () => {
  const slice = (addresses: string[], addressType = 'IPv4'): object => ({
    metadata,
    addressType,
    endpoints: [{ addresses }],
    ports: [],
  });
  assert.deepEqual(causes(endpointSlices, slice(['10.0.0.1'])), []);
  assert.deepEqual(causes(endpointSlices, slice([])), [
    'endpoints[0].addresses: Required value: must contain at least 1 address',
  ]);
  assert.deepEqual(causes(endpointSlices, slice(['127.0.0.1', 'x'])), [
    'endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    'endpoints[0].addresses[1]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
  ]);
  assert.deepEqual(causes(endpointSlices, slice(['fd00::1'], 'IPv6'), slice(['10.0.0.1'])), [
    'addressType: Invalid value: "IPv6": field is immutable',
  ]);
});

test('an event lies where its object lies', () => {
  const event = (namespace: string): object => ({ metadata, involvedObject: { kind: 'Pod', namespace } });
  assert.deepEqual(causes(events, event('default')), []);
  assert.deepEqual(causes(events, event('other')), [
    'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
  ]);
});
