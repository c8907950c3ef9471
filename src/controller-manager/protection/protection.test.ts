import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ipAddresses,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  serviceCIDRs,
  volumeAttributesClasses,
} from '#api';
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

test('a range of addresses stays while a Service has one of it that no other range has', async () => {
  await using story = new Story();
  const { transport, client } = story;
  const labels = { 'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io' };
  transport.seed(serviceCIDRs, { metadata: { name: 'old' }, spec: { cidrs: ['10.1.0.0/24'] } });
  transport.seed(ipAddresses, { metadata: { name: '10.1.0.7', labels } }, { metadata: { name: '10.1.0.8' } });
  await story.seconds(1);
  const old = () => transport.object(serviceCIDRs, 'old');
  const ready = () => old()?.status.conditions?.map(({ status, reason, message }) => [status, reason, message]);
  assert.deepEqual(old()?.metadata.finalizers, ['networking.k8s.io/service-cidr-finalizer']);
  assert.deepEqual(ready(), [['True', '', 'Kubernetes Service CIDR is ready']]);
  await client.of(serviceCIDRs).delete('old');
  await story.seconds(15);
  assert.deepEqual(ready()?.[0]?.slice(0, 2), ['False', 'Terminating']);
  transport.remove(ipAddresses, '10.1.0.7');
  await story.until('the range is gone', () => !old());
});

test('a range within another one goes, but not at once', async () => {
  await using story = new Story();
  const { transport, client } = story;
  const labels = { 'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io' };
  transport.seed(
    serviceCIDRs,
    { metadata: { name: 'large' }, spec: { cidrs: ['10.0.0.0/8'] } },
    { metadata: { name: 'small' }, spec: { cidrs: ['10.1.0.0/24'] } },
  );
  transport.seed(ipAddresses, { metadata: { name: '10.1.0.7', labels } });
  await story.seconds(1);
  await client.of(serviceCIDRs).delete('small');
  await story.seconds(8);
  assert.ok(transport.object(serviceCIDRs, 'small'));
  await story.until('the range is gone', () => !transport.object(serviceCIDRs, 'small'), 5);
});
