import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { decode } from '#wire';
import { HttpClient, type Json } from '../testing/http-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import type { Named } from './gnostic-messages.ts';
import * as gnostic from './gnostic-v3-messages.ts';

const protobuf = 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf';

suite('OpenAPI v3', () => {
  let server: TestServer;
  let admin: HttpClient;
  let url: string;
  let json: Json;

  before(async () => {
    server = await startTestServer();
    admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
    url = (await admin.get('/openapi/v3')).json.paths['api/v1'].serverRelativeURL;
    json = (await admin.get(url)).json;
  });

  after(async () => {
    admin[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  test('operations are called and asked as generated clients know them', () => {
    const path = json.paths['/api/v1/namespaces/{namespace}/configmaps'];
    assert.equal(path.delete.operationId, 'deleteCoreV1CollectionNamespacedConfigMap');
    const names = path.get.parameters.map(({ name }: Json) => name);
    assert.deepEqual(names, [
      'allowWatchBookmarks',
      'continue',
      'fieldSelector',
      'labelSelector',
      'limit',
      'resourceVersion',
      'resourceVersionMatch',
      'sendInitialEvents',
      'shardSelector',
      'timeoutSeconds',
      'watch',
    ]);
    assert.ok('application/json;stream=watch' in path.get.responses['200'].content);
    assert.deepEqual(Object.keys(path.delete.responses), ['200', '401']);
    assert.equal(json.paths['/api/v1/nodes/{name}'].get.parameters, undefined);
  });

  test('what all operations of a path take is told of the path', () => {
    const names = (path: string): string[] =>
      json.paths[path].parameters.map(({ name, in: place }: Json) => `${name} in ${place}`);
    assert.deepEqual(names('/api/v1/namespaces/{namespace}/configmaps/{name}'), [
      'name in path',
      'namespace in path',
      'pretty in query',
    ]);
    assert.deepEqual(names('/api/v1/namespaces/{namespace}/pods/{name}/binding'), [
      'dryRun in query',
      'fieldManager in query',
      'fieldValidation in query',
      'name in path',
      'namespace in path',
      'pretty in query',
    ]);
    assert.deepEqual(names('/api/v1/nodes/{name}/proxy/{path}'), ['name in path', 'path in path', 'path in query']);
  });

  test('streams, logs and the old paths of watches are operations, too', () => {
    const exec = json.paths['/api/v1/namespaces/{namespace}/pods/{name}/exec'];
    assert.deepEqual(
      [exec.get.operationId, exec.get['x-kubernetes-action'], exec.get['x-kubernetes-group-version-kind'].kind],
      ['connectCoreV1GetNamespacedPodExec', 'connect', 'PodExecOptions'],
    );
    assert.ok(exec.parameters.some(({ name }: Json) => name === 'command'));
    const log = json.paths['/api/v1/namespaces/{namespace}/pods/{name}/log'];
    assert.deepEqual(log.get.responses['200'].content['text/plain'], { schema: { type: 'string' } });
    const watch = json.paths['/api/v1/watch/namespaces/{namespace}/pods/{name}'].get;
    assert.deepEqual([watch.operationId, watch['x-kubernetes-action']], ['watchCoreV1NamespacedPod', 'watch']);
    const everywhere = json.paths['/api/v1/watch/pods'].get;
    assert.equal(everywhere.operationId, 'watchCoreV1PodListForAllNamespaces');
    const methods = Object.keys(json.paths['/api/v1/nodes/{name}/proxy'])
      .filter((name) => name !== 'parameters')
      .sort();
    assert.deepEqual(methods, ['delete', 'get', 'head', 'options', 'patch', 'post', 'put']);
  });

  test('discovery, the version and what checks tokens have documents of their own', async () => {
    const { headers, json: index } = await admin.get('/openapi/v3', { accept: 'text/html' });
    assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
    for (const [name, id] of [
      ['api', 'getCoreAPIVersions'],
      ['apis', 'getAPIVersions'],
      ['apis/rbac.authorization.k8s.io', 'getRbacAuthorizationAPIGroup'],
      ['version', 'getCodeVersion'],
      ['openid/v1/jwks', 'getServiceAccountIssuerOpenIDKeyset'],
    ] as const) {
      const { paths } = (await admin.get(index.paths[name].serverRelativeURL)).json;
      assert.deepEqual(Object.keys(paths), [`/${name}/`]);
      assert.equal(paths[`/${name}/`].get.operationId, id);
    }
    const missing = await admin.get('/openapi/v3/nope');
    assert.deepEqual([missing.status, missing.text], [404, '']);
  });

  test('schemas tell unions, the enums of upstream, and defaults of what is always written', () => {
    const { schemas } = json.components;
    const of = (name: string): Json => schemas[`io.k8s.api.core.v1.${name}`];
    assert.deepEqual(of('SeccompProfile')['x-kubernetes-unions'], [
      { discriminator: 'type', 'fields-to-discriminateBy': { localhostProfile: 'LocalhostProfile' } },
    ]);
    assert.deepEqual(of('Toleration').properties.operator.enum, ['Equal', 'Exists', 'Gt', 'Lt']);
    assert.equal(of('Container').properties.restartPolicy.enum, undefined);
    assert.equal(of('Event').properties.reportingComponent.default, '');
    assert.equal(of('PodList').properties.items['x-kubernetes-list-type'], undefined);
    assert.deepEqual(of('ResourceRequirements').properties.limits.additionalProperties, {
      $ref: '#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity',
    });
  });

  test('a document tells since when it is so, and who knows it gets nothing', async () => {
    for (const [path, vary] of [
      [url, 'Accept'],
      ['/openapi/v2', 'Accept-Encoding, Accept'],
      ['/openapi/v3', undefined],
    ] as const) {
      const { headers } = await admin.get(path);
      assert.equal(headers.vary, vary);
      const since = String(headers['last-modified']);
      assert.match(since, /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
      assert.equal((await admin.get(path, { 'if-modified-since': since })).status, 304);
      const before = { 'if-modified-since': 'Sat, 01 Jan 2000 00:00:00 GMT' };
      assert.equal((await admin.get(path, before)).status, 200);
    }
    const none = await admin.get(url, { accept: 'text/html' });
    assert.deepEqual([none.status, none.headers['content-length'], none.headers.vary], [406, '0', 'Accept']);
    const old = await admin.get(`${url}?hash=OLD`);
    assert.deepEqual(
      [old.status, old.headers.etag, old.headers['content-type']],
      [301, (await admin.get(url)).headers.etag, 'application/json'],
    );
  });

  const valueOf = ({ value }: InstanceType<typeof Named>): Uint8Array =>
    decode(gnostic.OrReference, value ?? Buffer.of()).value ?? Buffer.of();
  const find = (all: readonly InstanceType<typeof Named>[] | undefined, name: string): InstanceType<typeof Named> => {
    const found = all?.find((one) => one.name === name);
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  };

  test('a document comes in protobuf too, under the same hash, with all that the JSON says', async () => {
    for (const accept of [protobuf, protobuf.replace('v3.v1', 'v3@v1')]) {
      const answer = await admin.get(url, { accept });
      assert.deepEqual([answer.status, answer.headers['content-type']], [200, protobuf]);
      assert.equal(answer.headers.etag, (await admin.get(url)).headers.etag);
      const { openapi, info, paths, components } = decode(gnostic.Document, answer.body);
      assert.deepEqual([openapi, info?.title], ['3.0.0', 'Kubernetes']);
      const namesOf = (all: readonly { name: string }[] | undefined): string[] => (all ?? []).map(({ name }) => name);
      assert.deepEqual(namesOf(paths?.path), Object.keys(json.paths));
      assert.deepEqual(namesOf(components?.schemas?.additionalProperties), Object.keys(json.components.schemas));
    }
  });

  test('schemas in protobuf refer, require and default as those in JSON', async () => {
    const document = decode(gnostic.Document, (await admin.get(url, { accept: protobuf })).body);
    const schemas = document.components?.schemas?.additionalProperties;
    const port = decode(gnostic.Schema, valueOf(find(schemas, 'io.k8s.api.core.v1.ContainerPort')));
    assert.deepEqual([port.type, port.required], ['object', ['containerPort']]);
    const properties = port.properties?.additionalProperties;
    const number = decode(gnostic.Schema, valueOf(find(properties, 'containerPort')));
    assert.deepEqual([number.type, number.format, number.default?.number], ['integer', 'int32', 0]);
    const pod = decode(gnostic.Schema, valueOf(find(schemas, 'io.k8s.api.core.v1.Pod')));
    assert.deepEqual(pod.specificationExtension, [
      { name: 'x-kubernetes-group-version-kind', value: { yaml: '[{"group":"","version":"v1","kind":"Pod"}]' } },
    ]);
    const spec = decode(gnostic.Schema, valueOf(find(pod.properties?.additionalProperties, 'spec')));
    const [whole] = spec.allOf.map((one) => decode(gnostic.OrReference, one));
    assert.equal(whole?.reference?.$ref, '#/components/schemas/io.k8s.api.core.v1.PodSpec');
  });

  test('operations in protobuf are those in JSON', async () => {
    const document = decode(gnostic.Document, (await admin.get(url, { accept: protobuf })).body);
    const { value } = find(document.paths?.path, '/api/v1/namespaces/{namespace}/pods');
    const { get, post, parameters } = decode(gnostic.PathItem, value ?? Buffer.of());
    assert.equal(get?.operationId, 'listCoreV1NamespacedPod');
    assert.equal(get.parameters.length, 11);
    assert.equal(parameters.length, 2);
    const body = decode(gnostic.OrReference, post?.requestBody ?? Buffer.of()).value;
    assert.equal(decode(gnostic.RequestBody, body ?? Buffer.of()).required, true);
    const codes = post?.responses?.responseOrReference.map(({ name }) => name);
    assert.deepEqual(codes, ['200', '201', '202', '401']);
  });
});
