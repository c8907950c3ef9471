import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HttpClient, type Json } from './testing/http-client.ts';
import { startTestServer, type TestServer } from './testing/test-server.ts';

const ns = '/api/v1/namespaces/default';
const container = { name: 'c', image: 'i' };
const pod = (spec: Json): Json => ({ metadata: { name: 'x' }, spec: { containers: [container], ...spec } });
const apps = '/apis/apps/v1/namespaces/default';
const networking = '/apis/networking.k8s.io/v1/namespaces/default';
const admission = '/apis/admissionregistration.k8s.io/v1';
const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [container] } };
const twoTypes = 'Forbidden: may not specify more than 1 volume type';
const notDnsLabel =
  "Invalid value: \"\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

/** What is posted, and the causes that kube-apiserver v1.36.0 answers with, all of them and no other. */
const cases: [what: string, path: string, body: Json, causes: string[]][] = [
  [
    'a second kind of volume alone is told of',
    `${ns}/pods`,
    pod({ volumes: [{ name: 'v', emptyDir: {}, nfs: {} }] }),
    [`spec.volumes[0].nfs ${twoTypes}`],
  ],
  [
    'so is a second way to look',
    `${ns}/pods`,
    pod({ containers: [{ ...container, livenessProbe: { exec: { command: ['a'] }, grpc: { port: 0 } } }] }),
    ['spec.containers[0].livenessProbe.grpc Forbidden: may not specify more than 1 handler type'],
  ],
  [
    'and a probe where there must be none',
    `${ns}/pods`,
    pod({ initContainers: [{ ...container, name: 'i', readinessProbe: { periodSeconds: -1 } }] }),
    [
      'spec.initContainers[0].readinessProbe Forbidden: may not be set for init containers without restartPolicy=Always',
    ],
  ],
  [
    'what is wrong with two labels in the same words is told twice',
    `${ns}/configmaps`,
    { metadata: { name: 'x', labels: { a: '-', b: '-' } } },
    Array.from({ length: 2 }, () => 'metadata.labels Invalid value'),
  ],
  [
    'an empty class of a runtime is none',
    `${ns}/podtemplates`,
    { metadata: { name: 'x' }, template: { spec: { ...template.spec, runtimeClassName: '' } } },
    ['template.spec.runtimeClassName Invalid value'],
  ],
  [
    'two backends',
    `${networking}/ingresses`,
    { metadata: { name: 'x' }, spec: { defaultBackend: { service: {}, resource: {} } } },
    ['spec.defaultBackend Invalid value: "": cannot set both resource and service backends'],
  ],
  [
    'directions in their order',
    `${networking}/networkpolicies`,
    { metadata: { name: 'x' }, spec: { podSelector: {}, policyTypes: ['Up'] } },
    ['spec.policyTypes[0] Unsupported value: "Up": supported values: "Ingress", "Egress"'],
  ],
  [
    'a DaemonSet without a selector',
    `${apps}/daemonsets`,
    { metadata: { name: 'x' }, spec: { template } },
    ['spec.template.metadata.labels Invalid value: {"a":"b"}: `selector` does not match template `labels`'],
  ],
  [
    'a binding says what becomes of missing parameters',
    `${admission}/mutatingadmissionpolicybindings`,
    { metadata: { name: 'x' }, spec: { policyName: 'p', paramRef: { name: 'a' } } },
    ['spec.paramRef.parameterNotFoundAction Required value'],
  ],
  [
    'a signer that is not named',
    '/apis/certificates.k8s.io/v1/certificatesigningrequests',
    { metadata: { name: 'x' }, spec: { usages: ['client auth'], request: 'eA==' } },
    ['spec.request Invalid value', 'spec.signerName Required value'],
  ],
  [
    'metadata of a template of claims',
    '/apis/resource.k8s.io/v1/namespaces/default/resourceclaimtemplates',
    { metadata: { name: 'x' }, spec: { metadata: { name: 'y' }, spec: { devices: { requests: [{}] } } } },
    [
      'spec.metadata.name Forbidden: cannot be set',
      `spec.spec.devices.requests[0].name ${notDnsLabel}`,
      'spec.spec.devices.requests[0] Required value: exactly one of `exactly` or `firstAvailable` is required',
    ],
  ],
];

