import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { HttpClient, type Answer } from '../testing/http-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const json = 'application/json';
const protobuf = 'application/vnd.kubernetes.protobuf';
const goStruct = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;
const noKind = "couldn't get version/kind; json parse error: ";
const scheme = 'in scheme "pkg/runtime/scheme.go:111"';

suite('Bodies of requests', () => {
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

  const create = (body: unknown, { type = json, query = 'dryRun=All' } = {}): Promise<Answer> =>
    admin.ask(`${maps}?${query}`, { method: 'POST', headers: { 'content-type': type }, body });

  for (const [type, body, why] of [
    [json, '', `${noKind}unexpected end of JSON input (<empty>)`],
    [json, 'nope', `${noKind}invalid character 'o' in literal null (expecting 'u') (6e6f7065)`],
    [json, '[]', `${noKind}json: cannot unmarshal array into Go value of type ${goStruct} (5b5d)`],
    [json, '{}{}', `${noKind}invalid character '{' after top-level value ({}{})`],
    [
      json,
      '{"apiVersion":"v1","kind":3}',
      `${noKind}json: cannot unmarshal number into Go struct field .kind of type string ({"apiVersion":"v1","kind":3})`,
    ],
    [
      json,
      '{"apiVersion":"a/b/c","kind":"ConfigMap"}',
      'unexpected GroupVersion string: a/b/c ({"apiVersion":"a/b/c","kind":" ...)',
    ],
    [
      'application/yaml',
      'hello',
      `${noKind}json: cannot unmarshal string into Go value of type ${goStruct} (68656c6c6f)`,
    ],
    [
      protobuf,
      'nope',
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] (6e6f7065)',
    ],
  ] as const) {
    test(`${JSON.stringify(body)} is no object in ${type}`, async () => {
      const answer = await create(body, { type });
      const message = `the object provided is unrecognized (must be of type ConfigMap): ${why}`;
      assert.deepEqual([answer.status, answer.json.message], [400, message]);
    });
  }

  for (const [apiVersion, kind, why] of [
    ['v1', 'Secret', 'converting (v1.Secret) to (core.ConfigMap): unknown conversion'],
    ['v1', 'Foo', `no kind "Foo" is registered for version "v1" ${scheme}`],
    ['foo/v1', 'Foo', `no kind "Foo" is registered for version "foo/v1" ${scheme}`],
    ['apps/v1', 'ConfigMap', `no kind "ConfigMap" is registered for version "apps/v1" ${scheme}`],
  ] as const) {
    test(`${kind} of ${apiVersion} is no ConfigMap`, async () => {
      const answer = await create({ apiVersion, kind, metadata: { name: 'x' } });
      const message = `${kind} in version "v1" cannot be handled as a ConfigMap: ${why}`;
      assert.deepEqual([answer.status, answer.json.message], [400, message]);
    });
  }

  test('nothing at all is an object without a name', async () => {
    const answer = await create('null');
    const message = 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required';
    assert.deepEqual([answer.status, answer.json.message], [422, message]);
  });

  test('what nobody will read is told in the order of the text', async () => {
    const body =
      '{"metadata":{"name":"x","labels":{"a":"1","a":"2"},"bogus":1},"data":{"a":"b","a":"c"},"foo":{"z":1},"bar":2}';
    const told = [
      'duplicate field "metadata.labels.a"',
      'unknown field "metadata.bogus"',
      'duplicate field "data.a"',
      'unknown field "foo"',
      'unknown field "bar"',
    ];
    const strict = await create(body, { query: 'dryRun=All&fieldValidation=Strict' });
    assert.ok(strict.json.message.endsWith(`strict decoding error: ${told.join(', ')}`), strict.text);
    const warned = await create(body);
    const headers = told.map((text) => `299 - "${text.replaceAll('"', '\\"')}"`);
    assert.equal(warned.headers['warning'], headers.join(', '));
  });

  test('YAML is sorted before it is read, and each line that says a key again is a warning of its own', async () => {
    const body = 'foo: 1\nbar: 2\nmetadata:\n  name: x\ndata:\n  a: "1"\n  a: "2"\n';
    const { headers } = await create(body, { type: 'application/yaml' });
    const told = ['line 7: key \\"a\\" already set in map', 'unknown field \\"bar\\"', 'unknown field \\"foo\\"'];
    assert.equal(headers['warning'], told.map((text) => `299 - "${text}"`).join(', '));
  });

  test('an owner that stands twice is kept once, with a warning', async () => {
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' };
    const { headers, json: made } = await create({ metadata: { name: 'x', ownerReferences: [owner, owner] } });
    assert.deepEqual(made.metadata.ownerReferences, [owner]);
    assert.match(String(headers['warning']), /contains duplicate entries; .* duplicate UID\(s\) observed: u"$/);
  });

  for (const [what, metadata, causes] of [
    [
      'an owner without a uid',
      { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p' }] },
      ['metadata.ownerReferences.uid: Invalid value: "": must not be empty'],
    ],
    [
      'an Event as owner',
      { ownerReferences: [{ apiVersion: 'v1', kind: 'Event', name: 'e', uid: 'u' }] },
      [
        'metadata.ownerReferences: Invalid value: {"apiVersion":"v1","kind":"Event","name":"e","uid":"u"}: /v1, Kind=Event is disallowed from being an owner',
      ],
    ],
    [
      'finalizers that contradict, and one of nobody',
      { finalizers: ['bad', 'orphan', 'foregroundDeletion'] },
      [
        'metadata.finalizers: Invalid value: ["bad","orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
        'metadata.finalizers[0]: Invalid value: "bad": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
  ] as const) {
    test(`${what}: refused`, async () => {
      const { status, json: refused } = await create({ metadata: { name: 'x', ...metadata } });
      const told = refused.details.causes.map(
        ({ field, message }: { field: string; message: string }) => `${field}: ${message}`,
      );
      assert.deepEqual([status, told], [422, causes]);
    });
  }

  test('a new object has no revision', async () => {
    const { status, json: refused } = await create({ metadata: { name: 'x', resourceVersion: '5' } });
    const message = 'resourceVersion should not be set on objects to be created';
    assert.deepEqual([status, refused.message, refused.reason], [500, message, undefined]);
    assert.equal((await create({ metadata: { name: 'x', resourceVersion: 'abc' } })).status, 201);
  });
});
