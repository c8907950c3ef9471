import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HttpClient, type Json } from '../testing/http-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';

describe('what is shown otherwise than it is stored', () => {
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

  test('a table of flow schemas is in the order in which they are tried', async () => {
    const { json } = await admin.get('/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas', { accept });
    const order = json.rows.map(({ cells }: Json) => [cells[2], cells[0]]);
    assert.deepEqual([order[0][1], order.at(-1)[1]], ['exempt', 'catch-all']);
    assert.deepEqual(
      order.map(([precedence]: [number]) => precedence),
      order.map(([precedence]: [number]) => precedence).toSorted((a: number, b: number) => a - b),
    );
  });

  test('a scale has columns of its own', async () => {
    const path = '/api/v1/namespaces/default/replicationcontrollers';
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const made = await admin.post(path, { metadata: { name: 'one' }, spec: { replicas: 3, template } });
    assert.equal(made.status, 201, made.text);
    const { json } = await admin.get(`${path}/one/scale`, { accept });
    assert.deepEqual(
      json.columnDefinitions.map(({ name }: Json) => name),
      ['Name', 'Desired', 'Available', 'Age'],
    );
    assert.deepEqual(json.rows[0].cells.slice(0, 3), ['one', 3, 0]);
  });

  test('whoever asks for Endpoints is told what to ask for', async () => {
    for (const query of ['', '?watch=1&timeoutSeconds=1', '/kubernetes']) {
      const { headers } = await admin.get(`/api/v1/namespaces/default/endpoints${query}`);
      assert.equal(
        headers['warning'],
        '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"',
      );
    }
  });
});
