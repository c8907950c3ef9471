import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attributes } from './attributes.ts';
import { NodeAuthorizer } from './node-authorizer.ts';
import { NodeGraph, type PodLike } from './node-graph.ts';
import { VolumeGraph } from './volume-graph.ts';

const pod: PodLike = {
  metadata: { name: 'p', namespace: 'y' },
  spec: {
    nodeName: 'n1',
    serviceAccountName: 'robot',
    imagePullSecrets: [{ name: 'pull' }],
    resourceClaims: [{ resourceClaimName: 'gpu' }, {}],
    volumes: [
      { secret: { secretName: 'vol' } },
      { projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }] } },
    ],
    containers: [
      { env: [{ valueFrom: { secretKeyRef: { name: 'env' } } }], envFrom: [{ configMapRef: { name: 'conf' } }] },
    ],
  },
  status: { resourceClaimStatuses: [{ resourceClaimName: 'p-nic' }] },
};

function ask(node: string, line: string, fieldSelector?: string): Attributes {
  const [verb = '', target = '', namespace = '', name = ''] = line.split(' ');
  const [whole = '', subresource = ''] = target.split('/');
  const [resource = '', ...group] = whole.split('.');
  const user = { name: `system:node:${node}`, groups: ['system:nodes', 'system:authenticated'] };
  const place = { group: group.join('.'), version: 'v1', resource, subresource, namespace, name };
  return { user, verb, isResourceRequest: true, path: '', ...place, ...(fieldSelector && { fieldSelector }) };
}

test('a node reads what its pods refer to, while they are there', () => {
  const graph = new NodeGraph();
  const nodes = new NodeAuthorizer(graph, new VolumeGraph(graph));
  graph.changed(undefined, pod);
  const needed = [
    'get secrets y pull',
    'get secrets y vol',
    'watch secrets y env',
    'get configmaps y conf',
    'get configmaps y kube-root-ca.crt',
    'create serviceaccounts/token y robot',
    'get serviceaccounts y robot',
    'get resourceclaims.resource.k8s.io y gpu',
    'get resourceclaims.resource.k8s.io y p-nic',
    'get pods y p',
  ];
  for (const line of needed) {
    assert.ok(nodes.authorize(ask('n1', line)).allowed, line);
    assert.ok(!nodes.authorize(ask('n2', line)).allowed, `${line} from another node`);
  }
  assert.equal(
    nodes.authorize(ask('n1', 'get secrets y other')).reason,
    "no relationship found between node 'n1' and this object",
  );
  assert.ok(!nodes.authorize(ask('n1', 'list secrets y')).allowed);
  graph.changed(pod, undefined);
  for (const line of needed) assert.ok(!nodes.authorize(ask('n1', line)).allowed, `${line} after the pod went`);
});

test('a node reads the volumes of its pods, what they are mounted with, and its attachments', () => {
  const graph = new NodeGraph();
  const volumes = new VolumeGraph(graph);
  const nodes = new NodeAuthorizer(graph, volumes);
  const user: PodLike = {
    metadata: { name: 'u', namespace: 'y' },
    spec: { nodeName: 'n1', containers: [], volumes: [{ persistentVolumeClaim: { claimName: 'data' } }, scratch] },
  };
  graph.changed(undefined, user);
  const secret = (name: string): object => ({ name, namespace: 'z' });
  const csi = {
    driver: 'd',
    volumeHandle: 'h',
    nodePublishSecretRef: secret('mount'),
    controllerPublishSecretRef: secret('attach'),
  };
  const volume = { metadata: { name: 'v' }, spec: { claimRef: { namespace: 'y', name: 'data' }, csi }, status: {} };
  volumes.volumeChanged(undefined, volume);
  const source = { persistentVolumeName: 'v' };
  const attachment = {
    metadata: { name: 'a' },
    spec: { attacher: 'd', nodeName: 'n1', source },
    status: { attached: true },
  };
  volumes.attachmentChanged(undefined, attachment);
  const needed = ['get persistentvolumes  v', 'get secrets z mount', 'get volumeattachments.storage.k8s.io  a'];
  for (const line of [...needed, 'get persistentvolumeclaims y u-scratch']) {
    assert.ok(nodes.authorize(ask('n1', line)).allowed, line);
    assert.ok(!nodes.authorize(ask('n2', line)).allowed, `${line} from another node`);
  }
  for (const line of ['list persistentvolumes', 'get persistentvolumes  other', 'get secrets z attach']) {
    assert.ok(!nodes.authorize(ask('n1', line)).allowed, line);
  }
  volumes.volumeChanged(volume, undefined);
  volumes.attachmentChanged(attachment, undefined);
  for (const line of needed) assert.ok(!nodes.authorize(ask('n1', line)).allowed, `${line} after it went`);
});

const scratch = { name: 'scratch', ephemeral: {} };

test('a claim that is made for a pod later is its node’s to read from then on', () => {
  const graph = new NodeGraph();
  const before = { ...pod, status: {} };
  graph.changed(undefined, before);
  assert.ok(!graph.needs('n1', 'resourceclaims', 'y', 'p-nic'));
  graph.changed(before, pod);
  assert.ok(graph.needs('n1', 'resourceclaims', 'y', 'p-nic'));
});

test('two pods that need the same secret are counted', () => {
  const graph = new NodeGraph();
  const twin = { ...pod, metadata: { ...pod.metadata, name: 'q' } };
  graph.changed(undefined, pod);
  graph.changed(undefined, twin);
  graph.changed(pod, undefined);
  assert.ok(graph.needs('n1', 'secrets', 'y', 'vol'));
  graph.changed(twin, undefined);
  assert.ok(!graph.needs('n1', 'secrets', 'y', 'vol'));
});

test('a node keeps to its own Node, Lease and pods', () => {
  const graph = new NodeGraph();
  const nodes = new NodeAuthorizer(graph, new VolumeGraph(graph));
  const allowed = (line: string, selector?: string): boolean => nodes.authorize(ask('n1', line, selector)).allowed;
  assert.ok(allowed('create nodes'));
  assert.ok(allowed('get nodes  n1'));
  assert.ok(allowed('patch nodes/status  n1'));
  assert.ok(allowed('patch nodes/status  n2'), 'the admission says which');
  assert.ok(!allowed('delete nodes  n1'));
  for (const line of ['patch pods/status y q', 'delete pods y q', 'create pods/eviction y q']) assert.ok(allowed(line));
  for (const line of ['patch pods y q', 'get pods/log y q', 'get pods y q']) assert.ok(!allowed(line));
  assert.ok(!allowed('list nodes'));
  assert.ok(allowed('update leases.coordination.k8s.io kube-node-lease n1'));
  assert.ok(!allowed('update leases.coordination.k8s.io kube-node-lease n2'));
  assert.ok(!allowed('update leases.coordination.k8s.io default n1'));
  assert.ok(allowed('watch pods', 'spec.nodeName=n1'));
  assert.ok(!allowed('watch pods', 'spec.nodeName=n2'));
  assert.ok(allowed('create resourceslices.resource.k8s.io'));
  assert.ok(allowed('deletecollection resourceslices.resource.k8s.io', 'spec.nodeName=n1'));
  assert.ok(!allowed('deletecollection resourceslices.resource.k8s.io', 'spec.nodeName=n2'));
  assert.ok(!allowed('list resourceslices.resource.k8s.io'));
  assert.ok(allowed('list services'));
  assert.ok(allowed('create events y'));
  assert.ok(!allowed('delete deployments.apps y x'));
});
