import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { limitRanges, pods, priorityClasses, type LimitRange, type Pod } from '#api';
import type { New } from '#client';
import { isStatusError, nameOf, uidOf } from '#machinery';
import { assertGone } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';
import { assertNoneLeft } from '../support/lifecycle.ts';
import { Watching } from '../support/watching.ts';

type Amounts = Record<string, string>;

const amounts = (cpu: string, memory: string, storage: string): Amounts => ({
  cpu,
  memory,
  'ephemeral-storage': storage,
});

const min = amounts('50m', '100Mi', '100Gi');
const max = amounts('500m', '500Mi', '500Gi');
const defaultLimit = amounts('500m', '500Mi', '500Gi');
const defaultRequest = amounts('100m', '200Mi', '200Gi');

const limitRange = (name: string, labels: Record<string, string> = {}): New<LimitRange> => ({
  metadata: { name, labels },
  spec: { limits: [{ type: 'Container', min, max, default: defaultLimit, defaultRequest }] },
});

const pod = (name: string, requests?: Amounts, limits?: Amounts): New<Pod> => ({
  metadata: { name },
  spec: { containers: [{ name: 'pause', image: 'pause', resources: { requests, limits } }] },
});

describe('LimitRange and PriorityClass', () => {
  const cluster = conformanceCluster();
  /** The plugin's words, or those of validation where a defaulted limit is below the request. */
  const isRefused = (error: unknown): boolean => isStatusError(error, 'Forbidden', 'Invalid');

  test('[sig-scheduling] LimitRange should create a LimitRange with defaults and ensure pod has those defaults applied. [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const calls = cluster.client.of(limitRanges).in(namespace);
    const inNamespace = cluster.client.of(pods).in(namespace);
    const { resourceVersion } = await calls.list();
    await using watch = new Watching(calls, { resourceVersion });
    await calls.create(limitRange('limit-range'));
    await watch.until('ADDED');
    const read = await calls.get('limit-range');
    const [limit] = read.spec?.limits ?? [];
    assert.deepEqual([limit?.min, limit?.default, limit?.defaultRequest], [min, defaultLimit, defaultRequest]);

    const resourcesOf = ({ spec }: Pod) =>
      spec.containers.map(({ resources }) => [resources?.requests, resources?.limits]);
    const without = await inNamespace.create(pod('pod-no-resources'));
    assert.deepEqual(resourcesOf(without), [[defaultRequest, defaultLimit]]);
    const partial = pod(
      'pod-partial-resources',
      { cpu: '', memory: '150Mi', 'ephemeral-storage': '150Gi' },
      { cpu: '300m' },
    );
    delete partial.spec?.containers?.[0]?.resources?.requests?.['cpu'];
    const merged = await inNamespace.create(partial);
    // A limit without a request is also what is requested (as defaulting has it, before limits are looked at).
    assert.deepEqual(resourcesOf(merged), [[amounts('300m', '150Mi', '150Gi'), amounts('300m', '500Mi', '500Gi')]]);
    await assert.rejects(inNamespace.create(pod('pod-too-small', amounts('10m', '50Mi', '50Gi'), {})), isRefused);
    await assert.rejects(inNamespace.create(pod('pod-too-large', amounts('600m', '600Mi', '600Gi'), {})), isRefused);

    const lower = amounts('9m', '49Mi', '49Gi');
    await calls.update({ ...read, spec: { limits: [{ ...limit!, min: lower }] } });
    const updated = await calls.get('limit-range');
    assert.deepEqual(updated.spec?.limits[0]?.min, lower);
    const small = amounts('10m', '50Mi', '50Gi');
    await inNamespace.create(pod('pod-small-enough', small, {}));
    const large = amounts('600m', '600Mi', '600Gi');
    await assert.rejects(inNamespace.create(pod('pod-still-too-large', large, {})), isRefused);
    await calls.delete('limit-range');
    await assertGone(calls, 'limit-range');
    await inNamespace.create(pod('pod-large', large, {}));
  });

  test('[sig-scheduling] LimitRange should list, patch and delete a LimitRange by collection [Conformance]', async () => {
    const everywhere = cluster.client.of(limitRanges);
    const [one, other] = [await cluster.namespace(), await cluster.namespace()];
    const name = 'e2e-limitrange';
    const labels = { e2e: name };
    const first = await everywhere.in(one).create(limitRange(name, labels));
    const second = await everywhere.in(other).create(limitRange(name, labels));
    const listed = await everywhere.list({ labelSelector: `e2e=${name}` });
    assert.deepEqual(new Set(listed.items.map(uidOf)), new Set([uidOf(first), uidOf(second)]));
    const patch = {
      metadata: { labels: { [name]: 'patched' } },
      spec: { limits: [{ type: 'Container', min: { cpu: '40m' } }] },
    };
    const patched = await everywhere.in(one).patch(name, patch);
    assert.equal(patched.metadata.labels?.[name], 'patched');
    assert.equal(patched.spec?.limits[0]?.min?.['cpu'], '40m');
    await everywhere.in(one).deleteCollection({ labelSelector: `${name}=patched` });
    await assertNoneLeft(everywhere, `${name}=patched`);
    assert.deepEqual((await everywhere.list({ labelSelector: `e2e=${name}` })).items.map(uidOf), [uidOf(second)]);
  });

  test('[sig-scheduling] SchedulerPreemption [Serial] PriorityClass endpoints verify PriorityClass endpoints can be operated with different HTTP methods [Conformance]', async () => {
    const calls = cluster.client.of(priorityClasses);
    const values = { p1: 99_991, p2: 99_992 };
    for (const [name, value] of Object.entries(values)) await calls.create({ metadata: { name }, value });
    const { items } = await calls.list();
    for (const name of Object.keys(values)) assert.ok(items.some((one) => nameOf(one) === name));
    const isInvalid = (error: unknown): boolean => isStatusError(error, 'Invalid');
    for (const [name, value] of Object.entries(values)) {
      await assert.rejects(calls.patch(name, { value: value * 10 }, { type: 'application/json-patch+json' }), (error) =>
        isStatusError(error, 'BadRequest'),
      );
      const replace = [{ op: 'replace', path: '/value', value: value * 10 }];
      await assert.rejects(calls.patch(name, replace, { type: 'application/json-patch+json' }), isInvalid);
      const read = await calls.get(name);
      await assert.rejects(calls.update({ ...read, value: value * 10 }), isInvalid);
      const updated = await calls.update({ ...read, description: 'updated' });
      assert.equal(updated.description, 'updated');
      const patched = await calls.patch(name, { description: 'patched' });
      assert.equal(patched.description, 'patched');
      assert.equal(patched.value, value);
    }
  });
});
