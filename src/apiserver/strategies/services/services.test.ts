import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '#api';
import { openRegistryHarness, type RegistryHarness } from '../../registry/testing/registry-harness.ts';

const ns = 'default';

async function update({ rest, context }: RegistryHarness, service: object): Promise<Service> {
  const { metadata } = service as Service;
  return (await rest('services').update(context, ns, metadata.name ?? '', service)).stored.object as Service;
}

const service = (name: string, spec: object): object => ({
  metadata: { name },
  spec: { ports: [{ port: 80 }], ...spec },
});

test('two hundred services made at once have two hundred addresses and ports', async () => {
  await using harness = await openRegistryHarness();
  const names = Array.from({ length: 200 }, (_, at) => `s${at}`);
  const made = await Promise.all(
    names.map((name) => harness.create<Service>('services', ns, service(name, { type: 'NodePort' }))),
  );
  assert.equal(new Set(made.map(({ spec }) => spec.clusterIP)).size, 200);
  assert.equal(new Set(made.map(({ spec }) => spec.ports?.[0]?.nodePort)).size, 200);
  for (const { spec } of made) {
    assert.deepEqual(spec.clusterIPs, [spec.clusterIP]);
    assert.deepEqual([spec.ipFamilies, spec.ipFamilyPolicy], [['IPv4'], 'SingleStack']);
  }
});

test('an address is free again when its service is gone, and taken after a restart', async () => {
  await using harness = await openRegistryHarness();
  const { context } = harness;
  const wanted = service('one', { clusterIP: '10.96.0.10' });
  await harness.create('services', ns, wanted);
  await assert.rejects(harness.create('services', ns, { ...wanted, metadata: { name: 'two' } }), /already allocated/);
  await harness.restart();
  await assert.rejects(harness.create('services', ns, { ...wanted, metadata: { name: 'two' } }), /already allocated/);
  await harness.rest('services').delete(context, ns, 'one');
  await harness.create('services', ns, { ...wanted, metadata: { name: 'two' } });
});

test('a create that fails keeps no address', async () => {
  await using harness = await openRegistryHarness();
  await harness.create('services', ns, service('one', {}));
  const wanted = service('one', { clusterIP: '10.96.0.10' });
  await assert.rejects(harness.create('services', ns, wanted), /already exists/);
  const dry = await harness.rest('services').create(harness.context, ns, service('dry', { clusterIP: '10.96.0.10' }), {
    dryRun: true,
  });
  assert.equal((dry.object as Service).spec.clusterIP, '10.96.0.10');
  await harness.create('services', ns, service('two', { clusterIP: '10.96.0.10' }));
});

test('an update that leaves out what the server filled in keeps it', async () => {
  await using harness = await openRegistryHarness();
  const before = await harness.create<Service>('services', ns, service('one', { type: 'NodePort' }));
  const after = await update(harness, service('one', { type: 'NodePort', selector: { app: 'x' } }));
  assert.equal(after.spec.clusterIP, before.spec.clusterIP);
  assert.equal(after.spec.ports?.[0]?.nodePort, before.spec.ports?.[0]?.nodePort);
});

test('a service changes its type, and takes and gives back what that needs', async () => {
  await using harness = await openRegistryHarness();
  const plain = await harness.create<Service>('services', ns, service('one', {}));
  assert.equal(plain.spec.ports?.[0]?.nodePort, undefined);
  const open = await update(harness, { ...plain, spec: { ...plain.spec, type: 'NodePort' } });
  const nodePort = open.spec.ports?.[0]?.nodePort;
  assert.ok(nodePort && nodePort >= 30_000 && nodePort <= 32_767);
  const closed = await update(harness, { ...open, spec: { ...open.spec, type: 'ClusterIP' } });
  assert.equal(closed.spec.ports?.[0]?.nodePort, undefined);
  assert.equal(closed.spec.clusterIP, plain.spec.clusterIP);
  const external = await update(harness, {
    ...closed,
    spec: { ...closed.spec, type: 'ExternalName', externalName: 'example.org' },
  });
  assert.equal(external.spec.clusterIP, undefined);
  const ports = [{ port: 80, nodePort }];
  const clusterIP = plain.spec.clusterIP;
  const other = await harness.create<Service>('services', ns, service('two', { type: 'NodePort', ports, clusterIP }));
  assert.deepEqual([other.spec.clusterIP, other.spec.ports?.[0]?.nodePort], [clusterIP, nodePort]);
});

test('headless services have no address, and two families when nobody selects their pods', async () => {
  await using harness = await openRegistryHarness();
  const headless = await harness.create<Service>(
    'services',
    ns,
    service('one', { clusterIP: 'None', selector: { a: 'b' } }),
  );
  assert.deepEqual([headless.spec.clusterIPs, headless.spec.ipFamilies], [['None'], ['IPv4']]);
  const byHand = await harness.create<Service>('services', ns, service('two', { clusterIP: 'None' }));
  assert.deepEqual([byHand.spec.ipFamilies, byHand.spec.ipFamilyPolicy], [['IPv4', 'IPv6'], 'RequireDualStack']);
  await assert.rejects(
    harness.create('services', ns, service('three', { ipFamilyPolicy: 'RequireDualStack', selector: { a: 'b' } })),
    /spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services/,
  );
});
