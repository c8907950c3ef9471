import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DaemonSet, Job, Scale, StatefulSet } from '#api';
import { isStatusError } from '#machinery';
import { openRegistryHarness } from '../registry/testing/registry-harness.ts';

const ns = 'default';
const labels = { app: 'web' };
const template = (image: string): object => ({ metadata: { labels }, spec: { containers: [{ name: 'a', image }] } });
const body = (spec: object = {}): object => ({
  metadata: { name: 'web' },
  spec: { selector: { matchLabels: labels }, template: template('x'), ...spec },
});
const templateGeneration = (daemonSet: DaemonSet): string | undefined =>
  daemonSet.metadata.annotations?.['deprecated.daemonset.template.generation'];

test('a daemon set counts its templates, and its wishes', async () => {
  await using harness = await openRegistryHarness();
  const { rest, subresource, context } = harness;
  const made = await harness.create<DaemonSet>('daemonsets.apps', ns, { ...body(), status: { numberReady: 7 } });
  assert.deepEqual([made.metadata.generation, templateGeneration(made), made.status.numberReady], [1, '1', 0]);
  const update = async (spec: object): Promise<DaemonSet> =>
    (await rest('daemonsets.apps').update(context, ns, 'web', body(spec))).stored.object as DaemonSet;
  const patient = await update({ minReadySeconds: 5 });
  assert.deepEqual([patient.metadata.generation, templateGeneration(patient)], [2, '1']);
  const rolled = await update({ minReadySeconds: 5, template: template('y') });
  assert.deepEqual([rolled.metadata.generation, templateGeneration(rolled)], [3, '2']);
  const status = { currentNumberScheduled: 1, numberMisscheduled: 0, desiredNumberScheduled: 1, numberReady: 1 };
  const door = subresource('daemonsets.apps', 'status');
  const after = (await door.update(context, ns, 'web', { ...body(), status })).object as DaemonSet;
  assert.deepEqual([after.metadata.generation, templateGeneration(after), after.status.numberReady], [3, '2', 1]);
  assert.equal(after.spec.template.spec.containers[0]?.image, 'y');
});

test('a status that cannot be is refused', async () => {
  await using harness = await openRegistryHarness();
  const { subresource, context } = harness;
  await harness.create('statefulsets.apps', ns, body());
  const status = { replicas: 1, readyReplicas: 2 };
  await assert.rejects(
    subresource('statefulsets.apps', 'status').update(context, ns, 'web', { ...body(), status }),
    (error) => {
      assert.ok(isStatusError(error, 'Invalid'));
      assert.equal(
        error.message,
        'StatefulSet.apps "web" is invalid: status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
      );
      return true;
    },
  );
});

test('a stateful set is scaled, by who has seen it', async () => {
  await using harness = await openRegistryHarness();
  const { rest, subresource, context } = harness;
  const made = await harness.create<StatefulSet>('statefulsets.apps', ns, body({ replicas: 2 }));
  const door = subresource('statefulsets.apps', 'scale');
  const scale = (await door.get(context, ns, 'web')).object as Scale;
  assert.deepEqual([scale.spec.replicas, scale.status], [2, { replicas: 0, selector: 'app=web' }]);
  const more = { ...scale, spec: { replicas: 4 } };
  const scaled = (await door.update(context, ns, 'web', more)).object as Scale;
  assert.equal(scaled.spec.replicas, 4);
  const statefulSet = (await rest('statefulsets.apps').get(context, ns, 'web')).object as StatefulSet;
  assert.deepEqual([statefulSet.spec.replicas, statefulSet.metadata.generation], [4, 2]);
  assert.equal(made.metadata.generation, 1);
  await assert.rejects(door.update(context, ns, 'web', more), (error) => isStatusError(error, 'Conflict'));
});

test('the name of a stateful set is the name of hosts', async () => {
  await using harness = await openRegistryHarness();
  const { spec } = body() as { spec: object };
  await assert.rejects(
    harness.create('statefulsets.apps', ns, { metadata: { name: 'a.b' }, spec }),
    /metadata.name: Invalid value: "a.b": must not contain dots/,
  );
});

test('a job gets a selector that finds its pods, and leaves them behind', async () => {
  await using harness = await openRegistryHarness();
  const { rest, context } = harness;
  const spec = { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'x' }] } } };
  const job = await harness.create<Job>('jobs.batch', ns, { metadata: { name: 'once' }, spec, status: { active: 3 } });
  const { uid = '' } = job.metadata;
  assert.deepEqual(job.spec.selector, { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } });
  assert.deepEqual(job.spec.template.metadata.labels, {
    'job-name': 'once',
    'controller-uid': uid,
    'batch.kubernetes.io/job-name': 'once',
    'batch.kubernetes.io/controller-uid': uid,
  });
  assert.deepEqual(job.metadata.labels, job.spec.template.metadata.labels);
  assert.deepEqual([job.metadata.generation, job.status], [1, {}]);
  const list = await rest('jobs.batch').list(context, ns, { fieldSelector: 'status.successful=0' });
  assert.equal(list.items.length, 1);
  const { deleted, stored } = await rest('jobs.batch').delete(context, ns, 'once');
  assert.deepEqual([deleted, stored.object.metadata.finalizers], [false, ['orphan']]);
});

test('a job whose pods are somebody else’s is refused', async () => {
  await using harness = await openRegistryHarness();
  const template = {
    metadata: { labels: { 'job-name': 'other' } },
    spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'x' }] },
  };
  await assert.rejects(
    harness.create('jobs.batch', ns, { metadata: { name: 'once' }, spec: { template } }),
    /spec.template.metadata.labels\[job-name\]: Invalid value: .*: must be 'once'/,
  );
});
