import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResourceClaimV1, ResourceSlice } from '#api';
import { openRegistryHarness } from '../registry/testing/registry-harness.ts';

const claims = 'resourceclaims.resource.k8s.io';
const slices = 'resourceslices.resource.k8s.io';
const merge = 'application/merge-patch+json';

test('who looks at devices in use does so in a namespace that is marked for it', async () => {
  await using harness = await openRegistryHarness();
  const request = { name: 'all', exactly: { deviceClassName: 'gpu', adminAccess: true } };
  const claim = { metadata: { name: 'look' }, spec: { devices: { requests: [request] } } };
  await assert.rejects(harness.create(claims, 'default', claim), {
    message:
      'ResourceClaim.resource.k8s.io "look" is invalid: spec.devices.requests[0].adminAccess: Forbidden: admin access to devices requires the `resource.kubernetes.io/admin-access: true` label on the containing namespace',
  });
  const labels = { 'resource.kubernetes.io/admin-access': 'true' };
  await harness.create('namespaces', '', { metadata: { name: 'admins', labels } });
  await harness.create(claims, 'admins', claim);
});

test('what a driver said of a device goes when the claim has it no more', async () => {
  await using harness = await openRegistryHarness();
  const { context, subresource } = harness;
  const devices = { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu' } }] };
  await harness.create(claims, 'default', { metadata: { name: 'one' }, spec: { devices } });
  const named = { driver: 'd.example.com', pool: 'node', device: 'gpu-0' };
  const status = subresource(claims, 'status');
  const allocation = { devices: { results: [{ ...named, request: 'gpu' }] } };
  const given = { status: { allocation, devices: [{ ...named, data: { a: 1 } }] } };
  const { object } = await status.patch(context, 'default', 'one', merge, given);
  assert.equal((object as ResourceClaimV1).status.devices?.length, 1);
  const freed = await status.patch(context, 'default', 'one', merge, { status: { allocation: null } });
  assert.deepEqual((freed.object as ResourceClaimV1).status, {});
});

test('a taint says since when it is there, and gates that are closed let nothing in', async () => {
  await using harness = await openRegistryHarness();
  const { context, rest } = harness;
  const device = {
    name: 'gpu-0',
    taints: [{ key: 'broken', effect: 'NoSchedule' }],
    nodeAllocatableResourceMappings: { cpu: {} },
  };
  const spec = {
    driver: 'd.example.com',
    pool: { name: 'node', generation: 1, resourceSliceCount: 1 },
    nodeName: 'node',
    devices: [device],
  };
  const made = await harness.create<ResourceSlice>(slices, '', { metadata: { name: 'one' }, spec });
  assert.match(made.spec.devices?.[0]?.taints?.[0]?.timeAdded ?? '', /^\d{4}-/);
  assert.equal(made.spec.devices?.[0]?.nodeAllocatableResourceMappings, undefined);
  const found = await rest(slices).list(context, '', { fieldSelector: 'spec.nodeName=node' });
  assert.deepEqual([found.items.length, made.metadata.generation], [1, 1]);
});
