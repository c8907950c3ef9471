import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HttpClient } from './testing/http-client.ts';
import { startTestServer, type TestServer } from './testing/test-server.ts';

const labels = { app: 'web' };
const selector = { matchLabels: labels };
const containers = [{ name: 'a', image: 'x' }];
const template = { metadata: { labels }, spec: { containers } };
const once = { spec: { containers, restartPolicy: 'Never' } };
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const protobuf = 'application/vnd.kubernetes.protobuf';

/** One object of each kind, by group, version and plural. */
const objects: [apiVersion: string, plural: string, kind: string, spec: object][] = [
  ['apps/v1', 'daemonsets', 'DaemonSet', { selector, template }],
  ['apps/v1', 'statefulsets', 'StatefulSet', { selector, template }],
  ['batch/v1', 'jobs', 'Job', { template: once }],
  ['batch/v1', 'cronjobs', 'CronJob', { schedule: '@daily', jobTemplate: { spec: { template: once } } }],
  ['autoscaling/v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', { scaleTargetRef, maxReplicas: 2 }],
  ['policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget', { maxUnavailable: 1, selector }],
];

describe('workloads over HTTPS', () => {
  let server: TestServer;
  let admin: HttpClient;

  before(async () => {
    server = await startTestServer();
    admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
  });

  after(async () => {
    admin?.[Symbol.dispose]();
    await server?.[Symbol.asyncDispose]();
  });

  for (const [apiVersion, plural, kind, spec] of objects) {
    test(`a ${kind} says the same in JSON and in protobuf`, async () => {
      const path = `/apis/${apiVersion}/namespaces/default/${plural}`;
      const made = await admin.post(path, { apiVersion, kind, metadata: { name: 'one' }, spec });
      assert.equal(made.status, 201, made.text);
      const { body } = await admin.get(`${path}/one`, { accept: protobuf });
      // What is written back says all that was there: nothing changes, not even the version.
      const written = await admin.ask(`${path}/one`, { method: 'PUT', headers: { 'content-type': protobuf }, body });
      assert.equal(written.status, 200, written.text);
      assert.deepEqual(written.json, made.json);
      const table = await admin.get(path, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
      assert.equal(table.json.rows[0].cells[0], 'one');
    });
  }

  test('autoscalers are there in two versions, of which the newer one is preferred', async () => {
    const group = await admin.get('/apis/autoscaling');
    assert.deepEqual(
      group.json.versions.map(({ version }: { version: string }) => version),
      ['v2', 'v1'],
    );
    const path = '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers';
    const { json } = await admin.get(`${path}/one`);
    assert.deepEqual([json.apiVersion, json.spec.targetCPUUtilizationPercentage], ['autoscaling/v1', 80]);
    const { body } = await admin.get(`${path}/one`, { accept: protobuf });
    const written = await admin.ask(`${path}/one`, { method: 'PUT', headers: { 'content-type': protobuf }, body });
    assert.deepEqual(written.json, json);
    assert.equal((await admin.get('/apis/autoscaling/v3/namespaces/default/horizontalpodautoscalers')).status, 404);
  });

  test('a writer is warned of what is let in all the same', async () => {
    const path = '/apis/apps/v1/namespaces/default/deployments';
    const old = { ...template, spec: { containers, nodeSelector: { 'beta.kubernetes.io/os': 'linux' } } };
    const body = { metadata: { name: 'warned' }, spec: { selector, template: old } };
    const warning =
      '299 - "spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use \\"kubernetes.io/os\\" instead"';
    assert.equal((await admin.post(path, body)).headers['warning'], warning);
    // Nothing new is wished for.
    const same = await admin.ask(`${path}/warned`, { method: 'PUT', body });
    assert.deepEqual([same.status, same.headers['warning']], [200, undefined]);
    const other = { ...body, spec: { ...body.spec, replicas: 2 } };
    assert.equal((await admin.ask(`${path}/warned`, { method: 'PUT', body: other })).headers['warning'], warning);
  });

  test('an eviction is made, or comes back later', async () => {
    await admin.post('/api/v1/namespaces', { metadata: { name: 'evict' } });
    const at = '/api/v1/namespaces/evict';
    await admin.post(`${at}/serviceaccounts`, { metadata: { name: 'default' } });
    for (const name of ['a', 'b']) {
      const pod = await admin.post(`${at}/pods`, { metadata: { name, labels }, spec: { containers, nodeName: 'n1' } });
      const running = { ...pod.json, status: { phase: 'Running' } };
      await admin.ask(`${at}/pods/${name}/status`, { method: 'PUT', body: running });
    }
    const evict = (name: string): ReturnType<HttpClient['post']> =>
      admin.post(`${at}/pods/${name}/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } });
    const free = await evict('a');
    assert.deepEqual([free.status, free.json.status, free.json.code], [201, 'Success', 201], free.text);
    const spec = { minAvailable: 1, selector };
    const budgets = '/apis/policy/v1/namespaces/evict/poddisruptionbudgets';
    await admin.post(budgets, { metadata: { name: 'web' }, spec });
    const refused = await evict('b');
    assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '10'], refused.text);
    assert.equal(refused.json.details.causes[0].reason, 'DisruptionBudget');
    await admin.post(budgets, { metadata: { name: 'all' }, spec: { selector: {} } });
    const confused = await evict('b');
    assert.deepEqual([confused.status, confused.json.reason], [500, undefined], confused.text);
  });
});
