import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  deviceClasses,
  resourceClaims,
  resourceClaimTemplates,
  resourceSlices,
  type DeviceClass,
  type ResourceClaimTemplate,
  type ResourceClaimV1,
  type ResourceSlice,
} from '#api';
import type { New } from '#client';
import { nameOf } from '#machinery';
import { askSubresource, showApiOperations } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';

const devices = { requests: [{ name: 'req-0', exactly: { deviceClassName: 'e2e-class' } }] };

describe('Dynamic resource allocation', () => {
  const cluster = conformanceCluster();

  test('[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 DeviceClass [Conformance]', async () => {
    const make = (): New<DeviceClass> => ({
      metadata: { generateName: 'e2e-' },
      spec: { selectors: [{ cel: { expression: 'true' } }] },
    });
    await showApiOperations(cluster, { resource: deviceClasses, make });
  });

  test('[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceClaim [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const make = (): New<ResourceClaimV1> => ({ metadata: { generateName: 'e2e-' }, spec: { devices } });
    await showApiOperations(cluster, { resource: resourceClaims, namespace, make, subresources: ['status'] });
    const created = await cluster.client.of(resourceClaims).in(namespace).create(make());
    const path = `/apis/resource.k8s.io/v1/namespaces/${namespace}/resourceclaims/${nameOf(created)}/status`;
    const results = [{ request: 'req-0', driver: 'driver.example.com', pool: 'pool', device: 'device-0' }];
    const body = { status: { allocation: { devices: { results } } } };
    const patched = await askSubresource(cluster, path, {
      method: 'PATCH',
      type: 'application/merge-patch+json',
      body,
    });
    assert.equal(patched.status.allocation.devices.results[0].device, 'device-0');
    const updated = await askSubresource(cluster, path, { method: 'PUT', body: { ...patched, status: {} } });
    assert.equal(updated.status.allocation, undefined);
    assert.equal((await askSubresource(cluster, path)).metadata.uid, created.metadata.uid);
  });

  test('[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceClaimTemplate [Conformance]', async () => {
    const make = (): New<ResourceClaimTemplate> => ({
      metadata: { generateName: 'e2e-' },
      spec: { spec: { devices } },
    });
    await showApiOperations(cluster, { resource: resourceClaimTemplates, namespace: await cluster.namespace(), make });
  });

  test('[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceSlice [Conformance]', async () => {
    const make = (at: number): New<ResourceSlice> => ({
      metadata: { generateName: 'e2e-' },
      spec: {
        driver: 'driver.example.com',
        nodeName: 'e2e-node',
        pool: { name: `pool-${at}`, generation: 1, resourceSliceCount: 1 },
        devices: [{ name: 'device-0' }],
      },
    });
    await showApiOperations(cluster, { resource: resourceSlices, make });
  });
});