describe('what is wrong with an object', () => {
  let server: TestServer;
  let admin: HttpClient;

  before(async () => {
    server = await startTestServer();
    admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
    await admin.post(`${ns}/serviceaccounts`, { metadata: { name: 'default' } });
  });

  after(async () => {
    admin[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  for (const [what, path, body, causes] of cases)
    test(what, async () => {
      const { status, json, text } = await admin.post(path, body);
      assert.equal(status, 422, text);
      const told: string[] = json.details.causes.map((one: Json) => `${one.field} ${one.message}`);
      assert.deepEqual(
        told.map((one, at) => (one.startsWith(causes[at] ?? '-') ? causes[at] : one)),
        causes,
      );
    });

  test('finalizers of some groups need not say whose they are', async () => {
    const metadata = { name: 'f', finalizers: ['mine'] };
    const lease = await admin.post('/apis/coordination.k8s.io/v1/namespaces/default/leases', { metadata, spec: {} });
    assert.equal(lease.status, 201, lease.text);
    assert.equal((await admin.post(`${ns}/configmaps`, { metadata })).status, 422);
  });

  test('names of two kinds', async () => {
    const metadata = { name: 'Bad_Name' };
    const selector = { matchLabels: { a: 'b' } };
    const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
    assert.equal((await admin.post(budgets, { metadata, spec: { minAvailable: 1, selector } })).status, 201);
    const event = { metadata, regarding: {}, eventTime: '2026-01-01T00:00:00.000000Z', action: 'A', reason: 'R' };
    const said = { type: 'Normal', reportingController: 'a.b/c', reportingInstance: 'i' };
    const answer = await admin.post('/apis/events.k8s.io/v1/namespaces/default/events', { ...event, ...said });
    assert.equal(answer.status, 422, answer.text);
  });

  test('a deleted collection is told as it was, and who leaves pods behind is warned', async () => {
    const metadata = { name: 'c', labels: { of: 'mine' }, finalizers: ['a.b/c'] };
    await admin.post(`${ns}/configmaps`, { metadata });
    const deleted = await admin.ask(`${ns}/configmaps?labelSelector=of%3Dmine`, { method: 'DELETE' });
    assert.equal(deleted.json.items[0].metadata.deletionTimestamp, undefined);
    assert.notEqual((await admin.get(`${ns}/configmaps/c`)).json.metadata.deletionTimestamp, undefined);
    const jobs = '/apis/batch/v1/namespaces/default/jobs';
    const warned = await admin.ask(jobs, { method: 'DELETE' });
    assert.match(String(warned.headers['warning']), /child pods are preserved by default when jobs are deleted/);
    const quiet = await admin.ask(jobs, { method: 'DELETE', body: { propagationPolicy: 'Background' } });
    assert.equal(quiet.headers['warning'], undefined);
  });

  test('the labels of a job whose name was made are its template’s as they were', async () => {
    const jobTemplate = { ...template, spec: { ...template.spec, restartPolicy: 'Never' } };
    const body = { metadata: { generateName: 'j-' }, spec: { template: jobTemplate } };
    const { json } = await admin.post('/apis/batch/v1/namespaces/default/jobs', body);
    assert.deepEqual(json.metadata.labels, { a: 'b' });
  });

  test('what kubelets were once configured by is not kept', async () => {
    const node = { metadata: { name: 'n' }, spec: { configSource: { configMap: {} } } };
    const { status, json } = await admin.post('/api/v1/nodes', node);
    assert.deepEqual([status, json.spec.configSource], [201, undefined]);
  });

  test('node ports stay when a Service is no longer given new ones', async () => {
    const spec = { type: 'LoadBalancer', ports: [{ port: 80 }] };
    const { json } = await admin.post(`${ns}/services`, { metadata: { name: 's' }, spec });
    const body = { ...json, spec: { ...json.spec, allocateLoadBalancerNodePorts: false } };
    const updated = await admin.ask(`${ns}/services/s`, { method: 'PUT', body });
    assert.equal(updated.json.spec.ports[0].nodePort, json.spec.ports[0].nodePort);
  });

  test('what is bound, scaled or asked for a token is what the URL names', async () => {
    const elsewhere = 'the namespace of the provided object does not match the namespace sent on the request';
    await admin.post(`${ns}/pods`, { metadata: { name: 'b' }, spec: { containers: [container] } });
    const selector = { matchLabels: { a: 'b' } };
    await admin.post(`${apps}/deployments`, { metadata: { name: 'd' }, spec: { selector, template } });
    const answers = async (path: string, body: Json, method = 'POST'): Promise<[number, string]> => {
      const { status, json } = await admin.ask(path, { method, body });
      return [status, json.message];
    };
    const target = { name: 'n' };
    const binding = `${ns}/pods/b/binding`;
    const notNamed = 'name in URL does not match name in Binding object';
    assert.deepEqual(await answers(binding, { target }), [400, notNamed]);
    assert.deepEqual(await answers(binding, { metadata: { name: 'b', namespace: 'x' }, target }), [400, elsewhere]);
    assert.deepEqual(await answers(binding, { metadata: { name: 'b' }, target: {} }), [
      400,
      'target.name: Required value',
    ]);
    assert.deepEqual(await answers(`${ns}/bindings`, { target }), [400, 'Name parameter required.']);
    const scale = `${apps}/deployments/d/scale`;
    const nameless = 'the name of the object (d based on URL) was undeterminable: name must be provided';
    assert.deepEqual(await answers(scale, {}, 'PUT'), [400, nameless]);
    assert.deepEqual(await answers(scale, { metadata: { name: 'd', namespace: 'x' } }, 'PUT'), [400, elsewhere]);
    const token = `${ns}/serviceaccounts/default/token`;
    assert.deepEqual(await answers(token, { metadata: { name: 'z', namespace: 'x' } }), [400, elsewhere]);
    const { metadata } = (await admin.post(token, {})).json;
    assert.match(`${metadata.uid} ${metadata.creationTimestamp}`, /^[0-9a-f-]{36} \d{4}-.*Z$/);
  });

  test('who writes a status owns no labels by that', async () => {
    const attachments = '/apis/storage.k8s.io/v1/volumeattachments';
    const spec = { attacher: 'a', nodeName: 'n', source: { persistentVolumeName: 'p' } };
    await admin.post(attachments, { metadata: { name: 'v' }, spec });
    const headers = { 'content-type': 'application/merge-patch+json' };
    const body = { metadata: { labels: { not: 'mine' } } };
    const { json } = await admin.ask(`${attachments}/v/status`, { method: 'PATCH', headers, body });
    assert.deepEqual([json.metadata.labels, json.metadata.managedFields.length], [undefined, 1]);
  });

  test('the endpoints of a Service go with it', async () => {
    await admin.post(`${ns}/services`, { metadata: { name: 'e' }, spec: { ports: [{ port: 80 }] } });
    await admin.post(`${ns}/endpoints`, { metadata: { name: 'e' } });
    await admin.ask(`${ns}/services/e`, { method: 'DELETE', body: { dryRun: ['All'] } });
    const kept = await admin.get(`${ns}/endpoints/e`, { accept: 'text/html' });
    assert.deepEqual([kept.status, kept.headers['warning']], [406, undefined], 'a warning is for who gets an answer');
    assert.equal((await admin.get(`${ns}/endpoints/e`)).status, 200);
    await admin.ask(`${ns}/services/e`, { method: 'DELETE' });
    assert.equal((await admin.get(`${ns}/endpoints/e`)).status, 404);
  });

  test('a Service loses its node ports with its type, whatever else becomes of its ports', async () => {
    const ports = [
      { name: 'a', port: 80 },
      { name: 'b', port: 81 },
    ];
    const { json } = await admin.post(`${ns}/services`, { metadata: { name: 't' }, spec: { type: 'NodePort', ports } });
    const spec = { ...json.spec, type: 'ClusterIP', ports: [json.spec.ports[1], { name: 'c', port: 82 }] };
    const changed = await admin.ask(`${ns}/services/t`, { method: 'PUT', body: { ...json, spec } });
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual(
      changed.json.spec.ports.map(({ port, nodePort }: Json) => [port, nodePort]),
      [
        [81, undefined],
        [82, undefined],
      ],
    );
  });

  test('a driver has a generation as soon as something of it changes', async () => {
    const drivers = '/apis/storage.k8s.io/v1/csidrivers';
    await admin.post(drivers, { metadata: { name: 'd' }, spec: {} });
    const patch = { method: 'PATCH', headers: { 'content-type': 'application/merge-patch+json' } };
    const { json } = await admin.ask(`${drivers}/d`, { ...patch, body: { spec: { podInfoOnMount: true } } });
    assert.equal(json.metadata.generation, 1);
  });
});
