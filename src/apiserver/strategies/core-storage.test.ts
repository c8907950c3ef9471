import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  CSIDriver,
  LimitRange,
  PersistentVolume,
  PersistentVolumeClaim,
  PodTemplate,
  PriorityClass,
  ReplicationController,
  ResourceQuota,
  Scale,
  VolumeAttachment,
} from '#api';
import { VirtualClock } from '#base';
import { openRegistryHarness } from '../registry/testing/registry-harness.ts';

const template = {
  metadata: { labels: { app: 'x' } },
  spec: { containers: [{ name: 'c', image: 'i' }] },
};
const size = { storage: '1Gi' };

test('a volume tells since when it is in its phase', async () => {
  const clock = new VirtualClock();
  await using harness = await openRegistryHarness({ clock });
  const { rest, context, subresource } = harness;
  const spec = { capacity: size, accessModes: ['ReadWriteOnce'], hostPath: { path: '/a' } };
  const made = await harness.create<PersistentVolume>('persistentvolumes', '', { metadata: { name: 'v' }, spec });
  const { phase, lastPhaseTransitionTime: first } = made.status;
  assert.equal(phase, 'Pending');
  assert.ok(first);
  await clock.advance(60_000);
  const door = subresource('persistentvolumes', 'status');
  const write = async (status: object): Promise<PersistentVolume['status']> =>
    ((await door.update(context, '', 'v', { ...made, metadata: { name: 'v' }, status })).object as PersistentVolume)
      .status;
  assert.equal((await write({ phase: 'Pending', message: 'm' })).lastPhaseTransitionTime, first);
  const bound = await write({ phase: 'Bound' });
  assert.notEqual(bound.lastPhaseTransitionTime, first);
  // The status belongs to its own door.
  const { stored } = await rest('persistentvolumes').update(context, '', 'v', { ...made, metadata: { name: 'v' } });
  assert.deepEqual((stored.object as PersistentVolume).status, bound);
});

test('a claim begins pending, and tells its source in both ways', async () => {
  await using harness = await openRegistryHarness();
  const { context, subresource } = harness;
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: size } };
  const dataSource = { kind: 'PersistentVolumeClaim', name: 'other' };
  const create = (name: string, more: object): Promise<PersistentVolumeClaim> =>
    harness.create('persistentvolumeclaims', 'default', { metadata: { name }, spec: { ...spec, ...more } });
  const made = await create('a', { dataSource });
  assert.equal(made.status.phase, 'Pending');
  assert.deepEqual(made.spec.dataSourceRef, { apiGroup: null, ...dataSource });
  // What the old field could never mean is forgotten.
  const odd = await create('b', { dataSource: { apiGroup: 'example.com', kind: 'Thing', name: 't' } });
  assert.equal(odd.spec.dataSource, undefined);
  const populated = { apiGroup: 'example.com', kind: 'Thing', name: 't' };
  const both = await create('both', { dataSource: populated, dataSourceRef: populated });
  assert.deepEqual([both.spec.dataSource, both.spec.dataSourceRef], [populated, populated]);
  const different = create('different', { dataSource: { ...populated, name: 'u' }, dataSourceRef: populated });
  await assert.rejects(different, /must match dataSourceRef/);
  const status = { phase: 'Bound', allocatedResourceStatuses: { cpu: 'Slow' } };
  await assert.rejects(
    subresource('persistentvolumeclaims', 'status').update(context, 'default', 'a', { ...made, status }),
    /status.allocatedResourceStatuses: Unsupported value: "cpu": supported values: "storage"/,
  );
});

test('a replication controller is scaled, and leaves its pods behind', async () => {
  await using harness = await openRegistryHarness();
  const { rest, context, subresource } = harness;
  const body = { metadata: { name: 'r' }, spec: { template } };
  const made = await harness.create<ReplicationController>('replicationcontrollers', 'default', body);
  assert.deepEqual([made.metadata.generation, made.status], [1, { replicas: 0 }]);
  const door = subresource('replicationcontrollers', 'scale');
  const scale = (await door.get(context, 'default', 'r')).object as Scale;
  assert.deepEqual([scale.spec.replicas, scale.status.selector], [1, 'app=x']);
  await door.update(context, 'default', 'r', { ...scale, spec: { replicas: 3 } });
  const { deleted, stored } = await rest('replicationcontrollers').delete(context, 'default', 'r');
  assert.deepEqual([deleted, stored.object.metadata.finalizers], [false, ['orphan']]);
  assert.equal((stored.object as ReplicationController).spec.replicas, 3);
});

