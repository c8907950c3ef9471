import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cronJobs, jobs, podDisruptionBudgets, type CronJob, type Job, type PodDisruptionBudget } from '#api';
import type { New } from '#client';
import { nameOf } from '#machinery';
import { until } from '../../support/until.ts';
import { assertGone, askSubresource, showApiOperations } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';
import { assertNoneLeft, updateLabel } from '../support/lifecycle.ts';

const type = 'application/merge-patch+json';
const strategic = 'application/strategic-merge-patch+json';
const template = { spec: { restartPolicy: 'OnFailure' as const, containers: [{ name: 'c', image: 'busybox' }] } };

describe('Jobs, CronJobs and PodDisruptionBudgets', () => {
  const cluster = conformanceCluster();

  test('[sig-apps] CronJob should support CronJob API operations [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const make = (): New<CronJob> => ({
      metadata: { generateName: 'e2e-example-' },
      spec: { schedule: '0 0 1 1 *', concurrencyPolicy: 'Allow', suspend: true, jobTemplate: { spec: { template } } },
    });
    const subresources = ['status'];
    await showApiOperations(cluster, { resource: cronJobs, namespace, make, subresources });

    const calls = cluster.client.of(cronJobs).in(namespace);
    const created = await calls.create(make());
    const path = `/apis/batch/v1/namespaces/${namespace}/cronjobs/${nameOf(created)}/status`;
    const lastScheduleTime = '2026-01-01T00:00:00Z';
    const annotations = { patchedstatus: 'true' };
    const body = { metadata: { annotations }, status: { lastScheduleTime } };
    const patched = await askSubresource(cluster, path, { method: 'PATCH', type, body });
    assert.equal(patched.status.lastScheduleTime, lastScheduleTime);
    assert.equal(patched.metadata.annotations.patchedstatus, 'true');
    const next = '2026-01-02T00:00:00Z';
    const updated = await askSubresource(cluster, path, {
      method: 'PUT',
      body: { ...patched, status: { ...patched.status, lastScheduleTime: next } },
    });
    assert.equal(updated.status.lastScheduleTime, next);
    const read = await askSubresource(cluster, path);
    assert.equal(read.metadata.uid, created.metadata.uid);
    await calls.delete(nameOf(created));
    await assertGone(calls, nameOf(created));
  });

  const job = (name: string, suspend: boolean): New<Job> => ({
    metadata: { name, labels: { 'e2e-job': name } },
    spec: { parallelism: 2, completions: 4, suspend, template },
  });

  test('[sig-apps] Job should manage the lifecycle of a job [Conformance]', async () => {
    const everywhere = cluster.client.of(jobs);
    const calls = everywhere.in(await cluster.namespace());
    const name = 'e2e-lifecycle';
    await calls.create(job(name, true));
    const patched = await calls.patch(name, { metadata: { labels: { [name]: 'patched' } } }, { type: strategic });
    assert.equal(patched.metadata.labels?.[name], 'patched');
    const replaced = await until(
      async () => {
        const read = await calls.get(name);
        const annotations = { ...read.metadata.annotations, updated: 'true' };
        return calls.update({
          ...read,
          metadata: { ...read.metadata, annotations },
          spec: { ...read.spec, parallelism: 1 },
        });
      },
      () => {},
    );
    assert.equal(replaced.metadata.annotations?.['updated'], 'true');
    const labelSelector = `${name}=patched`;
    assert.deepEqual((await everywhere.list({ labelSelector })).items.map(nameOf), [name]);
    await calls.deleteCollection({ labelSelector, propagationPolicy: 'Background' });
    await assertNoneLeft(everywhere, labelSelector);
  });

  test('[sig-apps] Job should apply changes to a job status [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const calls = cluster.client.of(jobs).in(namespace);
    const created = await calls.create(job('suspend-false-to-true', false));
    const path = `/apis/batch/v1/namespaces/${namespace}/jobs/${nameOf(created)}/status`;
    const annotations = { patchedstatus: 'true' };
    const startTime = '2026-01-01T00:00:00Z';
    const condition = { type: 'CustomConditionType', status: 'True', message: 'Set from e2e test', reason: 'E2E' };
    const patched = await askSubresource(cluster, path, {
      method: 'PATCH',
      type,
      body: { metadata: { annotations }, status: { startTime, conditions: [condition] } },
    });
    assert.equal(patched.metadata.annotations.patchedstatus, 'true');
    assert.equal(patched.status.conditions[0].type, 'CustomConditionType');
    const { json } = await until(
      async () => {
        const read = await askSubresource(cluster, path);
        const conditions = [...(read.status.conditions ?? []), { ...condition, type: 'StatusUpdate' }];
        return cluster.http.ask(path, { method: 'PUT', body: { ...read, status: { ...read.status, conditions } } });
      },
      ({ status, text }) => assert.equal(status, 200, text),
    );
    assert.ok(json.status.conditions.some((one: { type: string }) => one.type === 'StatusUpdate'));
    assert.equal((await askSubresource(cluster, path)).metadata.uid, created.metadata.uid);
  });

  const budget = (name: string, minAvailable: number | string = 1): New<PodDisruptionBudget> => ({
    metadata: { name, labels: { special: 'foo_pdb' } },
    spec: { minAvailable, selector: { matchLabels: { foo: 'bar' } } },
  });

  test('[sig-apps] DisruptionController should create a PodDisruptionBudget [Conformance]', async () => {
    const calls = cluster.client.of(podDisruptionBudgets).in(await cluster.namespace());
    await calls.create(budget('foo', '1%'));
    const read = await calls.get('foo');
    await until(
      async () => calls.update({ ...(await calls.get('foo')), spec: { ...read.spec, minAvailable: '2%' } }),
      ({ spec }) => assert.equal(spec?.minAvailable, '2%'),
    );
    const patched = await calls.patch('foo', { spec: { minAvailable: '3%' } });
    assert.equal(patched.spec?.minAvailable, '3%');
    await calls.delete('foo');
    await assertGone(calls, 'foo');
  });

  test('[sig-apps] DisruptionController Listing PodDisruptionBudgets for all namespaces should list and delete a collection of PodDisruptionBudgets [Conformance]', async () => {
    const everywhere = cluster.client.of(podDisruptionBudgets);
    const [one, other] = [everywhere.in(await cluster.namespace()), everywhere.in(await cluster.namespace())];
    const labelSelector = 'special=foo_pdb';
    await one.create(budget('foo'));
    await one.create(budget('foo2'));
    await other.create(budget('foo'));
    assert.equal((await everywhere.list({ labelSelector })).items.length, 3);
    assert.equal((await one.list({ labelSelector })).items.length, 2);
    await one.deleteCollection({ labelSelector });
    await assertNoneLeft(one, labelSelector);
    assert.equal((await everywhere.list({ labelSelector })).items.length, 1);
    await other.deleteCollection({ labelSelector });
  });

  test('[sig-apps] DisruptionController should update/patch PodDisruptionBudget status [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const calls = cluster.client.of(podDisruptionBudgets).in(namespace);
    await calls.create(budget('foo'));
    assert.equal((await updateLabel(calls, 'foo', 'a', 'b')).metadata.labels?.['a'], 'b');
    const path = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets/foo/status`;
    const disruptedPods = { pod: '2026-01-01T00:00:00Z' };
    const { json } = await until(
      async () => {
        const read = await askSubresource(cluster, path);
        const status = {
          currentHealthy: 0,
          desiredHealthy: 1,
          disruptionsAllowed: 0,
          expectedPods: 0,
          ...read.status,
          disruptedPods,
        };
        return cluster.http.ask(path, { method: 'PUT', body: { ...read, status } });
      },
      ({ status, text }) => assert.equal(status, 200, text),
    );
    assert.deepEqual(json.status.disruptedPods, disruptedPods);
    const body = { status: { disruptedPods: null } };
    const patched = await askSubresource(cluster, path, { method: 'PATCH', type, body });
    assert.equal(patched.status.disruptedPods, undefined);
  });
});
