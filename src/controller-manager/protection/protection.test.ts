import assert from 'node:assert/strict';
import { test } from 'node:test';
import { persistentVolumeClaims, persistentVolumes, pods, volumeAttributesClasses } from '#api';
import { Story } from '../story.ts';

const pvc = 'kubernetes.io/pvc-protection';

test('a claim stays while a pod that has a node uses it', async () => {
  await using story = new Story();
  const { transport, client } = story;
  transport.seed(persistentVolumeClaims, { metadata: { name: 'data', namespace: 'default' } });
  await story.seconds(1);
  const held = transport.object(persistentVolumeClaims, 'default/data');
  assert.deepEqual(held?.metadata.finalizers, [pvc], 'an older claim gets the finalizer');
  const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }];
  const containers = [{ name: 'c', image: 'i' }];
  transport.seed(pods, {
    metadata: { name: 'user', namespace: 'default' },
    spec: { containers, volumes, nodeName: 'node-1' },
    status: { phase: 'Running' },
  });
  await client.of(persistentVolumeClaims).in('default').delete('data');
  await story.seconds(3);
  assert.ok(transport.object(persistentVolumeClaims, 'default/data')?.metadata.deletionTimestamp);
  transport.remove(pods, 'default/user');
  await story.until('the claim is gone', () => !transport.object(persistentVolumeClaims, 'default/data'));
});

test('a pod without a node holds nothing', async () => {
  await using story = new Story();
  const { transport, client } = story;
  story.kubelet = () => {};
  transport.seed(persistentVolumeClaims, { metadata: { name: 'data', namespace: 'default', finalizers: [pvc] } });
  const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }];
  transport.seed(pods, { metadata: { name: 'idle', namespace: 'default' }, spec: { containers: [], volumes } });
  await story.seconds(1);
  await client.of(persistentVolumeClaims).in('default').delete('data');
  await story.until('the claim is gone', () => !transport.object(persistentVolumeClaims, 'default/data'));
});

test('a volume stays while it is bound, a class of attributes while a claim is of it', async () => {
  await using story = new Story();
  const { transport, client } = story;
  transport.seed(persistentVolumes, { metadata: { name: 'v' }, status: { phase: 'Bound' } });
  transport.seed(volumeAttributesClasses, { metadata: { name: 'gold' }, driverName: 'd' });
  const claim = { metadata: { name: 'c', namespace: 'default' }, spec: { volumeAttributesClassName: 'gold' } };
  transport.seed(persistentVolumeClaims, claim);
  await story.seconds(1);
  await client.of(persistentVolumes).delete('v');
  await client.of(volumeAttributesClasses).delete('gold');
  await story.seconds(2);
  assert.deepEqual(transport.object(persistentVolumes, 'v')?.metadata.finalizers, ['kubernetes.io/pv-protection']);
  assert.ok(transport.object(volumeAttributesClasses, 'gold'));
  transport.change(persistentVolumes, 'v', ({ status }) => void (status.phase = 'Released'));
  transport.change(persistentVolumeClaims, 'default/c', ({ spec }) => void delete spec.volumeAttributesClassName);
  await story.until('both are gone', () => {
    return !transport.object(persistentVolumes, 'v') && !transport.object(volumeAttributesClasses, 'gold');
  });
});
