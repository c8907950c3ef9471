import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EndpointSlice, Ingress, IngressClass, ServiceCIDR } from '#api';
import { openRegistryHarness, type RegistryHarness } from '../registry/testing/registry-harness.ts';

const ns = 'default';
const defaultBackend = { service: { name: 'web', port: { number: 80 } } };
const ingress = (name: string, spec = {}): object => ({ metadata: { name }, spec: { defaultBackend, ...spec } });

function createClass({ create }: RegistryHarness, name: string): Promise<IngressClass> {
  const annotations = { 'ingressclass.kubernetes.io/is-default-class': 'true' };
  const spec = { controller: 'acme.io/a' };
  return create('ingressclasses.networking.k8s.io', '', { metadata: { name, annotations }, spec });
}

test('an ingress gets the default class, and nobody knows which of two', async () => {
  await using harness = await openRegistryHarness();
  const make = (name: string, spec = {}): Promise<Ingress> =>
    harness.create('ingresses.networking.k8s.io', ns, ingress(name, spec));
  assert.equal((await make('before')).spec.ingressClassName, undefined);
  await createClass(harness, 'one');
  assert.equal((await make('after')).spec.ingressClassName, 'one');
  await createClass(harness, 'two');
  await assert.rejects(make('late'), {
    message:
      'ingresses.networking.k8s.io "late" is forbidden: Internal error occurred: 2 default IngressClasses were found, only 1 allowed',
  });
  assert.equal((await make('explicit', { ingressClassName: 'two' })).spec.ingressClassName, 'two');
});

test('the status of an ingress is checked where it is written', async () => {
  await using harness = await openRegistryHarness();
  const { context, subresource } = harness;
  const made = await harness.create<Ingress>('ingresses.networking.k8s.io', ns, {
    ...ingress('one'),
    status: { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } },
  });
  assert.deepEqual([made.metadata.generation, made.status], [1, { loadBalancer: {} }]);
  const status = subresource('ingresses.networking.k8s.io', 'status');
  const patch = (one: object): ReturnType<typeof status.patch> =>
    status.patch(context, ns, 'one', 'application/merge-patch+json', { status: { loadBalancer: { ingress: [one] } } });
  await assert.rejects(
    patch({ ip: 'x' }),
    /status.loadBalancer.ingress\[0\].ip: Invalid value: "x": must be a valid IP/,
  );
  const { object } = await patch({ ip: '10.0.0.1' });
  assert.deepEqual((object as Ingress).status.loadBalancer.ingress, [{ ip: '10.0.0.1' }]);
});

test('a write of the status of a range changes nothing else', async () => {
  await using harness = await openRegistryHarness();
  const { context, subresource } = harness;
  const resource = 'servicecidrs.networking.k8s.io';
  await harness.create(resource, '', { metadata: { name: 'more' }, spec: { cidrs: ['10.1.0.0/16'] } });
  const lastTransitionTime = '2026-01-01T00:00:00Z';
  const conditions = [{ type: 'Ready', status: 'True', reason: 'r', message: 'm', lastTransitionTime }];
  const patch = { metadata: { labels: { a: 'b' } }, spec: { cidrs: ['10.2.0.0/16'] }, status: { conditions } };
  const { object } = await subresource(resource, 'status').patch(
    context,
    '',
    'more',
    'application/merge-patch+json',
    patch,
  );
  const { metadata, spec, status } = object as ServiceCIDR;
  assert.deepEqual([metadata.labels, spec.cidrs, status.conditions], [undefined, ['10.1.0.0/16'], conditions]);
});

test('an address object is named as the address', async () => {
  await using harness = await openRegistryHarness();
  const make = (name: string): Promise<unknown> =>
    harness.create('ipaddresses.networking.k8s.io', '', {
      metadata: { name },
      spec: { parentRef: { resource: 'services', namespace: 'a', name: 'b' } },
    });
  await make('192.0.2.1');
  await assert.rejects(make('2001:DB8::1'), {
    message:
      'IPAddress.networking.k8s.io "2001:DB8::1" is invalid: metadata.name: Invalid value: "2001:DB8::1": must be in canonical form ("2001:db8::1")',
  });
});

test('of a slice what changes is counted, and its old topology is not kept', async () => {
  await using harness = await openRegistryHarness();
  const { context, create, rest } = harness;
  const resource = 'endpointslices.discovery.k8s.io';
  const endpoint = { addresses: ['10.0.0.1'], deprecatedTopology: { zone: 'a' } };
  const made = await create<EndpointSlice>(resource, ns, {
    metadata: { name: 'one' },
    addressType: 'IPv4',
    endpoints: [endpoint],
  });
  assert.deepEqual([made.metadata.generation, made.endpoints?.[0]?.deprecatedTopology], [1, undefined]);
  const write = async (change: object): Promise<number | undefined> => {
    const { stored } = await rest(resource).update(context, ns, 'one', { ...made, ...change });
    return (stored.object as EndpointSlice).metadata.generation;
  };
  const metadata = { name: 'one' };
  assert.equal(await write({ metadata: { ...metadata, annotations: { a: 'b' } } }), 1);
  assert.equal(await write({ metadata: { ...metadata, labels: { a: 'b' } } }), 2);
  assert.equal(await write({ metadata: { ...metadata, labels: { a: 'b' } }, endpoints: [] }), 3);
});
