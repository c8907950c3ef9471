import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allResources } from './resources.ts';
import { deployments } from './apps/v1/deployments.ts';
import { isLatest } from './core/v1/container-defaults.ts';
import { pods } from './core/v1/pods.ts';
import { secrets } from './core/v1/secrets.ts';
import { services } from './core/v1/services.ts';
import { endpointSlices } from './discovery/v1/endpoint-slices.ts';
import { clusterRoleBindings } from './rbac/v1/cluster-role-bindings.ts';
import { causes, defaulted, row } from './testing/submit.ts';

const container = { name: 'a', image: 'web' };

test('a pod of two words becomes a whole pod', () => {
  const { spec } = defaulted(pods, { metadata: { name: 'one' }, spec: { containers: [container] } });
  assert.deepEqual(spec, {
    containers: [
      {
        ...container,
        resources: {},
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'Always',
      },
    ],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    enableServiceLinks: true,
  });
});

test('an image without a tag, or with the tag latest, is pulled always', () => {
  const latest = ['web', 'web:latest', 'host:5000/web', 'host:5000/a/web:latest'];
  const digest = `sha256:${'0'.repeat(64)}`;
  const fixed = ['web:1', 'host:5000/web:1.2', `web@${digest}`, `web:1@${digest}`, '', 'Not An Image'];
  assert.deepEqual([...latest, ...fixed].filter(isLatest), latest);
});

test('probes and hooks say how often and where', () => {
  const httpGet = { port: 80 };
  const given = { ...container, readinessProbe: { httpGet }, lifecycle: { preStop: { httpGet } } };
  const { spec } = defaulted(pods, { spec: { containers: [given] } });
  const action = { path: '/', port: 80, scheme: 'HTTP' };
  const times = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
  assert.deepEqual(spec.containers[0]?.readinessProbe, { httpGet: action, ...times });
  assert.deepEqual(spec.containers[0]?.lifecycle, { preStop: { httpGet: action } });
});

test('what is limited is requested; a pod in the node network has its ports', () => {
  const resources = { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } };
  const given = { ...container, resources, ports: [{ containerPort: 80 }] };
  const { spec } = defaulted(pods, { spec: { hostNetwork: true, containers: [given] } });
  assert.deepEqual(spec.containers[0]?.resources?.requests, { cpu: '500m', memory: '1Gi' });
  assert.deepEqual(spec.containers[0]?.ports, [{ hostPort: 80, containerPort: 80, protocol: 'TCP' }]);
});

test('volumes say their modes, and are empty directories otherwise', () => {
  const volumes = [
    { name: 'a' },
    { name: 'b', secret: { secretName: 's' } },
    { name: 'c', hostPath: { path: '/tmp' } },
    {
      name: 'd',
      projected: {
        sources: [
          { serviceAccountToken: { path: 'token' } },
          { downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
        ],
      },
    },
  ];
  const { spec } = defaulted(pods, { spec: { containers: [], volumes } });
  assert.deepEqual(spec.volumes, [
    { name: 'a', emptyDir: {} },
    { name: 'b', secret: { secretName: 's', defaultMode: 420 } },
    { name: 'c', hostPath: { path: '/tmp', type: '' } },
    {
      name: 'd',
      projected: {
        sources: [
          { serviceAccountToken: { expirationSeconds: 3600, path: 'token' } },
          { downwardAPI: { items: [{ path: 'name', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } }] } },
        ],
        defaultMode: 420,
      },
    },
  ]);
});

test('a deployment rolls by quarters', () => {
  const { spec } = defaulted(deployments, { spec: { template: { spec: { containers: [container] } } } });
  const { replicas, revisionHistoryLimit, progressDeadlineSeconds, strategy, template } = spec;
  assert.deepEqual([replicas, revisionHistoryLimit, progressDeadlineSeconds], [1, 10, 600]);
  assert.deepEqual(strategy, {
    type: 'RollingUpdate',
    rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' },
  });
  assert.equal(template.spec.restartPolicy, 'Always');
  assert.equal(template.spec.enableServiceLinks, undefined);
});

test('a service leads to the port of the same number', () => {
  const { spec } = defaulted(services, { spec: { ports: [{ port: 80 }], type: 'NodePort' } });
  assert.deepEqual(spec, {
    ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
    type: 'NodePort',
    sessionAffinity: 'None',
    externalTrafficPolicy: 'Cluster',
    internalTrafficPolicy: 'Cluster',
  });
  const sticky = defaulted(services, { spec: { sessionAffinity: 'ClientIP' } });
  assert.deepEqual(sticky.spec.sessionAffinityConfig, { clientIP: { timeoutSeconds: 10800 } });
});

test('plain text of a secret is stored with the rest', () => {
  const secret = defaulted(secrets, { data: { a: 'eA==' }, stringData: { b: 'y' } });
  assert.deepEqual([secret.type, secret.data, secret.stringData], ['Opaque', { a: 'eA==', b: 'eQ==' }, undefined]);
});

test('slices and bindings say what is usual', () => {
  const slice = defaulted(endpointSlices, { addressType: 'IPv4', endpoints: [], ports: [{ port: 80 }] });
  assert.deepEqual(slice.ports, [{ name: '', protocol: 'TCP', port: 80 }]);
  const group = 'rbac.authorization.k8s.io';
  const binding = defaulted(clusterRoleBindings, {
    roleRef: { kind: 'ClusterRole', name: 'view' },
    subjects: [
      { kind: 'User', name: 'ann' },
      { kind: 'ServiceAccount', name: 'bot', namespace: 'ci' },
    ],
  });
  assert.equal(binding.roleRef.apiGroup, group);
  assert.deepEqual(
    binding.subjects?.map(({ apiGroup }) => apiGroup),
    [group, undefined],
  );
});

test('defaults are the same when they are set again', () => {
  const pod = {
    metadata: {},
    spec: { hostNetwork: true, containers: [{ ...container, ports: [{ containerPort: 1 }] }] },
  };
  const once = defaulted(pods, pod);
  assert.deepEqual(defaulted(pods, once), once);
});

test('an object that says nothing is read, shown and refused without a stumble', () => {
  for (const resource of allResources) {
    // Each resource sees what its own kind decodes.
    const typed = resource as typeof pods;
    assert.ok(defaulted(typed, {}));
    assert.ok(Array.isArray(causes(typed, {})));
    assert.ok(row(typed, {}, { wide: true }));
    for (const [field, read] of Object.entries(typed.selectableFields ?? {})) {
      assert.equal(typeof read(defaulted(typed, {})), 'string', field);
    }
  }
});
