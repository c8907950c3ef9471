import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deployments, pods, replicaSets, replicationControllers, type Pod, type ReplicationController } from '#api';
import type { New, ResourceClient } from '#client';
import { nameOf, uidOf } from '#machinery';
import { systemClock } from '#base';
import { until } from '../../support/until.ts';
import { assertGone } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';

const containers = [{ name: 'nginx', image: 'nginx' }];

/** How long it is looked whether something is collected that must stay; upstream looks for 30 s. */
const staysMs = 1500;

describe('Garbage collector', () => {
  const cluster = conformanceCluster({ nodes: 1 });

  async function podsOf(calls: ResourceClient<Pod>, count: number): Promise<Pod[]> {
    const { items } = await until(
      () => calls.list(),
      ({ items }) => assert.equal(items.length, count),
    );
    return items;
  }

  /** Looks again and again that it holds. */
  async function stays(check: () => Promise<void>): Promise<void> {
    for (const end = systemClock.now() + staysMs; systemClock.now() < end; await systemClock.sleep(100)) await check();
  }

  const deployment = {
    metadata: { name: 'simpletest.deployment' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { gctest: 'true' } },
      template: { metadata: { labels: { gctest: 'true' } }, spec: { containers } },
    },
  };

  async function deployed(namespace: string) {
    const calls = cluster.client.of(deployments).in(namespace);
    const sets = cluster.client.of(replicaSets).in(namespace);
    const { metadata } = await calls.create(deployment);
    await until(
      () => sets.list(),
      ({ items }) => assert.equal(items.length, 1),
    );
    return { calls, sets, preconditions: { uid: metadata.uid } };
  }

  test('[sig-api-machinery] Garbage collector should delete RS created by deployment when not orphaning [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const { calls, sets, preconditions } = await deployed(namespace);
    await calls.delete(deployment.metadata.name, { propagationPolicy: 'Background', preconditions });
    await until(
      () => sets.list(),
      ({ items }) => assert.equal(items.length, 0),
    );
    await podsOf(cluster.client.of(pods).in(namespace), 0);
  });

  test('[sig-api-machinery] Garbage collector should orphan RS created by deployment when deleteOptions.PropagationPolicy is Orphan [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const { calls, sets, preconditions } = await deployed(namespace);
    await calls.delete(deployment.metadata.name, { propagationPolicy: 'Orphan', preconditions });
    await assertGone(calls, deployment.metadata.name);
    await stays(async () => {
      const { items } = await sets.list();
      assert.equal(items.length, 1);
      assert.deepEqual(items[0]?.metadata.ownerReferences ?? [], []);
    });
  });

  const controller = (name: string, replicas: number): New<ReplicationController> => ({
    metadata: { name },
    spec: { replicas, selector: { name }, template: { metadata: { labels: { name } }, spec: { containers } } },
  });

  /** A replication controller that has made all its pods. */
  async function replicated(namespace: string, replicas: number) {
    const calls = cluster.client.of(replicationControllers).in(namespace);
    const inNamespace = cluster.client.of(pods).in(namespace);
    const { metadata } = await calls.create(controller('simpletest.rc', replicas));
    await until(
      () => calls.get('simpletest.rc'),
      ({ status }) => assert.equal(status.replicas, replicas),
    );
    return { calls, inNamespace, name: 'simpletest.rc', preconditions: { uid: metadata.uid } };
  }

  test('[sig-api-machinery] Garbage collector should delete pods created by rc when not orphaning [Conformance]', async () => {
    const { calls, inNamespace, name, preconditions } = await replicated(await cluster.namespace(), 2);
    await calls.delete(name, { propagationPolicy: 'Background', preconditions });
    await podsOf(inNamespace, 0);
    await assertGone(calls, name);
  });

  test('[sig-api-machinery] Garbage collector should orphan pods created by rc if delete options say so [Serial] [Conformance]', async () => {
    const { calls, inNamespace, name, preconditions } = await replicated(await cluster.namespace(), 20);
    const made = (await podsOf(inNamespace, 20)).map(uidOf).sort();
    await calls.delete(name, { propagationPolicy: 'Orphan', preconditions });
    await assertGone(calls, name);
    await stays(async () => {
      const { items } = await inNamespace.list();
      assert.deepEqual(items.map(uidOf).sort(), made);
      for (const { metadata } of items) assert.deepEqual(metadata.ownerReferences ?? [], []);
    });
  });

  test('[sig-api-machinery] Garbage collector should keep the rc around until all its pods are deleted if the deleteOptions says so [Serial] [Conformance]', async () => {
    const { calls, inNamespace, name, preconditions } = await replicated(await cluster.namespace(), 20);
    const held = nameOf((await podsOf(inNamespace, 20))[0]!);
    await inNamespace.patch(held, { metadata: { finalizers: ['e2e.example.com/held'] } });
    await calls.delete(name, { propagationPolicy: 'Foreground', preconditions });
    await podsOf(inNamespace, 1);
    await stays(async () => {
      const { metadata } = await calls.get(name);
      assert.ok(metadata.deletionTimestamp);
      assert.deepEqual(metadata.finalizers, ['foregroundDeletion']);
    });
    await inNamespace.patch(held, { metadata: { finalizers: null } });
    await assertGone(calls, name);
    await podsOf(inNamespace, 0);
  });

  test("[sig-api-machinery] Garbage collector should not delete dependents that have both valid owner and owner that's waiting for dependents to be deleted [Serial] [Conformance]", async () => {
    const { calls, inNamespace, name, preconditions } = await replicated(await cluster.namespace(), 20);
    const second = await calls.create(controller('simpletest-rc-to-stay', 0));
    const reference = { apiVersion: 'v1', kind: 'ReplicationController', name: nameOf(second), uid: uidOf(second) };
    const shared = (await podsOf(inNamespace, 20)).slice(0, 10);
    for (const pod of shared) {
      const type = 'application/strategic-merge-patch+json';
      const { metadata } = await inNamespace.patch(
        nameOf(pod),
        { metadata: { ownerReferences: [reference] } },
        { type },
      );
      assert.equal(metadata.ownerReferences?.length, 2);
    }
    await calls.delete(name, { propagationPolicy: 'Foreground', preconditions });
    await assertGone(calls, name);
    await stays(async () => {
      const { items } = await inNamespace.list();
      assert.deepEqual(items.map(uidOf).sort(), shared.map(uidOf).sort());
      for (const { metadata } of items)
        assert.deepEqual(
          metadata.ownerReferences?.map(({ uid }) => uid),
          [uidOf(second)],
        );
    });
  });

  test('[sig-api-machinery] Garbage collector should not be blocked by dependency circle [Conformance]', async () => {
    const calls = cluster.client.of(pods).in(await cluster.namespace());
    const make = (at: number): Promise<Pod> => calls.create({ metadata: { name: `pod${at}` }, spec: { containers } });
    const made = [await make(1), await make(2), await make(3)] as const;
    const own = async (pod: Pod, owner: Pod): Promise<void> => {
      const reference = { apiVersion: 'v1', kind: 'Pod', name: nameOf(owner), uid: uidOf(owner), controller: true };
      const ownerReferences = [{ ...reference, blockOwnerDeletion: true }];
      const type = 'application/strategic-merge-patch+json';
      const { metadata } = await calls.patch(nameOf(pod), { metadata: { ownerReferences } }, { type });
      assert.equal(metadata.ownerReferences?.length, 1);
    };
    await own(made[0], made[2]);
    await own(made[1], made[0]);
    await own(made[2], made[1]);
    await calls.delete('pod1', { propagationPolicy: 'Foreground', preconditions: { uid: uidOf(made[0]) } });
    await podsOf(calls, 0);
  });
});
