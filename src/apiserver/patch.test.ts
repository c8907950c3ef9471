/** The patches that are no applies, over HTTPS: what clients are told of those that cannot be (`endpoints/handlers/patch.go`). */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HttpClient, type Answer } from './testing/http-client.ts';
import { startTestServer, type TestServer } from './testing/test-server.ts';

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const labels = { app: 'web' };

describe('patches', () => {
  let server: TestServer;
  let admin: HttpClient;

  before(async () => {
    server = await startTestServer();
    admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
    const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'i' }] } };
    const made = await admin.post(deployments, {
      metadata: { name: 'web' },
      spec: { selector: { matchLabels: labels }, template },
    });
    assert.equal(made.status, 201, made.text);
  });

  after(async () => {
    admin?.[Symbol.dispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const patch = (type: string, body: unknown, query = ''): Promise<Answer> =>
    admin.ask(`${deployments}/web?${query}`, {
      method: 'PATCH',
      headers: { 'content-type': `application/${type}+json` },
      body,
    });
  const told = async (type: string, body: unknown, query?: string): Promise<string> => {
    const { status, json } = await patch(type, body, query);
    return `${status} ${json.message ?? ''}`;
  };

  test('a strategic merge patch whose result does not fit is shown whole, and told by the converter', async () => {
    const strategic = (body: unknown, query?: string): Promise<string> => told('strategic-merge-patch', body, query);
    const invalid = (value: string, why: string): string =>
      `422  "" is invalid: patch: Invalid value: "${value}": ${why}`;
    assert.equal(
      await strategic({ spec: { replicas: 'x' } }),
      invalid('map[spec:map[replicas:x]]', 'unrecognized type: int32'),
    );
    assert.equal(
      await strategic({ metadata: { labels: { a: 1 } } }),
      invalid('map[metadata:map[labels:map[a:1]]]', 'cannot convert int64 to string'),
    );
    assert.equal(
      await strategic({ spec: { template: { spec: { volumes: {} } } } }),
      invalid('map[spec:map[template:map[spec:map[volumes:map[]]]]]', 'cannot restore slice from map'),
    );
    assert.equal(
      await strategic({ spec: { strategy: { rollingUpdate: { maxSurge: true } } } }),
      invalid(
        'map[spec:map[strategy:map[rollingUpdate:map[maxSurge:true]]]]',
        'json: cannot unmarshal bool into Go value of type int32',
      ),
    );
    assert.equal(
      await strategic({ spec: { colour: 1 } }, 'fieldValidation=Strict'),
      invalid('map[spec:map[colour:1]]', 'strict decoding error: unknown field "spec.colour"'),
    );
    assert.equal(
      await strategic('[]'),
      '400 json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
    const container = { $patch: 'jump', name: 'main' };
    assert.equal(
      await strategic({ spec: { template: { spec: { containers: [container] } } } }),
      '500 unknown patch type: jump in map: map[$patch:jump name:main]',
    );
  });

  test('a merge patch whose result does not fit is told with the result, in the words of encoding/json', async () => {
    const message = await told('merge-patch', { spec: { replicas: 'x' } });
    assert.match(message, /^422  "" is invalid: patch: Invalid value: "\{\\"apiVersion\\":\\"apps\/v1\\",\\"kind\\"/);
    assert.match(message, /: json: cannot unmarshal string into Go struct field \S*replicas of type int32$/);
    const probe = await told('merge-patch', {
      spec: { template: { spec: { containers: [{ name: 'main', livenessProbe: { httpGet: 'x' } }] } } },
    });
    assert.match(
      probe,
      /Go struct field Probe\.spec\.template\.spec\.containers\.livenessProbe\.ProbeHandler\.httpGet of type v1\.HTTPGetAction$/,
    );
    const never = await told('merge-patch', { spec: { strategy: { rollingUpdate: { maxSurge: true } } } });
    assert.match(
      never,
      /bool into Go struct field RollingUpdateDeployment\.spec\.strategy\.rollingUpdate\.maxSurge of type int32$/,
    );
    assert.match(await told('merge-patch', '{"spec":'), /^400 error decoding patch: unexpected end of JSON input$/);
    assert.match(
      await told('merge-patch', '{"spec":{"replicas":1,"replicas":1}}', 'fieldValidation=Strict'),
      /strict decoding error: duplicate field "spec.replicas"$/,
    );
  });

  test('what a patch makes of another kind is none of ours, unless the patch was strategic', async () => {
    const scheme = 'in scheme "pkg/runtime/scheme.go:111"';
    const told: [object, number, string][] = [
      [{ kind: 'Foo' }, 422, `no kind "Foo" is registered for version "apps/v1" ${scheme}`],
      [{ apiVersion: 'v1' }, 422, `no kind "Deployment" is registered for version "v1" ${scheme}`],
      [{ kind: 'DaemonSet' }, 422, 'converting (v1.DaemonSet) to (apps.Deployment): unknown conversion'],
      [{ apiVersion: 'a/b/c' }, 422, 'unexpected GroupVersion string: a/b/c'],
      [
        { apiVersion: null },
        400,
        'the name of the object (web based on URL) was undeterminable: name must be provided',
      ],
    ];
    for (const [body, code, why] of told) {
      const headers = { 'content-type': 'application/merge-patch+json' };
      const { status, json } = await admin.ask(deployments + '/web', { method: 'PATCH', headers, body });
      assert.deepEqual([body, status, String(json.message).endsWith(why)], [body, code, true], json.message);
    }
    const headers = { 'content-type': 'application/strategic-merge-patch+json' };
    const kept = await admin.ask(`${deployments}/web`, { method: 'PATCH', headers, body: { kind: 'Foo' } });
    assert.deepEqual([kept.status, kept.json.kind], [200, 'Deployment']);
  });

  test('a patch of no known type is told so before anything else', async () => {
    const headers = { 'content-type': 'application/json', accept: 'text/html' };
    const { status, json } = await admin.ask(`${deployments}/web?dryRun=x`, { method: 'PATCH', headers, body: {} });
    assert.deepEqual([status, json.message], [415, '415: Unsupported Media Type']);
  });

  test('a JSON patch that does not apply says little, and one that says too much is told', async () => {
    const json = (body: unknown, query?: string): Promise<string> => told('json-patch', body, query);
    const test = { op: 'test', path: '/spec/replicas', value: 7 };
    assert.equal(await json([test]), '422 the server rejected our request due to an error in our request');
    assert.equal(
      await json({}),
      '400 error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    );
    const read = '400 error decoding patch: json: cannot unmarshal ';
    assert.equal(await json([test, 'x']), `${read}string into Go value of type handlers.jsonPatchOp`);
    assert.equal(await json([{ ...test, op: 5 }]), `${read}number into Go struct field jsonPatchOp.op of type string`);
    const chatty = [{ op: 'test', path: '/spec/replicas', value: 1, why: 'x' }];
    assert.match(
      await json(chatty, 'fieldValidation=Strict'),
      /: strict decoding error: json patch unknown field "\[0\]\.why"$/,
    );
    const warned = await patch('json-patch', chatty);
    assert.equal(warned.status, 200, warned.text);
    assert.match(String(warned.headers['warning']), /json patch unknown field/);
    const many = Array.from({ length: 10_001 }, () => test);
    assert.match(
      await json(many),
      /^413 Request entity too large: The allowed maximum operations in a JSON patch is 10000/,
    );
  });
});
