import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { HttpClient } from '../testing/http-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const core = '/api/v1';
const maps = `${core}/namespaces/default/configmaps`;
const notFound = [404, 'the server could not find the requested resource'] as const;
const notAllowed = [405, 'the server does not allow this method on the requested resource'] as const;

suite('Routes', () => {
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

  for (const [method, path, [code, message]] of [
    ['GET', `${maps}/x/status`, notFound],
    ['POST', `${maps}/x/bogus`, notFound],
    ['GET', `${maps}/x/y/z`, notFound],
    ['GET', `${core}/configmaps/x`, notFound],
    ['GET', `${core}/namespaces/default/nodes`, notFound],
    ['GET', `${core}/namespaces/default/pods/x/status/y`, notFound],
    ['GET', `${core}/bogus`, notFound],
    ['GET', '/api/v2', notFound],
    ['GET', '/apis/apps/v2/deployments', notFound],
    ['GET', '/apis/authorization.k8s.io/v1/subjectaccessreviews/x', notFound],
    ['POST', `${maps}/x`, notAllowed],
    ['PUT', maps, notAllowed],
    ['PATCH', maps, notAllowed],
    ['HEAD', maps, [405, '']],
    ['OPTIONS', maps, notAllowed],
    ['POST', `${core}/configmaps`, notAllowed],
    ['DELETE', `${core}/configmaps`, notAllowed],
    ['DELETE', `${core}/namespaces`, notAllowed],
    ['GET', `${core}/namespaces/default/finalize`, notAllowed],
    ['POST', `${core}/componentstatuses`, notAllowed],
    ['GET', `${core}/namespaces/default/bindings`, notAllowed],
    ['GET', `${core}/namespaces/default/pods/x/binding`, notAllowed],
    ['PATCH', `${core}/namespaces/default/pods/x/eviction`, notAllowed],
    ['POST', `${core}/namespaces/default/pods/x/log`, notAllowed],
    ['POST', '/version', notAllowed],
    ['GET', `${maps}/%2e%2e`, [400, 'Name parameter invalid: "..": may not be \'..\'']],
  ] as const) {
    test(`${method} ${path} is answered ${code}`, async () => {
      const answer = await admin.ask(path, { method });
      assert.equal(answer.status, code, answer.text);
      if (method !== 'HEAD') assert.equal(answer.json.message, message);
      if (code !== 400 && method !== 'HEAD') assert.deepEqual(answer.json.details, {});
    });
  }

  for (const path of ['/nothing', '/apis/none.example.com/v1/things', '/openapi', '/livez/none']) {
    test(`${path} is a page that is not there`, async () => {
      const answer = await admin.get(path);
      assert.deepEqual([answer.status, answer.text], [404, '404 page not found\n']);
      assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
    });
  }
});
