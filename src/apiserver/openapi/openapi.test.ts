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
