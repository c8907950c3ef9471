import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { endpoints, endpointSlices, pods, services, type EndpointSlice, type Endpoints, type Service } from '#api';
import type { New } from '#client';
import { nameOf, namespaceOf } from '#machinery';
import { until } from '../../support/until.ts';
import { assertGone, askSubresource } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';
import { Watching } from '../support/watching.ts';

const byText = (a: string, b: string): number => a.localeCompare(b);
const strategic = 'application/strategic-merge-patch+json';

describe('Services and their endpoints', () => {
  const cluster = conformanceCluster({ nodes: 1 });

  test('[sig-network] API Server should provide secure master service [Conformance]', async () => {
    const service = await cluster.client.of(services).in('default').get('kubernetes');
    assert.ok(service.spec?.ports?.some(({ name, port }) => name === 'https' && port === 443));
  });

  test('[sig-network] Services should find a service from listing all namespaces [Conformance]', async () => {
    const { items } = await cluster.client.of(services).list();
    assert.ok(items.some((one) => nameOf(one) === 'kubernetes' && namespaceOf(one) === 'default'));
  });

  test('[sig-network] API Server should have Endpoints and EndpointSlices pointing to API Server [Conformance]', async () => {
    const own = await cluster.client.of(endpoints).in('default').get('kubernetes');
    const slices = await slicesOf('default', 'kubernetes');
    assert.ok((own.subsets ?? []).length > 0);
    assert.ok(slices.length > 0);
    assert.deepEqual(addressesOf(slices), addressesOfEndpoints(own));
  });

  test('[sig-network] Services should complete a service status lifecycle [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const calls = cluster.client.of(services).in(namespace);
    const name = 'test-service';
    const labelSelector = 'test-service-static=true';
    const { resourceVersion } = await calls.list({ labelSelector });
    await using watch = new Watching(calls, { labelSelector, resourceVersion });
    await calls.create({
      metadata: { name, labels: { 'test-service-static': 'true' } },
      spec: { type: 'LoadBalancer', ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 80 }] },
    });
    await watch.until('ADDED');
    const path = `/api/v1/namespaces/${namespace}/services/${name}/status`;
    assert.equal((await askSubresource(cluster, path)).metadata.name, name);

    const loadBalancer = { ingress: [{ ip: '203.0.113.1' }] };
    const annotations = { patchedstatus: 'true' };
    const body = { metadata: { annotations }, status: { loadBalancer } };
    await askSubresource(cluster, path, { method: 'PATCH', type: strategic, body });
    const patched = await watch.until('MODIFIED', ({ metadata }) => metadata.annotations?.['patchedstatus']);
    assert.equal(patched.status?.loadBalancer?.ingress?.[0]?.ip, '203.0.113.1');

    const condition = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test' };
    const conditions = [{ ...condition, lastTransitionTime: '2026-01-01T00:00:00Z' }];
    const read = await askSubresource(cluster, path);
    await askSubresource(cluster, path, { method: 'PUT', body: { ...read, status: { loadBalancer, conditions } } });
    await watch.until('MODIFIED', ({ status }) => status?.conditions?.some(({ type }) => type === 'StatusUpdate'));

    await calls.patch(name, { metadata: { labels: { 'test-service': 'patched' } } }, { type: strategic });
    await watch.until('MODIFIED', ({ metadata }) => metadata.labels?.['test-service'] === 'patched');
    await calls.delete(name);
    await watch.until('DELETED');
  });

  test('[sig-network] Services should delete a collection of services [Conformance]', async () => {
    const calls = cluster.client.of(services).in(await cluster.namespace());
    const ports = [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 80 }] as const;
    for (const [name, group] of [
      ['e2e-svc-a', 'delete'],
      ['e2e-svc-b', 'delete'],
      ['e2e-svc-c', 'keep'],
    ] as const) {
      await calls.create({ metadata: { name, labels: { 'e2e-test-service': group } }, spec: { ports: [...ports] } });
    }
    assert.equal((await calls.list()).items.length, 3);
    await calls.deleteCollection({ labelSelector: 'e2e-test-service=delete' });
    assert.deepEqual((await calls.list()).items.map(nameOf), ['e2e-svc-c']);
  });

  test('[sig-network] Endpoints should test the lifecycle of an Endpoint [Conformance]', async () => {
    const everywhere = cluster.client.of(endpoints);
    const calls = everywhere.in(await cluster.namespace());
    const name = 'testservice';
    const labelSelector = 'test-endpoint-static=true';
    const { resourceVersion } = await everywhere.list({ labelSelector });
    await using watch = new Watching(calls, { labelSelector, resourceVersion });
    await calls.create({
      metadata: { name, labels: { 'test-endpoint-static': 'true' } },
      subsets: [{ addresses: [{ ip: '10.0.0.24' }], ports: [{ name: 'http', port: 80, protocol: 'TCP' }] }],
    });
    await watch.until('ADDED');
    assert.deepEqual((await everywhere.list({ labelSelector })).items.map(nameOf), [name]);
    const read = await calls.get(name);
    const labels = { ...read.metadata.labels, 'test-service': 'updated' };
    await calls.update({ ...read, metadata: { ...read.metadata, labels } });
    await watch.until('MODIFIED');
    assert.equal((await calls.get(name)).metadata.labels?.['test-service'], 'updated');

    const subsets = [{ addresses: [{ ip: '10.0.0.25' }], ports: [{ name: 'http-test', port: 8080 }] }];
    await calls.patch(name, { metadata: { labels: { 'test-service': 'patched' } }, subsets }, { type: strategic });
    await watch.until('MODIFIED');
    const patched = await calls.get(name);
    assert.equal(patched.metadata.labels?.['test-service'], 'patched');
    assert.equal(patched.subsets?.[0]?.addresses?.[0]?.ip, '10.0.0.25');
    assert.deepEqual(patched.subsets?.[0]?.ports, [{ name: 'http-test', port: 8080, protocol: 'TCP' }]);
    await calls.deleteCollection({ labelSelector });
    await watch.until('DELETED');
    await assertGone(calls, name);
  });

  const emptyService: New<Service> = {
    metadata: { name: 'example-empty-selector' },
    spec: {
      selector: { 'does-not-match-anything': 'endpoints-and-endpoint-slices-should-still-be-created' },
      ports: [{ name: 'example', port: 80, protocol: 'TCP' }],
    },
  };

  test('[sig-network] EndpointsController should create and delete Endpoints for a Service with a selector that matches no pods [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const calls = cluster.client.of(services).in(namespace);
    await calls.create(emptyService);
    const own = await endpointsOf(namespace, 'example-empty-selector', 0);
    assert.deepEqual(own.subsets ?? [], []);
    await calls.delete('example-empty-selector');
    await assertGone(cluster.client.of(endpoints).in(namespace), 'example-empty-selector');
  });

  test('[sig-network] EndpointSlice should create and delete EndpointSlices for a Service with a selector that matches no pods [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const calls = cluster.client.of(services).in(namespace);
    await calls.create(emptyService);
    const slices = await until(
      () => slicesOf(namespace, 'example-empty-selector'),
      (slices) => assert.equal(slices.length, 1),
    );
    assert.equal(
      slices[0]?.metadata.labels?.['endpointslice.kubernetes.io/managed-by'],
      'endpointslice-controller.k8s.io',
    );
    assert.deepEqual(slices[0]?.endpoints ?? [], []);
    await calls.delete('example-empty-selector');
    await until(
      () => slicesOf(namespace, 'example-empty-selector'),
      (slices) => assert.deepEqual(slices, []),
    );
  });

  /** Two pods, and services that match one, both by the name of a port, and none. */
  async function podsAndServices() {
    const namespace = await cluster.namespace();
    const inNamespace = cluster.client.of(pods).in(namespace);
    const calls = cluster.client.of(services).in(namespace);
    const makePod = (name: string, ports: { name: string; containerPort: number }[]) =>
      inNamespace.create({
        metadata: { name, labels: { [name]: 'on', shared12: 'on' } },
        spec: { containers: [{ name: 'container1', image: 'nginx', ports }] },
      });
    const makeService = (name: string, label: string, targetPort: number | string) =>
      calls.create({
        metadata: { name },
        spec: {
          selector: { [label]: 'on' },
          publishNotReadyAddresses: true,
          ports: [{ name: 'example', port: 80, targetPort, protocol: 'TCP' }],
        },
      });
    await makePod('pod1', [{ name: 'example-name', containerPort: 3000 }]);
    await makePod('pod2', [
      { name: 'example-name', containerPort: 3001 },
      { name: 'other-port', containerPort: 3002 },
    ]);
    await makeService('example-int-port', 'pod1', 3000);
    await makeService('example-named-port', 'shared12', 'example-name');
    await makeService('example-no-match', 'pod3', 8080);
    const { items } = await until(
      () => inNamespace.list(),
      ({ items }) => assert.ok(items.every(({ status }) => status.podIP)),
    );
    const ips = new Map(items.map((pod) => [nameOf(pod), pod.status.podIP ?? '']));
    return {
      namespace,
      expected: {
        'example-int-port': [`${ips.get('pod1')}:3000`],
        'example-named-port': [`${ips.get('pod1')}:3000`, `${ips.get('pod2')}:3001`],
        'example-no-match': [],
      },
    };
  }

  test('[sig-network] EndpointsController should create Endpoints for Pods matching a Service [Conformance]', async () => {
    const { namespace, expected } = await podsAndServices();
    for (const [name, addresses] of Object.entries(expected)) {
      const own = await endpointsOf(namespace, name, addresses.length);
      assert.deepEqual(addressesOfEndpoints(own), addresses.toSorted(byText));
    }
  });

  test('[sig-network] EndpointSlice should create Endpoints and EndpointSlices for Pods matching a Service [Conformance]', async () => {
    const { namespace, expected } = await podsAndServices();
    const check = async (name: string, addresses: string[]): Promise<void> => {
      const slices = await until(
        () => slicesOf(namespace, name),
        (slices) => {
          assert.ok(slices.length > 0);
          assert.equal(addressesOf(slices).length, addresses.length);
        },
      );
      assert.deepEqual(addressesOf(slices), addresses.toSorted(byText));
      assert.deepEqual(
        addressesOfEndpoints(await endpointsOf(namespace, name, addresses.length)),
        addresses.toSorted(byText),
      );
    };
    for (const [name, addresses] of Object.entries(expected)) await check(name, addresses);
    const labelSelector = 'kubernetes.io/service-name=example-named-port';
    await cluster.client.of(endpointSlices).in(namespace).deleteCollection({ labelSelector });
    await check('example-named-port', expected['example-named-port']);
  });

  test('[sig-network] EndpointSliceMirroring should mirror a custom Endpoints resource through create update and delete [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const name = 'example-custom-endpoints';
    await cluster.client
      .of(services)
      .in(namespace)
      .create({
        metadata: { name },
        spec: { ports: [{ name: 'example', port: 80, protocol: 'TCP' }] },
      });
    const calls = cluster.client.of(endpoints).in(namespace);
    const custom = (ip: string) => ({ metadata: { name }, subsets: [{ addresses: [{ ip }], ports: [{ port: 80 }] }] });
    const mirrored = async (...addresses: string[]): Promise<void> => {
      await until(
        () => slicesOf(namespace, name),
        (slices) => assert.deepEqual(addressesOf(slices), addresses),
      );
    };
    await calls.create(custom('10.1.2.3'));
    await mirrored('10.1.2.3:80');
    await calls.update(custom('10.2.3.4'));
    await mirrored('10.2.3.4:80');
    await calls.delete(name);
    await until(
      () => slicesOf(namespace, name),
      (slices) => assert.deepEqual(slices, []),
    );
  });

  test('[sig-network] Services should serve a basic endpoint from pods [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const name = 'endpoint-test2';
    await cluster.client
      .of(services)
      .in(namespace)
      .create({
        metadata: { name },
        spec: { selector: { name }, ports: [{ port: 80, targetPort: 80 }] },
      });
    const inNamespace = cluster.client.of(pods).in(namespace);
    const spec = { containers: [{ name: 'agnhost', image: 'agnhost', ports: [{ containerPort: 80 }] }] };
    const served = async (...names: string[]): Promise<void> => {
      await until(
        () => Promise.all([slicesOf(namespace, name), endpointsOf(namespace, name)]),
        ([slices, own]) => {
          const targets = slices
            .flatMap((slice) => slice.endpoints ?? [])
            .map(({ targetRef }) => targetRef?.name ?? '');
          assert.deepEqual(targets.toSorted(byText), names);
          assert.equal(addressesOfEndpoints(own).length, names.length);
        },
      );
    };
    await served();
    await inNamespace.create({ metadata: { name: 'pod1', labels: { name } }, spec });
    await served('pod1');
    await inNamespace.create({ metadata: { name: 'pod2', labels: { name } }, spec });
    await served('pod1', 'pod2');
    await inNamespace.delete('pod1');
    await served('pod2');
    await inNamespace.delete('pod2');
    await served();
  });

  async function slicesOf(namespace: string, service: string): Promise<EndpointSlice[]> {
    const labelSelector = `kubernetes.io/service-name=${service}`;
    return (await cluster.client.of(endpointSlices).in(namespace).list({ labelSelector })).items;
  }

  async function endpointsOf(namespace: string, name: string, count?: number): Promise<Endpoints> {
    return until(
      () => cluster.client.of(endpoints).in(namespace).get(name),
      (own) => assert.equal(addressesOfEndpoints(own).length, count ?? addressesOfEndpoints(own).length),
    );
  }
});

function addressesOf(slices: readonly EndpointSlice[]): string[] {
  return slices
    .flatMap(({ endpoints, ports = [] }) =>
      (endpoints ?? []).flatMap(({ addresses }) => ports.map(({ port }) => `${addresses[0]}:${port}`)),
    )
    .sort(byText);
}

function addressesOfEndpoints({ subsets = [] }: Endpoints): string[] {
  return subsets
    .flatMap(({ addresses = [], ports = [] }) =>
      addresses.flatMap(({ ip }) => ports.map(({ port }) => `${ip}:${port}`)),
    )
    .sort(byText);
}