test('templates count their changes, limits without a name get one', async () => {
  await using harness = await openRegistryHarness();
  const { rest, context } = harness;
  const made = await harness.create<PodTemplate>('podtemplates', 'default', { metadata: { name: 't' }, template });
  const changed = { ...made, template: { ...made.template, metadata: { labels: { app: 'y' } } } };
  const { stored } = await rest('podtemplates').update(context, 'default', 't', changed);
  assert.equal(stored.object.metadata.generation, 2);
  const limits = await harness.create<LimitRange>('limitranges', 'default', { spec: { limits: [] } });
  assert.match(limits.metadata.name ?? '', /^[0-9a-f-]{36}$/);
});

test('the status of a quota is written through its own door, in the names of quotas', async () => {
  await using harness = await openRegistryHarness();
  const { context, subresource } = harness;
  const body = { metadata: { name: 'q' }, spec: { hard: { pods: '1' } }, status: { hard: { pods: '5' } } };
  const made = await harness.create<ResourceQuota>('resourcequotas', 'default', body);
  assert.deepEqual(made.status, {});
  const door = subresource('resourcequotas', 'status');
  const status = { hard: { pods: '1' }, used: { pods: '0' } };
  const { object } = await door.update(context, 'default', 'q', { ...made, status });
  assert.deepEqual((object as ResourceQuota).status, status);
  const wrong = { metadata: { name: 'q' }, spec: {}, status: { used: { storage: '1' } } };
  await assert.rejects(door.update(context, 'default', 'q', wrong), /must be a standard resource for quota/);
});

test('the priority classes of the system are there, and stay', async () => {
  await using harness = await openRegistryHarness();
  const { rest, context } = harness;
  const classes = rest('priorityclasses.scheduling.k8s.io');
  const { items } = await classes.list(context, '', {});
  assert.deepEqual(
    items.map(({ object }) => [object.metadata.name, (object as PriorityClass).value]),
    [
      ['system-cluster-critical', 2_000_000_000],
      ['system-node-critical', 2_000_001_000],
    ],
  );
  await assert.rejects(classes.delete(context, '', 'system-node-critical'), {
    message:
      'priorityclasses.scheduling.k8s.io "system-node-critical" is forbidden: this is a system priority class and cannot be deleted',
  });
});

test('drivers count what changes, attachments are updated by who has seen them', async () => {
  await using harness = await openRegistryHarness();
  const { rest, context, subresource } = harness;
  const spec = { preventPodSchedulingIfMissing: true };
  const driver = await harness.create<CSIDriver>('csidrivers.storage.k8s.io', '', { metadata: { name: 'd' }, spec });
  assert.equal(driver.spec.preventPodSchedulingIfMissing, undefined);
  const changed = { ...driver, spec: { ...driver.spec, requiresRepublish: true } };
  const { stored } = await rest('csidrivers.storage.k8s.io').update(context, '', 'd', changed);
  assert.equal(stored.object.metadata.generation, 1);
  const attachment = await harness.create<VolumeAttachment>('volumeattachments.storage.k8s.io', '', {
    metadata: { name: 'a' },
    spec: { attacher: 'd', nodeName: 'n', source: { persistentVolumeName: 'v' } },
    status: { attached: true },
  });
  assert.deepEqual(attachment.status, { attached: false });
  const door = subresource('volumeattachments.storage.k8s.io', 'status');
  const wanted = {
    ...attachment,
    metadata: { ...attachment.metadata, labels: { x: 'y' } },
    status: { attached: true },
  };
  const { object } = await door.update(context, '', 'a', wanted);
  const { metadata, status } = object as VolumeAttachment;
  assert.deepEqual([metadata.labels, status.attached], [undefined, true]);
  await assert.rejects(
    door.update(context, '', 'a', { ...attachment, metadata: { name: 'a' } }),
    /metadata.resourceVersion: Invalid value: 0: must be specified for an update/,
  );
});
