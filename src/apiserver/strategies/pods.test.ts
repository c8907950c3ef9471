import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '#api';
import { isStatusError } from '#machinery';
import { openRegistryHarness, type RegistryHarness } from '../registry/testing/registry-harness.ts';

const ns = 'default';

async function withAccount(): Promise<RegistryHarness> {
  const harness = await openRegistryHarness();
  await harness.create('serviceaccounts', ns, { metadata: { name: 'default' } });
  return harness;
}

const newPod = (name: string, spec: object = {}): object => ({
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
});

const bind = ({ subresource, context }: RegistryHarness, name: string, node: string): Promise<unknown> =>
  subresource('pods', 'binding').create(context, ns, name, {
    metadata: { name },
    target: { kind: 'Node', name: node },
  });

test('a pod begins Pending, with its class of service, whatever its maker says', async () => {
  await using harness = await withAccount();
  const body = { ...newPod('p'), status: { phase: 'Running' } };
  const pod = await harness.create<Pod>('pods', ns, body);
  assert.equal(pod.status.phase, 'Pending');
  assert.equal(pod.status.qosClass, 'BestEffort');
  assert.equal(pod.metadata.generation, 1);
  const resources = { requests: { cpu: '1' } };
  const burstable = newPod('q', { containers: [{ name: 'c', image: 'i', resources }] });
  assert.equal((await harness.create<Pod>('pods', ns, burstable)).status.qosClass, 'Burstable');
  const all = { cpu: '1', memory: '1Gi' };
  const guaranteed = newPod('r', {
    containers: [{ name: 'c', image: 'i', resources: { requests: all, limits: all } }],
  });
  assert.equal((await harness.create<Pod>('pods', ns, guaranteed)).status.qosClass, 'Guaranteed');
});

test('a pod is bound once', async () => {
  await using harness = await withAccount();
  const { rest, context } = harness;
  await harness.create('pods', ns, newPod('p'));
  const results = await Promise.allSettled(['n1', 'n2', 'n3'].map((node) => bind(harness, 'p', node)));
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  const pod = (await rest('pods').get(context, ns, 'p')).object as Pod;
  assert.deepEqual(
    pod.status.conditions?.map(({ type, status }) => [type, status]),
    [['PodScheduled', 'True']],
  );
  await assert.rejects(bind(harness, 'p', 'n9'), (error) => {
    assert.ok(isStatusError(error, 'Conflict'));
    assert.match(error.message, new RegExp(`pod p is already assigned to node "${pod.spec.nodeName}"$`));
    return true;
  });
  await assert.rejects(bind(harness, 'missing', 'n1'), { message: 'pods "missing" not found' });
});

test('a pod without a node is deleted at once, one on a node has its grace period', async () => {
  await using harness = await withAccount();
  const { rest, context } = harness;
  const pods = rest('pods');
  await harness.create('pods', ns, newPod('waiting'));
  assert.equal((await pods.delete(context, ns, 'waiting')).deleted, true);

  await harness.create('pods', ns, newPod('running', { terminationGracePeriodSeconds: 12 }));
  await bind(harness, 'running', 'n1');
  const first = await pods.delete(context, ns, 'running');
  assert.deepEqual([first.deleted, first.answersObject], [false, true]);
  assert.equal(first.stored.object.metadata.deletionGracePeriodSeconds, 12);
  assert.equal(first.stored.object.metadata.generation, 2);
  assert.equal((await pods.delete(context, ns, 'running', { gracePeriodSeconds: 0 })).deleted, true);
});

test('an evicted pod says why it goes', async () => {
  await using harness = await withAccount();
  const { rest, context, subresource } = harness;
  await harness.create('pods', ns, newPod('p', { terminationGracePeriodSeconds: 30 }));
  await bind(harness, 'p', 'n1');
  const answer = await subresource('pods', 'eviction').create(context, ns, 'p', { metadata: { name: 'p' } });
  assert.equal((answer.object as { status?: string }).status, 'Success');
  const pod = (await rest('pods').get(context, ns, 'p')).object as Pod;
  assert.ok(pod.metadata.deletionTimestamp);
  assert.equal(pod.status.conditions?.find(({ type }) => type === 'DisruptionTarget')?.reason, 'EvictionByEvictionAPI');
});

