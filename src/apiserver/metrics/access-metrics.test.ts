import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { HttpClient } from '../testing/http-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

describe('what dashboards ask of an API server', () => {
  let server: TestServer;
  let admin: HttpClient;

  before(async () => {
    server = await startTestServer({ tokens: [{ token: 'secret', user: { name: 'bob', groups: [] } }] });
    admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
  });
  after(async () => {
    admin[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  /** The value of one series; 0 where there is none. */
  async function valueOf(series: string): Promise<number> {
    const { text } = await admin.get('/metrics');
    const line = text.split('\n').find((one) => one.startsWith(`${series} `));
    return Number(line?.slice(series.length + 1) ?? 0);
  }

  test('who was let in is counted, and for how long certificates are good', async () => {
    using stranger = new HttpClient(server);
    const [known, allowed] = [
      'authentication_attempts{result="success"}',
      'authorization_attempts_total{result="allowed"}',
    ];
    const before = [await valueOf(known), await valueOf(allowed)];
    assert.equal((await stranger.get('/api', { authorization: 'Bearer wrong' })).status, 401);
    assert.equal((await stranger.get('/api/v1/pods', { authorization: 'Bearer secret' })).status, 403);
    assert.equal(await valueOf('authentication_attempts{result="error"}'), 1);
    assert.equal(await valueOf('authorization_attempts_total{result="no-opinion"}'), 1);
    assert.ok((await valueOf(known)) > (before[0] ?? 0) && (await valueOf(allowed)) > (before[1] ?? 0));
    assert.ok((await valueOf('authenticated_user_requests{username="admin"}')) > 0);
    assert.ok((await valueOf('authenticated_user_requests{username="other"}')) > 0);
    const expiration = 'apiserver_client_certificate_expiration_seconds';
    // The certificate is good for a day.
    assert.equal(await valueOf(`${expiration}_bucket{le="43200"}`), 0);
    assert.ok((await valueOf(`${expiration}_bucket{le="172800"}`)) > 0);
  });

  test('which groups others fail to serve, and who asks for what is deprecated', async () => {
    const unavailable = (name: string): Promise<number> => valueOf(`aggregator_unavailable_apiservice{name="${name}"}`);
    const spec = { group: 'x.io', version: 'v1', groupPriorityMinimum: 100, versionPriority: 1 };
    const service = { name: 's', namespace: 'default' };
    const path = '/apis/apiregistration.k8s.io/v1/apiservices';
    const made = await admin.post(path, { metadata: { name: 'v1.x.io' }, spec: { ...spec, service } });
    assert.equal(made.status, 201, made.text);
    assert.deepEqual([await unavailable('v1.apps'), await unavailable('v1.x.io')], [0, 1]);
    await admin.get('/api/v1/namespaces/default/endpoints');
    const deprecated =
      'apiserver_requested_deprecated_apis{group="",version="v1",resource="endpoints",subresource="",removed_release=""}';
    assert.equal(await valueOf(deprecated), 1);
  });

  test('what is refused before anybody has spoken', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => {}).end('GET / HTTP/1.1\r\n\r\n');
    await new Promise((resolve) => socket.on('close', resolve).resume());
    while ((await valueOf('apiserver_tls_handshake_errors_total{}')) === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
});
