import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PersistentVolumeClaim, Pod } from '#api';
import { openRegistryHarness, type RegistryHarness } from '../registry/testing/registry-harness.ts';

interface World extends AsyncDisposable {
  readonly harness: RegistryHarness;
  /** Creates an object and waits until admission knows of it. */
  readonly given: (resource: string, ns: string, body: unknown) => Promise<void>;
  readonly pod: (name: string, spec?: object) => Promise<Pod>;
}

/** A registry with what pods need in the namespace `default`. */
async function openWorld(): Promise<World> {
  const harness = await openRegistryHarness();
  await harness.create('serviceaccounts', 'default', { metadata: { name: 'default' } });
  const containers = [{ name: 'c', image: 'i' }];
  return {
    harness,
    async given(resource, ns, body) {
      await harness.create(resource, ns, body);
      await harness.rest(resource).list(harness.context, ns, {});
    },
    pod: (name, spec) => harness.create('pods', 'default', { metadata: { name }, spec: { containers, ...spec } }),
    [Symbol.asyncDispose]: () => harness[Symbol.asyncDispose](),
  };
}

const classes = 'priorityclasses.scheduling.k8s.io';

test('a pod is as important as its class, and may not say otherwise', async () => {
  await using world = await openWorld();
  const { pod, given } = world;
  await given(classes, '', { metadata: { name: 'calm' }, value: 7, preemptionPolicy: 'Never' });
  const { spec } = await pod('a', { priorityClassName: 'calm' });
  assert.deepEqual([spec.priority, spec.preemptionPolicy], [7, 'Never']);
  await assert.rejects(pod('b', { priorityClassName: 'calm', priority: 8 }), {
    message:
      'pods "b" is forbidden: the integer value of priority (8) must not be provided in pod spec; priority admission controller computed 7 from the given PriorityClass name',
  });
  await assert.rejects(
    pod('c', { priorityClassName: 'calm', preemptionPolicy: 'PreemptLowerPriority' }),
    /the string value of PreemptionPolicy \(PreemptLowerPriority\) must not be provided in pod spec/,
  );
  await assert.rejects(pod('d', { priorityClassName: 'none' }), /no PriorityClass with name none was found/);
});

test('one class is for pods that name none', async () => {
  await using world = await openWorld();
  const { pod, given, harness } = world;
  assert.equal((await pod('before')).spec.priority, 0);
  await given(classes, '', { metadata: { name: 'usual' }, value: 3, globalDefault: true });
  const { spec } = await pod('after');
  assert.deepEqual([spec.priorityClassName, spec.priority], ['usual', 3]);
  await assert.rejects(harness.create(classes, '', { metadata: { name: 'other' }, value: 4, globalDefault: true }), {
    message: `${classes} "other" is forbidden: PriorityClass usual is already marked as default. Only one default can exist`,
  });
});

test('a pod costs what its runtime costs, and goes where its runtime is', async () => {
  await using world = await openWorld();
  const { pod, given } = world;
  const key = 'sandbox';
  await given('runtimeclasses.node.k8s.io', '', {
    metadata: { name: 'gvisor' },
    handler: 'runsc',
    overhead: { podFixed: { memory: '10Mi' } },
    scheduling: { nodeSelector: { [key]: 'yes' }, tolerations: [{ key, operator: 'Exists' }] },
  });
  const tolerations = [{ key, operator: 'Equal', value: 'x' }];
  const { spec } = await pod('a', { runtimeClassName: 'gvisor', nodeSelector: { disk: 'ssd' }, tolerations });
  assert.deepEqual(spec.overhead, { memory: '10Mi' });
  assert.deepEqual(spec.nodeSelector, { disk: 'ssd', [key]: 'yes' });
  assert.deepEqual(
    spec.tolerations?.filter((one) => one.key === key),
    [{ key, operator: 'Exists' }],
    'the wider one stands for both',
  );
  await assert.rejects(
    pod('b', { runtimeClassName: 'gvisor', nodeSelector: { [key]: 'no' } }),
    /conflict: runtimeClass.scheduling.nodeSelector\[sandbox\] = yes; pod.spec.nodeSelector\[sandbox\] = no/,
  );
  await assert.rejects(
    pod('c', { runtimeClassName: 'gvisor', overhead: { memory: '1Mi' } }),
    /pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead/,
  );
  await assert.rejects(
    pod('d', { overhead: { memory: '1Mi' } }),
    /pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead/,
  );
  await assert.rejects(pod('e', { runtimeClassName: 'kata' }), /pod rejected: RuntimeClass "kata" not found/);
});

const claimSpec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const storage = 'storageclasses.storage.k8s.io';

test('a claim is of the newest default class, held while it is used, and grows where its class says so', async () => {
  await using world = await openWorld();
  const { given, harness } = world;
  const { rest, context, subresource } = harness;
  const claim = (name: string, spec: object = {}): Promise<PersistentVolumeClaim> =>
    harness.create('persistentvolumeclaims', 'default', { metadata: { name }, spec: { ...claimSpec, ...spec } });
  assert.equal((await claim('early')).spec.storageClassName, undefined);
  const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
  const fast = { metadata: { name: 'fast', annotations }, provisioner: 'p', allowVolumeExpansion: true };
  await given(storage, '', fast);
  await given(storage, '', { metadata: { name: 'slow' }, provisioner: 'p' });
  const made = await claim('data');
  assert.equal(made.spec.storageClassName, 'fast');
  assert.deepEqual(made.metadata.finalizers, ['kubernetes.io/pvc-protection']);
  assert.equal((await claim('none', { storageClassName: '' })).spec.storageClassName, '');
  const grow = (name: string): Promise<unknown> =>
    rest('persistentvolumeclaims').patch(context, 'default', name, 'application/merge-patch+json', {
      spec: { resources: { requests: { storage: '2Gi' } } },
    });
  const bind = (name: string): Promise<unknown> =>
    subresource('persistentvolumeclaims', 'status').patch(context, 'default', name, 'application/merge-patch+json', {
      status: { phase: 'Bound' },
    });
  await bind('data');
  await grow('data');
  await claim('fixed', { storageClassName: 'slow' });
  await bind('fixed');
  await assert.rejects(grow('fixed'), {
    message:
      'persistentvolumeclaims "fixed" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
  });
});
