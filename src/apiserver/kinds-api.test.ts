import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { HttpClient, type Answer, type Json } from './testing/http-client.ts';
import { startTestServer, type TestServer } from './testing/test-server.ts';

const inDefault = '/api/v1/namespaces/default';
const eventsV1 = '/apis/events.k8s.io/v1/namespaces/default/events';
const podTemplate = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };

/** What upstream's kube-apiserver says of its kinds beside what their types tell. */
suite('Kinds over HTTPS', () => {
  let server: TestServer;
  let admin: HttpClient;

  before(async () => {
    server = await startTestServer();
    admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
  });

  after(async () => {
    admin[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  const write = async (method: string, path: string, body: unknown): Promise<Json> => {
    const answer = await admin.ask(`${path}?fieldManager=test`, { method, body });
    assert.ok(answer.status < 300, answer.text);
    return answer.json;
  };
  const create = (path: string, body: unknown): Promise<Json> => write('POST', path, body);

  test('a namespace has the label with its name, whose writer owns it, and no update takes it away', async () => {
    const made = await create('/api/v1/namespaces', { metadata: { name: 'labelled' } });
    const label = { 'kubernetes.io/metadata.name': 'labelled' };
    assert.deepEqual(made.metadata.labels, label);
    const owned = { 'f:metadata': { 'f:labels': { '.': {}, 'f:kubernetes.io/metadata.name': {} } } };
    assert.deepEqual(made.metadata.managedFields[0].fieldsV1, owned);
    const status = await write('PUT', '/api/v1/namespaces/labelled/status', {
      metadata: { name: 'labelled', labels: { x: 'y' } },
    });
    assert.deepEqual(status.metadata.labels, { x: 'y', ...label });
  });

  test('a namespace that is deleted waits for no time', async () => {
    await create('/api/v1/namespaces', { metadata: { name: 'leaving' } });
    const { metadata } = await write('DELETE', '/api/v1/namespaces/leaving', undefined);
    assert.ok(metadata.deletionTimestamp);
    assert.equal(metadata.deletionGracePeriodSeconds, undefined);
  });

  for (const [path, body] of [
    [`${inDefault}/endpoints`, {}],
    ['/apis/node.k8s.io/v1/runtimeclasses', { handler: 'h' }],
  ] as const) {
    test(`a PUT to ${path} creates what is not there`, async () => {
      const answer = await admin.ask(`${path}/put`, { method: 'PUT', body: { metadata: { name: 'put' }, ...body } });
      assert.equal(answer.status, 201, answer.text);
    });
  }

  test("who creates a DaemonSet owns the annotation that its template's generation has become", async () => {
    const spec = { selector: { matchLabels: { a: 'b' } }, template: podTemplate };
    const { metadata } = await create('/apis/apps/v1/namespaces/default/daemonsets', {
      metadata: { name: 'ds' },
      spec,
    });
    const annotation = 'deprecated.daemonset.template.generation';
    assert.deepEqual(metadata.annotations, { [annotation]: '1' });
    const owned = { 'f:annotations': { '.': {}, [`f:${annotation}`]: {} } };
    assert.deepEqual(metadata.managedFields[0].fieldsV1['f:metadata'], owned);
  });

  test('a default that is the zero value of a field that Go leaves out is left out', async () => {
    const path = `${inDefault}/replicationcontrollers`;
    const { spec } = await create(path, { metadata: { name: 'rc' }, spec: { template: podTemplate } });
    assert.equal(spec.minReadySeconds, undefined);
    assert.equal(spec.replicas, 1);
  });

  suite('events of events.k8s.io', () => {
    const event = {
      metadata: { name: 'ev', namespace: 'default' },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'example.com/c',
      reportingInstance: 'i',
      action: 'A',
      reason: 'R',
      type: 'Normal',
      regarding: { kind: 'Pod', name: 'p', namespace: 'default' },
    };

    test('are owned in the version that they are written in', async () => {
      const [entry] = (await create(eventsV1, event)).metadata.managedFields;
      assert.equal(entry.apiVersion, 'events.k8s.io/v1');
      assert.deepEqual(entry.fieldsV1['f:regarding'], {});
    });

    for (const [what, ask] of [
      ['already exists', () => admin.post(eventsV1, event)],
      ['not found', () => admin.get(`${eventsV1}/none`)],
      ['not found', () => admin.ask(`${eventsV1}/none`, { method: 'DELETE' })],
    ] as const satisfies readonly (readonly [string, () => Promise<Answer>])[]) {
      test(`that are ${what} are told as that group's`, async () => {
        const { json } = await ask();
        assert.match(json.message, new RegExp(`^events\\.events\\.k8s\\.io "\\w+" ${what}$`));
        assert.equal(json.details.group, 'events.k8s.io');
      });
    }
  });

  test('an admission policy is not updated, nor its status, by who has not seen it', async () => {
    const path = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
    const rule = { apiGroups: ['x.io'], apiVersions: ['v1'], resources: ['xs'], operations: ['CREATE'] };
    const spec = { matchConstraints: { resourceRules: [rule] }, validations: [{ expression: 'true' }] };
    const { resourceVersion: _seen, ...metadata } = (await create(path, { metadata: { name: 'p' }, spec })).metadata;
    for (const door of ['', '/status']) {
      const { status, json } = await admin.ask(`${path}/p${door}`, { method: 'PUT', body: { metadata, spec } });
      assert.equal(status, 422);
      assert.match(json.message, /metadata.resourceVersion: Invalid value: 0: must be specified for an update$/);
    }
  });
});
