import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decodeBodyProtobuf } from '../encoding/protobuf.ts';
import { HttpClient } from '../testing/http-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const protobuf = 'application/vnd.kubernetes.protobuf';
const aggregated = ';g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** The bytes and codes of kube-apiserver v1.36.0. */
describe('discovery', () => {
  let server: TestServer;
  let admin: HttpClient;
  const golden: Readonly<Record<string, string>> = {
    '/apis/apps': 'azhzAAoOCgJ2MRIIQVBJR3JvdXASJAoEYXBwcxINCgdhcHBzL3YxEgJ2MRoNCgdhcHBzL3YxEgJ2MRoAIgA=',
    '/apis/events.k8s.io/v1':
      'azhzAAoVCgJ2MRIPQVBJUmVzb3VyY2VMaXN0EocBChBldmVudHMuazhzLmlvL3YxEnMKBmV2ZW50cxABGgVFdmVudCJDCgZjcmVhdGUKBmRlbGV0ZQoQZGVsZXRlY29sbGVjdGlvbgoDZ2V0CgRsaXN0CgVwYXRjaAoGdXBkYXRlCgV3YXRjaCoCZXYyBWV2ZW50QgBKAFIMcjJ5aUdYSDd3dTg9GgAiAA==',
  };

  before(async () => {
    server = await startTestServer();
    admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
  });
  after(async () => {
    admin[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  test('its documents are the same in protobuf as in JSON', async () => {
    for (const path of ['/api', '/apis', '/apis/apps', '/api/v1', '/apis/apps/v1', '/apis/autoscaling/v2']) {
      const { headers, body } = await admin.get(path, { accept: protobuf });
      assert.equal(headers['content-type'], protobuf);
      const { apiVersion = '', ...shown } = (await admin.get(path)).json;
      assert.deepEqual({ ...(decodeBodyProtobuf(body) as object) }, { ...shown, apiVersion });
    }
  });

  test('its protobuf is that of Go, byte for byte', async () => {
    for (const [path, bytes] of Object.entries(golden)) {
      assert.equal((await admin.get(path, { accept: protobuf })).body.toString('base64'), bytes, path);
    }
  });

  test('all of it in one document comes in every encoding, to whoever asks for that anywhere', async () => {
    for (const type of [protobuf, 'application/json', 'application/yaml']) {
      const { headers } = await admin.get('/apis', { accept: `application/json,${type}${aggregated}` });
      assert.equal(headers['content-type'], `${type}${aggregated}`);
    }
    const { body } = await admin.get('/apis', { accept: `${protobuf}${aggregated}` });
    const { items } = decodeBodyProtobuf(body) as { items: { metadata: { name: string } }[] };
    assert.equal(items[0]?.metadata.name, 'apiregistration.k8s.io');
  });

  test('routes take no wildcard but the whole one, and no method but GET; the aggregator takes all', async () => {
    const wildcard = { accept: 'application/*' };
    for (const path of ['/api', '/api/v1', '/apis/apps/v1', '/version', '/api/v1/namespaces']) {
      const refused = await admin.get(path, wildcard);
      assert.equal(refused.status, 406, path);
      assert.match(refused.json.message, /^406: Not Acceptable\n\nAvailable representations: application\/json/);
      if (path !== '/api/v1/namespaces') assert.equal((await admin.ask(path, { method: 'HEAD' })).status, 405, path);
    }
    for (const path of ['/apis', '/apis/apps']) {
      assert.equal((await admin.get(path, wildcard)).status, 200, path);
      assert.equal((await admin.ask(path, { method: 'POST' })).status, 200, path);
    }
  });

  test('a client that reads none of our encodings is told so in JSON for people', async () => {
    const { status, text } = await admin.get('/api/v1/namespaces/nope', { accept: 'text/html' });
    assert.equal(status, 406);
    assert.match(text, /^\{\n {2}"kind": "Status"[^]*\}$/);
  });
});