test('ephemeral containers are added, and stay', async () => {
  await using harness = await withAccount();
  const { context, subresource } = harness;
  await harness.create('pods', ns, newPod('p'));
  const door = subresource('pods', 'ephemeralcontainers');
  const debug = { name: 'debug', image: 'toolbox' };
  const type = 'application/strategic-merge-patch+json';
  const patched = await door.patch(context, ns, 'p', type, { spec: { ephemeralContainers: [debug], nodeName: 'n1' } });
  const pod = patched.object as Pod;
  assert.equal(pod.spec.ephemeralContainers?.[0]?.name, 'debug');
  assert.equal(pod.spec.nodeName, undefined);
  const without = { ...pod, spec: { ...pod.spec, ephemeralContainers: [] } };
  await assert.rejects(
    door.update(context, ns, 'p', without),
    /existing ephemeral containers "debug" may not be removed/,
  );
});

test('the status door keeps the spec and the owners', async () => {
  await using harness = await withAccount();
  const { context, subresource } = harness;
  const pod = await harness.create<Pod>('pods', ns, newPod('p'));
  const body = { ...pod, spec: { ...pod.spec, nodeName: 'n1' }, status: { phase: 'Running' } };
  const after = (await subresource('pods', 'status').update(context, ns, 'p', body)).object as Pod;
  assert.deepEqual([after.spec.nodeName, after.status.phase], [undefined, 'Running']);
  assert.equal(after.status.qosClass, 'BestEffort');
  assert.equal(after.metadata.generation, 1);
});

test("a new pod's labels narrow whom it goes with and whom it flees", async () => {
  await using harness = await withAccount();
  const term = { topologyKey: 'zone', labelSelector: {}, matchLabelKeys: ['hash'], mismatchLabelKeys: ['tenant'] };
  const spread = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} };
  const pod = await harness.create<Pod>('pods', ns, {
    metadata: { name: 'p', labels: { hash: 'h', tenant: 't' } },
    spec: {
      containers: [{ name: 'c', image: 'i' }],
      affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
      topologySpreadConstraints: [{ ...spread, matchLabelKeys: ['hash', 'absent'] }],
    },
  });
  const hash = { key: 'hash', operator: 'In', values: ['h'] };
  const [affine] = pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  assert.deepEqual(affine?.labelSelector?.matchExpressions, [
    hash,
    { key: 'tenant', operator: 'NotIn', values: ['t'] },
  ]);
  assert.deepEqual(pod.spec.topologySpreadConstraints?.[0]?.labelSelector?.matchExpressions, [hash]);
});

test('annotations that confined containers become fields, and their writer is told', async () => {
  await using harness = await withAccount();
  const key = 'container.apparmor.security.beta.kubernetes.io/c';
  const body = { ...newPod('p'), metadata: { name: 'p', annotations: { [key]: 'localhost/strict' } } };
  const pod = await harness.create<Pod>('pods', ns, body);
  assert.deepEqual(pod.spec.containers[0]?.securityContext?.appArmorProfile, {
    type: 'Localhost',
    localhostProfile: 'strict',
  });
  assert.deepEqual(harness.warnings, [
    `metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`,
  ]);
});

test('a pod is given more of what it has through its own door, and nothing else', async () => {
  await using harness = await withAccount();
  const { context, subresource } = harness;
  const withCpu = (cpu: string): object => ({
    containers: [{ name: 'c', image: 'i', resources: { requests: { cpu } } }],
  });
  const pod = await harness.create<Pod>('pods', ns, newPod('p', withCpu('1')));
  const wanted = { ...pod, metadata: { ...pod.metadata, labels: { a: 'b' } }, spec: { ...pod.spec, ...withCpu('2') } };
  const after = (await subresource('pods', 'resize').update(context, ns, 'p', wanted)).object as Pod;
  assert.deepEqual(after.spec.containers[0]?.resources, { requests: { cpu: '2' } });
  assert.deepEqual([after.metadata.labels, after.metadata.generation], [undefined, 2]);
});
