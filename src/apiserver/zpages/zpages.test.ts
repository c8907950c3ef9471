import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HttpClient } from '../testing/http-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

/** As kube-apiserver v1.36.0 answers, where both features are on. */
describe('pages about the server itself', () => {
  let server: TestServer;
  let admin: HttpClient;
  const asked = (type: string, kind: string, version = 'v1beta1'): { accept: string } => ({
    accept: `${type};g=config.k8s.io;v=${version};as=${kind}`,
  });

  before(async () => {
    server = await startTestServer();
    admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
  });
  after(async () => {
    admin[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  test('statusz is text for people', async () => {
    for (const accept of ['', '*/*', 'text/plain']) {
      const { status, headers: answered, text } = await admin.get('/statusz', { accept });
      assert.deepEqual([status, answered['content-type']], [200, 'text/plain; charset=utf-8']);
      assert.match(text, /^\napiserver statusz\nWarning: This endpoint is not meant to be machine parseable/);
      assert.match(text, /\n\nStarted\W+\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d UTC \d{4}\nUp\W+0 hr 00 min \d\d sec\n/);
      assert.match(text, /\nPaths\W+flagz \/healthz \/livez \/metrics \/readyz \/statusz \/version\n$/);
    }
  });

  test('statusz in JSON and YAML, to whoever asks for its kind', async () => {
    const { headers, json } = await admin.get('/statusz', asked('application/json', 'Statusz'));
    assert.equal(headers['content-type'], 'application/json;g=config.k8s.io;v=v1beta1;as=Statusz');
    assert.deepEqual(
      [json.kind, json.apiVersion, json.metadata],
      ['Statusz', 'config.k8s.io/v1beta1', { name: 'apiserver' }],
    );
    assert.deepEqual([json.binaryVersion, json.emulationVersion], ['1.36.0', '1.36']);
    const old = await admin.get('/statusz', asked('application/yaml', 'Statusz', 'v1alpha1'));
    assert.match(String(old.headers['warning']), /^299 - "This version of the statusz endpoint is deprecated/);
    assert.match(old.text, /^apiVersion: config.k8s.io\/v1alpha1\n/);
  });

  test('flagz tells what the server was started with', async () => {
    const { json } = await admin.get('/flagz', asked('application/json', 'Flagz'));
    assert.equal(json.flags['service-cluster-ip-range'], '10.96.0.0/16');
    assert.match((await admin.get('/flagz')).text, /^\napiserver flagz\n.*\nadvertise-address(?:: ?|=| )192.0.2.1\n/);
  });

  test('what is neither is refused, and those who may not look are', async () => {
    for (const accept of ['application/json', 'text/html', asked('application/json', 'Flagz').accept]) {
      const { status, json } = await admin.get('/statusz', { accept });
      assert.equal(status, 406);
      assert.match(json.message, /accepted: application\/json, application\/yaml, text\/plain$/);
    }
    using nobody = new HttpClient(server, await server.certificate('nobody'));
    assert.equal((await nobody.get('/statusz')).status, 403);
  });

  test('the root lists all paths, and how checks ended is counted', async () => {
    const { json } = await admin.get('/');
    for (const path of ['/apis/', '/apis/apps', '/apis/apps/v1', '/readyz/etcd', '/statusz']) {
      assert.ok(json.paths.includes(path), path);
    }
    await admin.get('/readyz');
    const { text } = await admin.get('/metrics/slis');
    assert.match(text, /^kubernetes_healthcheck\{name="etcd",type="readyz"\} 1$/m);
    assert.match(text, /^kubernetes_healthchecks_total\{name="ping",status="success",type="readyz"\} \d+$/m);
  });
});
