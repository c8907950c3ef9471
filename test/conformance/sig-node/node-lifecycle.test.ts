import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nodes } from '#api';
import { nameOf } from '#machinery';
import { assertGone } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';
import { updateLabel } from '../support/lifecycle.ts';

describe('Node Lifecycle', () => {
  const cluster = conformanceCluster();

  test('[sig-node] Node Lifecycle should run through the lifecycle of a node [Conformance]', async () => {
    const calls = cluster.client.of(nodes);
    const name = 'e2e-fake-node';
    const condition = { type: 'Ready', status: 'True', reason: 'fakenode', message: 'Set from e2e test' } as const;
    await calls.create({
      metadata: { name },
      status: {
        phase: 'Running',
        conditions: [{ ...condition, lastHeartbeatTime: '2026-01-01T00:00:00Z' }],
        capacity: { cpu: '1', memory: '1Gi' },
      },
    });
    assert.equal(nameOf(await calls.get(name)), name);
    const patch = { metadata: { labels: { [name]: 'patched' } } };
    const patched = await calls.patch(name, patch, { type: 'application/strategic-merge-patch+json' });
    assert.equal(patched.metadata.labels?.[name], 'patched');
    assert.deepEqual((await calls.list({ labelSelector: `${name}=patched` })).items.map(nameOf), [name]);
    const updated = await updateLabel(calls, name, name, 'updated');
    assert.equal(updated.metadata.labels?.[name], 'updated');
    await calls.delete(name);
    await assertGone(calls, name);
  });
});
