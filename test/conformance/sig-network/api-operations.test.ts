import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  endpointSlices,
  ingressClasses,
  ingresses,
  ipAddresses,
  serviceCIDRs,
  type EndpointSlice,
  type Ingress,
} from '#api';
import { retryOnConflict, type New } from '#client';
import { askSubresource, assertDiscovered, showApiOperations } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';
import { until } from '../../support/until.ts';

const networking = '/apis/networking.k8s.io/v1';
const type = 'application/merge-patch+json';

describe('networking APIs', () => {
  const cluster = conformanceCluster();

  test('[sig-network] EndpointSlice should support creating EndpointSlice API operations [Conformance]', async () => {
    await showApiOperations(cluster, {
      resource: endpointSlices,
      namespace: await cluster.namespace(),
      make: (): New<EndpointSlice> => ({
        metadata: { generateName: 'e2e-example-ing' },
        addressType: 'IPv4',
        endpoints: [{ addresses: ['1.2.3.4', '5.6.7.8'] }],
      }),
      check: ({ endpoints }) => assert.deepEqual(endpoints?.[0]?.addresses, ['1.2.3.4', '5.6.7.8']),
    });
  });

  const backend = { service: { name: 'default-backend', port: { number: 8080 } } };
  const host = (at: number): string => `host${at}.e2e.example.com`;

  test('[sig-network] Ingress API should support creating Ingress API operations [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const make = (at: number): New<Ingress> => ({
      metadata: { generateName: 'e2e-example-ing' },
      spec: {
        defaultBackend: backend,
        rules: [{ host: host(at), http: { paths: [{ path: '/path', pathType: 'ImplementationSpecific', backend }] } }],
      },
    });
    await showApiOperations(cluster, {
      resource: ingresses,
      namespace,
      make,
      subresources: ['status'],
      check: ({ spec }) => assert.equal(spec?.rules?.[0]?.host, host(1)),
    });

    const calls = cluster.client.of(ingresses).in(namespace);
    const { metadata } = await calls.create(make(4));
    const path = `${networking}/namespaces/${namespace}/ingresses/${metadata.name}/status`;
    const status = { loadBalancer: { ingress: [{ ip: '169.1.1.1' }] } };
    const annotations = { patchedstatus: 'true' };
    const patched = await askSubresource(cluster, path, {
      method: 'PATCH',
      type,
      body: { metadata: { annotations }, status },
    });
    assert.deepEqual(patched.status, status);
    assert.equal(patched.metadata.annotations.patchedstatus, 'true');
    const next = { loadBalancer: { ingress: [{ ip: '169.1.1.2' }] } };
    const updated = await askSubresource(cluster, path, { method: 'PUT', body: { ...patched, status: next } });
    assert.deepEqual(updated.status, next);
    const read = await askSubresource(cluster, path);
    assert.deepEqual(
      [read.kind, read.apiVersion, read.metadata.uid],
      ['Ingress', 'networking.k8s.io/v1', metadata.uid],
    );
    assert.deepEqual(read.status, next);
    await calls.delete(metadata.name ?? '');
  });

  test('[sig-network] IngressClass API should support creating IngressClass API operations [Conformance]', async () => {
    await showApiOperations(cluster, {
      resource: ingressClasses,
      make: () => ({
        metadata: { generateName: 'e2e-example-ing', labels: { ingressclass: 'e2e' } },
        spec: { controller: 'example.com/controller' },
      }),
      check: ({ spec }) => assert.equal(spec?.controller, 'example.com/controller'),
    });
  });

  test('[sig-network] ServiceCIDR and IPAddress API should support ServiceCIDR API operations [Conformance]', async () => {
    await assertDiscovered(cluster.http, serviceCIDRs, ['status']);
    const calls = cluster.client.of(serviceCIDRs);
    const name = 'e2e-servicecidr';
    const created = await calls.create({ metadata: { name }, spec: { cidrs: ['10.196.196.0/24'] } });
    assert.equal((await calls.get(name)).metadata.uid, created.metadata.uid);
    const patched = await calls.patch(name, { metadata: { annotations: { patched: 'true' } } });
    assert.equal(patched.metadata.annotations?.['patched'], 'true');
    // The controller that keeps ranges while they are in use may come between.
    const updated = await retryOnConflict(async () => {
      const now = await calls.get(name);
      const annotations = { ...now.metadata.annotations, updated: 'true' };
      return calls.update({ ...now, metadata: { ...now.metadata, annotations } });
    });
    assert.equal(updated.metadata.annotations?.['updated'], 'true');

    const path = `${networking}/servicecidrs/${name}/status`;
    const read = await askSubresource(cluster, path);
    assert.equal(read.metadata.uid, created.metadata.uid);
    const condition = { type: 'PatchedStatus', status: 'Unknown', reason: 'E2E', message: 'Set from an e2e test' };
    const conditions = [{ ...condition, lastTransitionTime: '2026-01-01T00:00:00Z' }];
    const patchedStatus = await askSubresource(cluster, path, {
      method: 'PATCH',
      type,
      body: { metadata: { annotations: { patchedstatus: 'true' } }, status: { conditions } },
    });
    assert.equal(patchedStatus.status.conditions[0].type, 'PatchedStatus');
    const updatedStatus = await until(
      async () => {
        const now = await askSubresource(cluster, path);
        const more = [...now.status.conditions, { ...conditions[0], type: 'StatusUpdate', status: 'True' }];
        return cluster.http.ask(path, { method: 'PUT', body: { ...now, status: { conditions: more } } });
      },
      ({ status, text }) => assert.equal(status, 200, text),
    );
    assert.equal(updatedStatus.json.status.conditions.at(-1).type, 'StatusUpdate');

    await calls.patch(name, { metadata: { labels: { e2e: 'true' } } });
    await calls.deleteCollection({ labelSelector: 'e2e=true' });
    await until(
      () => calls.list({ labelSelector: 'e2e=true' }),
      ({ items }) => assert.deepEqual(items, []),
    );
  });

  test('[sig-network] ServiceCIDR and IPAddress API should support IPAddress API operations [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const parentRef = { group: '', resource: 'services', name: 'e2e-service', namespace };
    await showApiOperations(cluster, {
      resource: ipAddresses,
      make: (at) => ({ metadata: { name: `192.168.254.${at}` }, spec: { parentRef } }),
      check: ({ spec }) => assert.equal(spec?.parentRef?.resource, 'services'),
    });
  });
});
