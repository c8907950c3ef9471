import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decode } from '#wire';
import * as gnostic from './openapi/gnostic-messages.ts';
import { HttpClient, type Json } from './testing/http-client.ts';
import { startTestServer, type TestServer } from './testing/test-server.ts';

const pods = '/api/v1/namespaces/default/pods';

function configMap(name: string, data: Record<string, string> = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

describe('the API over HTTPS', () => {
  let server: TestServer;
  let admin: HttpClient;
  let anonymous: HttpClient;

  before(async () => {
    server = await startTestServer();
    admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
    anonymous = new HttpClient(server);
  });

  after(async () => {
    admin?.[Symbol.dispose]();
    anonymous?.[Symbol.dispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const maps = '/api/v1/namespaces/default/configmaps';

  test('an object is created, read, updated, patched, listed and deleted', async () => {
    const created = await admin.post(maps, configMap('walk', { a: '1' }));
    assert.equal(created.status, 201, created.text);
    assert.equal(created.json.metadata.name, 'walk');
    const read = await admin.get(`${maps}/walk`);
    assert.deepEqual(read.json, created.json);
    const updated = await admin.ask(`${maps}/walk`, { method: 'PUT', body: { ...read.json, data: { a: '2' } } });
    assert.equal(updated.json.data.a, '2');
    const patched = await admin.ask(`${maps}/walk`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { data: { b: '3' } },
    });
    assert.deepEqual(patched.json.data, { a: '2', b: '3' });
    const list = await admin.get(`${maps}?fieldSelector=metadata.name=walk`);
    assert.equal(list.json.kind, 'ConfigMapList');
    assert.deepEqual(
      list.json.items.map((item: Json) => item.data),
      [{ a: '2', b: '3' }],
    );
    const gone = await admin.ask(`${maps}/walk`, { method: 'DELETE' });
    assert.equal(gone.json.status, 'Success');
    assert.deepEqual(gone.json.details, { name: 'walk', kind: 'configmaps', uid: created.json.metadata.uid });
    const missing = await admin.get(`${maps}/walk`);
    assert.equal(missing.status, 404);
    assert.equal(missing.json.message, 'configmaps "walk" not found');
  });

  test('a namespace is found by its name, alone and below its own path', async () => {
    const one = '/api/v1/namespaces/default';
    assert.equal((await admin.get(one)).json.metadata.name, 'default');
    const headers = { 'content-type': 'application/merge-patch+json' };
    const patched = await admin.ask(one, { method: 'PATCH', headers, body: { metadata: { labels: { a: 'b' } } } });
    assert.equal(patched.json.metadata.labels.a, 'b');
    assert.equal((await admin.get(`${one}/status`)).json.metadata.labels.a, 'b');
  });

  test('a watch streams changes from a revision on, and ends after timeoutSeconds', async () => {
    const { json: list } = await admin.get(maps);
    const seen: string[] = [];
    const path = `${maps}?watch=1&resourceVersion=${list.metadata.resourceVersion}&timeoutSeconds=30`;
    const watching = (async () => {
      for await (const line of admin.lines(path)) {
        const { type, object } = JSON.parse(line);
        seen.push(`${type} ${object.metadata.name}`);
        if (type === 'DELETED') break;
      }
    })();
    await admin.post(maps, configMap('watched'));
    await admin.ask(`${maps}/watched`, { method: 'PUT', body: configMap('watched', { x: 'y' }) });
    await admin.ask(`${maps}/watched`, { method: 'DELETE' });
    await watching;
    assert.deepEqual(seen, ['ADDED watched', 'MODIFIED watched', 'DELETED watched']);
    for await (const _ of admin.lines(
      `${maps}?watch=1&resourceVersion=${list.metadata.resourceVersion}&timeoutSeconds=1&labelSelector=no%3Dmatch`,
    ));
  });

  test('a watch that cannot be is refused, one that is too old gets an ERROR event', async () => {
    const refused = await admin.get(`${maps}?watch=1&resourceVersion=abc`);
    assert.equal(refused.status, 500, refused.text);
  });

  test('who is nobody sees little, and is told so', async () => {
    assert.equal((await anonymous.get('/version')).json.gitVersion, 'v1.36.0+kedge');
    assert.equal((await anonymous.get('/livez')).text, 'ok');
    const refused = await anonymous.get(pods);
    assert.equal(refused.status, 403);
    assert.equal(
      refused.json.message,
      'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "default"',
    );
    const wrong = await anonymous.get(pods, { authorization: 'Bearer nonsense' });
    assert.deepEqual([wrong.status, wrong.json.reason], [401, 'Unauthorized']);
  });

  test('roles take effect as they are written', async () => {
    using jane = new HttpClient(server, await server.certificate('jane', ['dev']));
    assert.equal((await jane.get(pods)).status, 403);
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings';
    const bound = await admin.post(rbac, {
      metadata: { name: 'devs-view' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'dev' }],
    });
    assert.equal(bound.status, 201, bound.text);
    await until(async () => (await jane.get(pods)).status === 200);
    assert.equal((await jane.get('/api/v1/namespaces/kube-system/pods')).status, 403);
    assert.equal((await jane.ask(maps, { method: 'POST', body: configMap('no') })).status, 403);
  });

  test('nobody grants what they do not hold', async () => {
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
    const keeper = {
      metadata: { name: 'keeper' },
      rules: [{ verbs: ['create'], apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings'] }],
    };
    assert.equal((await admin.post(`${rbac}/roles`, keeper)).status, 201);
    const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'kim' }];
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'keeper' };
    await admin.post(`${rbac}/rolebindings`, { metadata: { name: 'kim' }, roleRef, subjects });
    using kim = new HttpClient(server, await server.certificate('kim'));
    const thief = { metadata: { name: 'thief' }, rules: [{ verbs: ['get'], apiGroups: [''], resources: ['secrets'] }] };
    let refused = await kim.post(`${rbac}/roles`, thief);
    while (/cannot create/.test(refused.json.message)) refused = await kim.post(`${rbac}/roles`, thief);
    assert.equal(
      refused.json.message,
      'roles.rbac.authorization.k8s.io "thief" is forbidden: user "kim" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}',
    );
    assert.equal((await kim.post(`${rbac}/roles`, { ...keeper, metadata: { name: 'own' } })).status, 201);
    const edit = { ...roleRef, kind: 'ClusterRole', name: 'edit' };
    const bound = await kim.post(`${rbac}/rolebindings`, { metadata: { name: 'more' }, roleRef: edit, subjects });
    assert.equal(bound.status, 403);
  });

  test('a service account token is made, used, reviewed, and ends with its account', async () => {
    const accounts = '/api/v1/namespaces/default/serviceaccounts';
    await admin.post(accounts, { metadata: { name: 'robot' } });
    const { json } = await admin.post(`${accounts}/robot/token`, { spec: { expirationSeconds: 3600 } });
    const authorization = `Bearer ${json.status.token}`;
    const self = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const whoami = await anonymous.ask(self, { method: 'POST', headers: { authorization }, body: {} });
    assert.equal(whoami.json.status.userInfo.username, 'system:serviceaccount:default:robot');
    const review = await admin.post('/apis/authentication.k8s.io/v1/tokenreviews', {
      spec: { token: json.status.token },
    });
    assert.equal(review.json.status.authenticated, true);
    assert.equal(review.json.status.user.username, 'system:serviceaccount:default:robot');
    await admin.ask(`${accounts}/robot`, { method: 'DELETE' });
    const after = await anonymous.ask(self, { method: 'POST', headers: { authorization }, body: {} });
    assert.equal(after.status, 401);
  });

  test('access reviews answer as authorization would', async () => {
    const ask = (user: string, verb: string): object => ({
      spec: { user, resourceAttributes: { namespace: 'default', verb, resource: 'pods' } },
    });
    const url = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    assert.equal((await admin.post(url, ask('system:kube-scheduler', 'list'))).json.status.allowed, true);
    assert.equal((await admin.post(url, ask('nobody', 'list'))).json.status.allowed, false);
    const bad = await admin.post(url, { spec: { user: 'x' } });
    assert.equal(bad.status, 422);
    const rules = await admin.post('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
      spec: { namespace: 'default' },
    });
    const { resourceRules, nonResourceRules } = rules.json.status;
    assert.deepEqual(resourceRules[0], { verbs: ['*'], apiGroups: ['*'], resources: ['*'] });
    assert.equal(nonResourceRules.filter(({ nonResourceURLs }: Json) => nonResourceURLs.includes('*')).length, 1);
  });

  test('impersonation', async () => {
    const as = { 'impersonate-user': 'jack', 'impersonate-group': 'ops' };
    const self = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const { json } = await admin.ask(self, { method: 'POST', headers: as, body: {} });
    assert.deepEqual(json.status.userInfo.groups, ['ops', 'system:authenticated']);
    using jill = new HttpClient(server, await server.certificate('jill'));
    assert.equal((await jill.get(pods, as)).status, 403);
  });

  test('answers come as YAML, tables, bare metadata and protobuf', async () => {
    await admin.post(maps, configMap('shown', { a: 'b' }));
    const one = `${maps}/shown`;
    assert.match((await admin.get(one, { accept: 'application/yaml' })).text, /^data:\n {2}a: b\n|\ndata:\n {2}a: b\n/);
    const table = await admin.get(one, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
    assert.equal(table.json.kind, 'Table');
    assert.equal(table.json.rows[0].object.kind, 'PartialObjectMetadata');
    assert.equal(table.json.columnDefinitions[0].name, 'Name');
    const partial = await admin.get(maps, {
      accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
    });
    assert.equal(partial.json.kind, 'PartialObjectMetadataList');
    const proto = await admin.get(one, { accept: 'application/vnd.kubernetes.protobuf' });
    assert.equal(proto.headers['content-type'], 'application/vnd.kubernetes.protobuf');
    assert.equal(proto.body.subarray(0, 4).toString(), 'k8s\0');
    const again = await admin.ask(maps, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.kubernetes.protobuf' },
      body: proto.body,
    });
    assert.equal(again.status, 500, 'a resourceVersion must not be set on create');
    assert.equal((await admin.get(one, { accept: 'text/html' })).status, 406);
    const unread = await admin.ask(maps, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' });
    assert.equal(unread.status, 415);
  });

  test('malformed and oversized input is the client’s fault', async () => {
    const broken = await admin.ask(maps, { method: 'POST', body: '{"kind":' });
    assert.equal(broken.status, 400, broken.text);
    const big = await admin.post(maps, configMap('big', { x: 'y'.repeat(3 * 1024 * 1024) }));
    assert.deepEqual([big.status, big.json.reason], [413, 'RequestEntityTooLarge']);
    assert.equal((await admin.get(`${maps}?limit=x`)).status, 400);
    assert.equal((await admin.get('/api/v1/nothing')).status, 404);
    assert.equal((await admin.get('/%zz')).status, 400);
    assert.equal((await admin.ask(maps, { method: 'PUT', body: {} })).status, 405);
  });

  test('YAML bodies are objects too, with what stands in them twice told as go-yaml does, and large ones hold nobody up', async () => {
    const post = (body: string, fieldValidation: string) =>
      admin.ask(`${maps}?fieldValidation=${fieldValidation}`, {
        method: 'POST',
        headers: { 'content-type': 'application/yaml' },
        body,
      });
    const twice = 'kind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  a: "1"\n  a: "2"\nnone: 1\n';
    const strict = await post(twice, 'Strict');
    assert.equal(strict.status, 400);
    const words =
      'strict decoding error: yaml: unmarshal errors:\n  line 6: key "a" already set in map, unknown field "none"';
    assert.ok(strict.json.message.endsWith(words), strict.text);
    const warned = await post(twice, 'Warn');
    assert.deepEqual([warned.status, warned.json.data], [201, { a: '2' }]);
    assert.match(String(warned.headers['warning']), /key \\"a\\" already set in map/);
    const keys = Array.from({ length: 10_000 }, (_, at) => `  key-${at}: "${at}"`);
    const large = post(`kind: ConfigMap\nmetadata: {name: many-keys}\ndata:\n${keys.join('\n')}\n`, 'Strict');
    const first = await Promise.race([
      large.then(() => 'the large one'),
      admin.get(`${maps}/yaml`).then(() => 'the get'),
    ]);
    assert.equal(first, 'the get');
    assert.equal(Object.keys((await large).json.data).length, 10_000);
  });

  test('warnings, strict validation and dry run', async () => {
    const extra = { ...configMap('warned'), spec: 1 };
    const warned = await admin.ask(`${maps}?dryRun=All`, { method: 'POST', body: extra });
    assert.equal(warned.status, 201, warned.text);
    assert.equal(warned.headers['warning'], '299 - "unknown field \\"spec\\""');
    assert.equal((await admin.get(`${maps}/warned`)).status, 404);
    const strict = await admin.ask(`${maps}?fieldValidation=Strict`, { method: 'POST', body: extra });
    assert.equal(strict.status, 400);
    assert.match(strict.json.message, /strict decoding error: unknown field "spec"/);
  });

  test('large answers are compressed for those who can read that', async () => {
    await admin.post(maps, configMap('large', { x: 'y'.repeat(200_000) }));
    const plain = await admin.get(`${maps}/large`);
    const gzip = await admin.get(`${maps}/large`, { 'accept-encoding': 'gzip' });
    assert.equal(gzip.headers['content-encoding'], 'gzip');
    assert.ok(gzip.body.length < plain.body.length / 10);
  });

  test('discovery, old and aggregated', async () => {
    const groups = await admin.get('/apis');
    assert.ok(groups.json.groups.some(({ name }: Json) => name === 'apps'));
    const core = await admin.get('/api/v1');
    const exec = core.json.resources.find(({ name }: Json) => name === 'pods');
    assert.deepEqual(exec.shortNames, ['po']);
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const all = await admin.get('/apis', { accept });
    assert.equal(all.json.kind, 'APIGroupDiscoveryList');
    const same = await admin.get('/apis', { accept, 'if-none-match': String(all.headers.etag) });
    assert.equal(same.status, 304);
  });

  test('OpenAPI documents name every kind', async () => {
    const index = await admin.get('/openapi/v3');
    const url: string = index.json.paths['apis/apps/v1'].serverRelativeURL;
    const apps = await admin.get(url);
    const deployment = apps.json.components.schemas['io.k8s.api.apps.v1.Deployment'];
    assert.deepEqual(deployment['x-kubernetes-group-version-kind'], [
      { group: 'apps', version: 'v1', kind: 'Deployment' },
    ]);
    const patch = apps.json.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'].patch;
    assert.ok(patch.parameters.some(({ name }: Json) => name === 'fieldValidation'));
    assert.deepEqual(
      everyReference(apps.json).filter((ref) => !(ref in apps.json.components.schemas)),
      [],
    );
    const v2 = await admin.get('/openapi/v2');
    assert.deepEqual(
      everyReference(v2.json).filter((ref) => !(ref in v2.json.definitions)),
      [],
    );
    assert.ok('io.k8s.api.core.v1.Pod' in v2.json.definitions);
    assert.equal((await admin.get(url.replace(/hash=.*/, 'hash=OLD'))).status, 301);
  });

  test('OpenAPI v2 comes in protobuf too, with all that the JSON says', async () => {
    const json: Json = (await admin.get('/openapi/v2')).json;
    for (const name of ['spec.v2.v1.0', 'spec.v2@v1.0']) {
      const answer = await admin.get('/openapi/v2', {
        accept: `application/com.github.proto-openapi.${name}+protobuf`,
      });
      assert.equal(answer.headers['content-type'], 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf');
      const document = decode(gnostic.Document, answer.body);
      assert.deepEqual(
        document.paths?.path.map((path) => path.name),
        Object.keys(json.paths),
      );
      const schemas = document.definitions?.additionalProperties ?? [];
      assert.deepEqual(
        schemas.map((schema) => schema.name),
        Object.keys(json.definitions),
      );
      const port = schemas.find((schema) => schema.name === 'io.k8s.api.core.v1.ContainerPort');
      const { properties, required } = decode(gnostic.Schema, port?.value ?? Buffer.of());
      assert.deepEqual(required, ['containerPort']);
      const number = properties?.additionalProperties.find((property) => property.name === 'containerPort');
      const { type, format } = decode(gnostic.Schema, number?.value ?? Buffer.of());
      assert.deepEqual([type?.value, format], [['integer'], 'int32']);
    }
    assert.equal((await admin.get('/openapi/v2', { accept: 'text/html' })).status, 406);
  });

  test('health and key documents', async () => {
    assert.match((await admin.get('/readyz?verbose')).text, /\[\+\]etcd ok\n[\s\S]*readyz check passed\n$/);
    assert.equal((await admin.get('/healthz/etcd')).text, 'ok');
    for (const endpoint of ['healthz', 'livez', 'readyz']) {
      const { text } = await admin.get(`/${endpoint}?verbose&exclude=poststarthook/bootstrap-controller`);
      assert.match(text, /\[\+\]poststarthook\/rbac\/bootstrap-roles ok\n/);
      assert.match(text, /\[\+\]poststarthook\/bootstrap-controller excluded: ok\n/);
      assert.equal((await admin.get(`/${endpoint}/poststarthook/rbac/bootstrap-roles`)).text, 'ok');
    }
    assert.equal((await admin.get('/openid/v1/jwks')).json.keys[0].alg, 'ES256');
    assert.ok((await admin.get('/')).json.paths.includes('/apis'));
  });

  test('metrics tell what dashboards for kube-apiserver ask for', async () => {
    await admin.post(maps, configMap('measured', { text: 'x'.repeat(2000) }));
    await admin.get(`${maps}?watch=true&timeoutSeconds=1&resourceVersion=0`);
    const { text, headers } = await admin.get('/metrics');
    assert.match(
      String(headers['content-type']),
      /^text\/plain; version=0\.0\.4; charset=utf-8; escaping=underscores$/,
    );
    const post = 'verb="POST".*group="",version="v1",resource="configmaps".*scope="namespace"';
    for (const line of [
      `apiserver_request_total\\{${post}.*code="201"\\} [1-9]`,
      `apiserver_request_duration_seconds_bucket\\{${post}.*le="0.1"\\} `,
      `apiserver_request_sli_duration_seconds_count\\{${post}.*\\} [1-9]`,
      `apiserver_response_sizes_bucket\\{${post}.*le="1000"\\} `,
      'apiserver_current_inflight_requests\\{request_kind="readOnly"\\} ',
      'apiserver_longrunning_requests\\{',
      'apiserver_watch_events_total\\{group="",version="v1",resource="configmaps"\\} [1-9]',
      'apiserver_watch_events_sizes_bucket\\{.*resource="configmaps",le="4096"\\} [1-9]',
      'apiserver_storage_objects\\{resource="configmaps"\\} [1-9]',
      'apiserver_storage_objects\\{resource="deployments.apps"\\} \\d',
      'apiserver_resource_objects\\{group="apps",resource="deployments"\\} \\d',
      'apiserver_storage_size_bytes\\{storage_cluster_id="etcd-0"\\} [1-9]',
      'etcd_requests_total\\{operation="create",group="",resource="configmaps"\\} [1-9]',
      'etcd_request_duration_seconds_bucket\\{operation="create",group="",resource="services",le="60"\\} [1-9]',
      'kubernetes_build_info\\{git_version="v1\\.36\\.0',
      'process_resident_memory_bytes \\d',
    ])
      assert.match(text, new RegExp(`^${line}`, 'm'));
  });

  test('in process: the same rules, the same objects', async () => {
    const { configMaps } = await import('#api');
    const { Client } = await import('#client');
    const client = new Client({ transport: server.server.transport({ name: 'admin', groups: ['system:masters'] }) });
    const mine = client.of(configMaps).in('default');
    const made = await mine.create({ metadata: { name: 'inside' }, data: { a: 'b' } });
    const read = await mine.get('inside');
    assert.ok(Object.isFrozen(read));
    assert.equal(read, await mine.get('inside'), 'no copy is made');
    assert.equal(made.metadata.uid, read.metadata.uid);
    const stop = new AbortController();
    for await (const { type, object } of mine.watch({ resourceVersion: '0', signal: stop.signal })) {
      if (object.metadata.name !== 'inside') continue;
      assert.equal(type, 'ADDED');
      assert.equal(object, read);
      stop.abort();
    }
    const nobody = new Client({ transport: server.server.transport({ name: 'nobody', groups: [] }) });
    await assert.rejects(
      nobody.of(configMaps).in('default').get('inside'),
      /configmaps "inside" is forbidden: User "nobody"/,
    );
  });
});

function everyReference(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(everyReference);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner.split('/').at(-1) ?? ''] : everyReference(inner),
  );
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(setImmediate);
}

test('a server that is reached by the loopback only publishes no endpoints', async () => {
  await using server = await startTestServer({ advertise: { addresses: ['127.0.0.1'], port: 6443 } });
  using admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
  const inDefault = '/api/v1/namespaces/default';
  assert.equal((await admin.get(`${inDefault}/services/kubernetes`)).status, 200);
  assert.equal((await admin.get(`${inDefault}/endpoints/kubernetes`)).status, 404);
});
