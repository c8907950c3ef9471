/** Addresses of Services as objects: whoever writes them, one has each, and what got lost is put right. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IPAddress, Service, ServiceCIDR } from '#api';
import { systemClock, type Clock } from '#base';
import { isStatusError } from '#machinery';
import { openRegistryHarness, type RegistryHarness } from '../../registry/testing/registry-harness.ts';

const ns = 'default';
const addresses = 'ipaddresses.networking.k8s.io';
const ranges = 'servicecidrs.networking.k8s.io';
const dual = { serviceCidr: '10.96.0.0/16,fd00:96::/112' };

const service = (name: string, spec: object): object => ({
  metadata: { name },
  spec: { ports: [{ port: 80 }], selector: { app: 'x' }, ...spec },
});

async function ownerOf({ rest, context }: RegistryHarness, ip = ''): Promise<string | undefined> {
  try {
    const { object } = await rest(addresses).get(context, '', ip);
    const { parentRef } = (object as IPAddress).spec;
    return `${parentRef?.resource}/${parentRef?.namespace}/${parentRef?.name}`;
  } catch (error) {
    if (isStatusError(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function change({ rest, context }: RegistryHarness, name: string, spec: object): Promise<Service> {
  const type = 'application/merge-patch+json';
  return (await rest('services').patch(context, ns, name, type, { spec })).stored.object as Service;
}

test('the range of the cluster is an object, and so is every address that is taken', async () => {
  await using harness = await openRegistryHarness();
  const { rest, context } = harness;
  const { spec, status } = (await rest(ranges).get(context, '', 'kubernetes')).object as ServiceCIDR;
  assert.deepEqual(spec, { cidrs: ['10.96.0.0/16'] });
  assert.deepEqual(
    status.conditions?.map(({ type, status: is, message }) => [type, is, message]),
    [['Ready', 'True', 'Kubernetes default Service CIDR is ready']],
  );
  assert.equal(await ownerOf(harness, '10.96.0.1'), 'services/default/kubernetes');
  const { spec: one } = await harness.create<Service>('services', ns, service('one', {}));
  assert.equal(await ownerOf(harness, one.clusterIP), 'services/default/one');
  const { object } = await rest(addresses).get(context, '', one.clusterIP ?? '');
  assert.deepEqual(object.metadata.labels, {
    'ipaddress.kubernetes.io/ip-family': 'IPv4',
    'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
  });
  await rest('services').delete(context, ns, 'one');
  assert.equal(await ownerOf(harness, one.clusterIP), undefined);
});

test('an address that something else has is not given out', async () => {
  await using harness = await openRegistryHarness();
  const parentRef = { resource: 'gateways', group: 'gateway.networking.k8s.io', name: 'g' };
  await harness.create(addresses, '', { metadata: { name: '10.96.0.20' }, spec: { parentRef } });
  await assert.rejects(
    harness.create('services', ns, service('one', { clusterIP: '10.96.0.20' })),
    /failed to allocate IP 10.96.0.20: provided IP is already allocated/,
  );
});

test('a further range is used as soon as it is there', async () => {
  await using harness = await openRegistryHarness();
  const wanted = service('one', { clusterIP: '10.97.0.20' });
  await assert.rejects(
    harness.create('services', ns, wanted),
    /failed to allocate IP 10.97.0.20: the provided network does not match the current range/,
  );
  await harness.create(ranges, '', { metadata: { name: 'more' }, spec: { cidrs: ['10.97.0.0/24'] } });
  for (;;) {
    const made = await harness.create<Service>('services', ns, wanted).catch(() => undefined);
    if (made) break;
    await systemClock.sleep(5);
  }
  assert.equal(await ownerOf(harness, '10.97.0.20'), 'services/default/one');
});

test('addresses without an object, and objects of no service, are put right at the next start', async () => {
  let nowMs = Date.UTC(2030, 0, 1);
  const clock: Clock = {
    now: () => nowMs,
    elapsed: () => nowMs,
    sleep: (ms, signal) => systemClock.sleep(ms, signal),
    timer: (ms, call) => systemClock.timer(ms, call),
  };
  await using harness = await openRegistryHarness({ clock });
  const { rest, context } = harness;
  const { spec } = await harness.create<Service>('services', ns, service('one', {}));
  const { spec: wrong } = await harness.create<Service>('services', ns, service('two', {}));
  await rest(addresses).delete(context, '', spec.clusterIP ?? '');
  await rest(addresses).delete(context, '', wrong.clusterIP ?? '');
  const reference = (name: string): object => ({ parentRef: { resource: 'services', namespace: ns, name } });
  const labels = {
    'ipaddress.kubernetes.io/ip-family': 'IPv4',
    'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
  };
  await harness.create(addresses, '', { metadata: { name: wrong.clusterIP, labels }, spec: reference('gone') });
  await harness.create(addresses, '', { metadata: { name: '10.96.0.77', labels }, spec: reference('gone') });
  await harness.restart();
  assert.equal(await ownerOf(harness, spec.clusterIP), 'services/default/one');
  assert.equal(await ownerOf(harness, wrong.clusterIP), 'services/default/two');
  assert.equal(await ownerOf(harness, '10.96.0.77'), 'services/default/gone');
  nowMs += 61_000;
  await harness.restart();
  assert.equal(await ownerOf(harness, '10.96.0.77'), undefined);
});

test('a service of two families has an address of each, and may give up the second', async () => {
  await using harness = await openRegistryHarness(dual);
  const plain = await harness.create<Service>('services', ns, service('one', {}));
  assert.deepEqual([plain.spec.ipFamilies, plain.spec.ipFamilyPolicy], [['IPv4'], 'SingleStack']);
  const grown = await change(harness, 'one', { ipFamilyPolicy: 'PreferDualStack' });
  const [first, second] = grown.spec.clusterIPs ?? [];
  assert.deepEqual(grown.spec.ipFamilies, ['IPv4', 'IPv6']);
  assert.equal(first, plain.spec.clusterIP);
  assert.match(second ?? '', /^fd00:96::/);
  assert.equal(await ownerOf(harness, second), 'services/default/one');
  await assert.rejects(
    change(harness, 'one', { clusterIPs: [first] }),
    /spec.ipFamilyPolicy: Invalid value: "PreferDualStack": must be set to 'SingleStack' when releasing the secondary clusterIP/,
  );
  const single = await change(harness, 'one', { ipFamilyPolicy: 'SingleStack' });
  assert.deepEqual([single.spec.clusterIPs, single.spec.ipFamilies], [[first], ['IPv4']]);
  assert.equal(await ownerOf(harness, second), undefined);
});

test('families are those that are asked for, or those of the addresses', async () => {
  await using harness = await openRegistryHarness(dual);
  const made = async (spec: object): Promise<Service['spec']> => {
    const body = { ...service('', spec), metadata: { generateName: 's-' } };
    return (await harness.create<Service>('services', ns, body)).spec;
  };
  const six = await made({ ipFamilies: ['IPv6'] });
  assert.match(six.clusterIP ?? '', /^fd00:96::/);
  const both = await made({ ipFamilies: ['IPv6', 'IPv4'], ipFamilyPolicy: 'RequireDualStack' });
  assert.deepEqual(
    both.clusterIPs?.map((ip) => ip.includes(':')),
    [true, false],
  );
  const named = await made({ clusterIPs: ['fd00:96::99'], ipFamilyPolicy: 'PreferDualStack' });
  assert.deepEqual(named.ipFamilies, ['IPv6', 'IPv4']);
  await assert.rejects(
    made({ ipFamilies: ['IPv6', 'IPv4'] }),
    /spec.ipFamilyPolicy: Invalid value: "SingleStack": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified/,
  );
});

test('who prefers two families has one where the cluster has one, and keeps it', async () => {
  await using harness = await openRegistryHarness();
  const made = await harness.create<Service>('services', ns, service('one', { ipFamilyPolicy: 'PreferDualStack' }));
  assert.deepEqual([made.spec.ipFamilies, made.spec.clusterIPs?.length], [['IPv4'], 1]);
  await assert.rejects(
    harness.create('services', ns, service('two', { clusterIP: 'fd00::1' })),
    /spec.clusterIPs\[0\]: Invalid value: \["fd00::1"\]: IPv6 is not configured on this cluster/,
  );
  await assert.rejects(
    harness.create('services', ns, service('two', { ipFamilies: ['IPv6'] })),
    /spec.ipFamilies\[0\]: Invalid value: "IPv6": not configured on this cluster/,
  );
});
