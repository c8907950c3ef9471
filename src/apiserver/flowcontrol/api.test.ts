import assert from 'node:assert/strict';
import { connect, type ClientHttp2Stream } from 'node:http2';
import { after, before, describe, test } from 'node:test';
import { HttpClient, type Json } from '../testing/http-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const flowControl = '/apis/flowcontrol.apiserver.k8s.io/v1';
const review = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

describe('a server that works on two requests at once', () => {
  let server: TestServer;
  let admin: HttpClient;

  before(async () => {
    server = await startTestServer({ maxInFlight: { reading: 1, writing: 1 } });
    admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
  });
  after(async () => {
    admin[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  async function uidOf(path: string): Promise<string> {
    return (await admin.get(`${flowControl}/${path}`)).json.metadata.uid;
  }

  test('every answer names the schema and the level that the request went by', async () => {
    using bob = new HttpClient(server, await server.certificate('bob'));
    for (const [client, schema, level] of [
      [admin, 'exempt', 'exempt'],
      [bob, 'global-default', 'global-default'],
    ] as const) {
      const { headers } = await client.get('/api/v1/pods');
      assert.equal(headers['x-kubernetes-pf-flowschema-uid'], await uidOf(`flowschemas/${schema}`));
      assert.equal(headers['x-kubernetes-pf-prioritylevel-uid'], await uidOf(`prioritylevelconfigurations/${level}`));
    }
  });

  test('a client that asks for more than can wait is refused, and keeps nobody else out', async () => {
    using quiet = new HttpClient(server, await server.certificate('quiet'));
    const { certPem: cert, keyPem: key } = await server.certificate('noisy');
    const session = connect(server.url, { ca: server.caPem, cert, key });
    const codes: number[] = [];
    const post = (body: string): ClientHttp2Stream => {
      const stream = session.request({ ':method': 'POST', ':path': review, 'content-type': 'application/json' });
      stream.on('response', ({ ':status': code = 0 }) => codes.push(code)).resume();
      stream.write(body);
      return stream;
    };
    const rest = '"nonResourceAttributes":{"path":"/x","verb":"get"}}}';
    const waiting = (count: number): Promise<void> =>
      until(async () => {
        const { text } = await admin.get('/metrics');
        return text.includes(
          `inqueue_requests{priority_level="global-default",flow_schema="global-default"} ${count}\n`,
        );
      });
    // Bodies that do not end hold both seats.
    const held = [post('{"spec":{'), post('{"spec":{')];
    try {
      // Six queues of 128, and fifty requests in each.
      for (let at = 0; at < 400 - held.length; at += 1) post(`{"spec":{${rest}`).end();
      await waiting(300);
      const asked = quiet.get('/apis');
      await waiting(301);
      for (const stream of held) stream.end(rest);
      assert.equal((await asked).status, 200);
      await until(() => Promise.resolve(codes.length === 400));
    } finally {
      session.destroy();
    }
    assert.deepEqual(
      [codes.filter((code) => code === 201).length, codes.filter((code) => code === 429).length],
      [302, 98],
    );
    const { text } = await admin.get('/metrics');
    assert.match(text, /rejected_requests_total\{priority_level="global-default",.*reason="queue-full"\} 98/);
  });

  test('what administrators change holds for the next request', async () => {
    using bob = new HttpClient(server, await server.certificate('bob'));
    const limited = { nominalConcurrencyShares: 5, limitResponse: { type: 'Reject' } };
    const level = await admin.post(`${flowControl}/prioritylevelconfigurations`, {
      metadata: { name: 'bobs' },
      spec: { type: 'Limited', limited },
    });
    const schema = await admin.post(`${flowControl}/flowschemas`, {
      metadata: { name: 'bobs' },
      spec: {
        priorityLevelConfiguration: { name: 'bobs' },
        matchingPrecedence: 50,
        rules: [
          {
            subjects: [{ kind: 'User', user: { name: 'bob' } }],
            nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/apis'] }],
          },
        ],
      },
    });
    assert.deepEqual([level.status, schema.status], [201, 201]);
    const seen = async (): Promise<boolean> => {
      const { headers } = await bob.get('/apis');
      return headers['x-kubernetes-pf-flowschema-uid'] === schema.json.metadata.uid;
    };
    await until(seen);
    const { json }: { json: Json } = await admin.get(`${flowControl}/flowschemas/catch-all`);
    assert.deepEqual(
      json.metadata.managedFields.map(({ manager, operation }: Json) => `${manager} ${operation}`),
      ['api-priority-and-fairness-config-consumer-v1 Apply', 'api-priority-and-fairness-config-producer-v1 Update'],
    );
  });
});

async function until(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setImmediate(resolve));
}
