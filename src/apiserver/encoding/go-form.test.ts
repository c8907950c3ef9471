import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HttpClient, type Json } from '../testing/http-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

/** As kube-apiserver v1.36.0 answers the same requests. */
describe('what Go writes where nothing is', () => {
  let server: TestServer;
  let admin: HttpClient;
  const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles';
  const events = '/api/v1/namespaces/default/events';

  before(async () => {
    server = await startTestServer();
    admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
    for (const [name, rules] of [
      ['absent', {}],
      ['empty', { rules: [] }],
    ] as const) {
      const made = await admin.post(roles, { metadata: { name }, ...rules });
      assert.equal(made.status, 201, made.text);
      assert.equal(made.json.rules, null);
    }
  });
  after(async () => {
    admin[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  test('a list that is not there is null: in a get, a list, YAML, a table with objects and a watch', async () => {
    assert.equal((await admin.get(`${roles}/empty`)).json.rules, null);
    const { json } = await admin.get(roles);
    assert.deepEqual(
      json.items.map(({ rules }: Json) => rules),
      [null, null],
    );
    assert.match((await admin.get(`${roles}/absent`, { accept: 'application/yaml' })).text, /^rules: null$/m);
    assert.match((await admin.get(`${roles}?pretty=1`)).text, /"rules": null/);
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const table = await admin.get(`${roles}/absent?includeObject=Object`, { accept });
    assert.equal(table.json.rows[0].object.rules, null);
    const watched = await admin.get(`${roles}?watch=1&timeoutSeconds=1&fieldSelector=metadata.name%3Dempty`);
    assert.match(watched.text, /^\{"type":"ADDED".*"rules":null/);
  });

  test('what was read back can be written, patched and applied', async () => {
    const read = await admin.get(`${roles}/empty`);
    const rule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
    const written = await admin.ask(`${roles}/empty`, { method: 'PUT', body: { ...read.json, rules: [rule] } });
    assert.deepEqual(written.json.rules, [rule]);
    const cleared = await admin.ask(`${roles}/empty`, { method: 'PUT', body: { ...written.json, rules: null } });
    assert.equal(cleared.json.rules, null);
  });

  test('times that are not there are null, and whoever made the object owns none of them', async () => {
    const involvedObject = { kind: 'Pod', name: 'p', namespace: 'default' };
    const made = await admin.post(events, { metadata: { name: 'e' }, involvedObject, reason: 'R' });
    assert.equal(made.status, 201, made.text);
    const { eventTime, firstTimestamp, lastTimestamp } = (await admin.get(`${events}/e`)).json;
    assert.deepEqual([eventTime, firstTimestamp, lastTimestamp], [null, null, null]);
  });

  test('a time of a condition that is not there is null, and is owned with the condition', async () => {
    const nodes = '/api/v1/nodes';
    await admin.post(nodes, { metadata: { name: 'n', labels: { a: 'b' } } });
    const status = { conditions: [{ type: 'Foo', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }] };
    const patched = await admin.ask(`${nodes}/n/status?fieldManager=m`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { status },
    });
    assert.equal(patched.json.status.conditions[0].lastHeartbeatTime, null);
    const own = patched.json.metadata.managedFields.find(({ manager }: Json) => manager === 'm');
    assert.deepEqual(own.fieldsV1['f:status']['f:conditions']['k:{"type":"Foo"}']['f:lastHeartbeatTime'], {});
  });

  test('a bookmark is an object in which nothing is but a revision', async () => {
    const query =
      'watch=1&timeoutSeconds=1&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
    const { text } = await admin.get(`/api/v1/namespaces/default/pods?${query}`);
    const { object }: Json = JSON.parse(text.split('\n')[0] ?? '');
    assert.deepEqual([object.kind, object.spec, object.status], ['Pod', { containers: null }, {}]);
  });
});
