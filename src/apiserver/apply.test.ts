/** Server-side apply over HTTPS: who owns what, and what clients are told (`test/integration/apiserver/apply`). */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { configMaps } from '#api';
import { Client } from '#client';
import { HttpClient, type Answer, type Json } from './testing/http-client.ts';
import { startTestServer, type TestServer } from './testing/test-server.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const deployments = '/apis/apps/v1/namespaces/default/deployments';

function configMap(name: string, data?: object, metadata: object = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, ...(data && { data }) };
}

function deployment(name: string, spec: object = {}): Json {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'image:1' }] } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { selector: { matchLabels: labels }, template, ...spec },
  };
}

/** `manager/subresource operation` of each entry. */
function managers(object: Json): string[] {
  const entries: Json[] = object.metadata.managedFields ?? [];
  return entries.map(
    ({ manager, operation, subresource }) => `${manager}${subresource ? `/${subresource}` : ''} ${operation}`,
  );
}

function fieldsOf(object: Json, manager: string): Json {
  return object.metadata.managedFields?.find((one: Json) => one.manager === manager)?.fieldsV1;
}

describe('server-side apply', () => {
  let server: TestServer;
  let admin: HttpClient;

  before(async () => {
    server = await startTestServer();
    admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
  });

  after(async () => {
    admin?.[Symbol.dispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const apply = (path: string, body: unknown, query = 'fieldManager=me'): Promise<Answer> =>
    admin.ask(`${path}?${query}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body,
    });
  const patch = (path: string, body: unknown, type = 'merge-patch', query = ''): Promise<Answer> =>
    admin.ask(`${path}?${query}`, {
      method: 'PATCH',
      headers: { 'content-type': `application/${type}+json`, 'user-agent': 'patcher/1.0' },
      body,
    });

  test('what somebody made empty stays, empty again, when an applier takes its part away', async () => {
    const main = (securityContext?: object): Json => {
      const made = deployment('empty');
      if (securityContext) made.spec.template.spec.containers[0].securityContext = securityContext;
      return made;
    };
    await admin.post(deployments, main({}));
    const path = `${deployments}/empty`;
    const context = ({ json }: Answer): Json => json.spec.template.spec.containers[0].securityContext;
    assert.deepEqual(context(await apply(path, main({ runAsUser: 1 }))), { runAsUser: 1 });
    assert.deepEqual(context(await apply(path, main())), {});
  });

  test('an apply creates what is not there, and then changes it', async () => {
    const created = await apply(`${maps}/made`, configMap('made', { a: '1' }));
    assert.equal(created.status, 201, created.text);
    assert.deepEqual(managers(created.json), ['me Apply']);
    assert.deepEqual(fieldsOf(created.json, 'me'), { 'f:data': { 'f:a': {} } });
    const changed = await apply(`${maps}/made`, configMap('made', { b: '2' }));
    assert.deepEqual([changed.status, changed.json.data], [200, { b: '2' }]);
    const read = await admin.get(`${maps}/made`);
    assert.deepEqual(read.json, changed.json);
  });

  test('an apply that changes nothing writes nothing', async () => {
    const first = await apply(`${deployments}/same`, deployment('same', { replicas: 2 }));
    assert.equal(first.status, 201, first.text);
    const second = await apply(`${deployments}/same`, deployment('same', { replicas: 2 }));
    assert.deepEqual(second.json, first.json);
    // Another way to say the same changes nothing either, though it looks like it at first.
    const limits = (cpu: string): Json => {
      const wanted = deployment('same', { replicas: 2 });
      wanted.spec.template.spec.containers[0].resources = { limits: { cpu } };
      return wanted;
    };
    const third = await apply(`${deployments}/same`, limits('1'));
    const fourth = await apply(`${deployments}/same`, limits('1000m'));
    assert.deepEqual(fourth.json, third.json);
  });

  test('conflicts are refused with their causes, and can be forced', async () => {
    await admin.ask(`${maps}?fieldManager=maker`, { method: 'POST', body: configMap('contested', { a: '1', b: '1' }) });
    const refused = await apply(`${maps}/contested`, configMap('contested', { a: '2' }));
    assert.equal(refused.status, 409);
    assert.deepEqual(refused.json, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Apply failed with 1 conflict: conflict with "maker" using v1: .data.a',
      reason: 'Conflict',
      details: {
        causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "maker" using v1', field: '.data.a' }],
      },
      code: 409,
    });
    const forced = await apply(`${maps}/contested`, configMap('contested', { a: '2' }), 'fieldManager=me&force=true');
    assert.deepEqual(forced.json.data, { a: '2', b: '1' });
    assert.deepEqual(managers(forced.json), ['me Apply', 'maker Update']);
    assert.deepEqual(fieldsOf(forced.json, 'maker'), { 'f:data': { '.': {}, 'f:b': {} } });
    const rest = await apply(`${maps}/contested`, configMap('contested'));
    assert.deepEqual([rest.json.data, managers(rest.json)], [{ b: '1' }, ['maker Update']]);
  });

  test('whoever writes in another way owns what he changed, under the name of his program', async () => {
    const body = configMap('written', { a: '1' });
    await admin.ask(maps, { method: 'POST', body, headers: { 'user-agent': 'kubectl/v1.35 (linux)' } });
    await patch(`${maps}/written`, { data: { b: '1' } });
    const operations = [{ op: 'add', path: '/data/c', value: '1' }];
    const third = await patch(`${maps}/written`, operations, 'json-patch', 'fieldManager=json');
    const put = await admin.ask(`${maps}/written?fieldManager=put`, {
      method: 'PUT',
      body: { ...third.json, data: { ...third.json.data, a: '2' } },
    });
    assert.deepEqual(managers(put.json).sort(), ['json Update', 'kubectl Update', 'patcher Update', 'put Update']);
    assert.deepEqual(fieldsOf(put.json, 'kubectl'), { 'f:data': {} });
    assert.deepEqual(fieldsOf(put.json, 'put'), { 'f:data': { 'f:a': {} } });
  });

  test('defaults belong to who creates, and not to who applies', async () => {
    const created = await admin.ask(`${deployments}?fieldManager=maker`, { method: 'POST', body: deployment('made') });
    const spec = fieldsOf(created.json, 'maker')['f:spec'];
    assert.ok('f:replicas' in spec && 'f:strategy' in spec && !('f:status' in fieldsOf(created.json, 'maker')));
    const container = spec['f:template']['f:spec']['f:containers']['k:{"name":"main"}'];
    assert.deepEqual(Object.keys(container).slice(0, 4), ['.', 'f:image', 'f:imagePullPolicy', 'f:name']);
    const applied = await apply(`${deployments}/applied`, deployment('applied'));
    assert.equal(applied.json.spec.replicas, 1);
    assert.ok(!('f:replicas' in fieldsOf(applied.json, 'me')['f:spec']));
  });

  test('a status is written and owned through its own door', async () => {
    await apply(`${deployments}/two`, deployment('two'));
    const status = { ...deployment('two', { replicas: 9 }), status: { replicas: 1 } };
    const applied = await apply(`${deployments}/two/status`, status, 'fieldManager=controller');
    assert.equal(applied.status, 200, applied.text);
    assert.deepEqual([applied.json.spec.replicas, applied.json.status], [1, { replicas: 1 }]);
    assert.deepEqual(managers(applied.json).sort(), ['controller/status Apply', 'me Apply']);
    assert.deepEqual(fieldsOf(applied.json, 'controller'), { 'f:status': { 'f:replicas': {} } });
    const missing = await apply(`${deployments}/absent/status`, deployment('absent'));
    assert.equal(missing.status, 404);
  });

  test('who scales takes the replicas, and only those, from who owned them', async () => {
    await apply(`${deployments}/scaled`, deployment('scaled', { replicas: 1 }));
    const scale = (replicas: number): object => ({
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: 'scaled' },
      spec: { replicas },
    });
    const refused = await apply(`${deployments}/scaled/scale`, scale(3), 'fieldManager=scaler');
    assert.match(refused.json.message, /conflict with "me": .spec.replicas/);
    const patched = await patch(
      `${deployments}/scaled/scale`,
      { spec: { replicas: 3 } },
      'merge-patch',
      'fieldManager=hpa',
    );
    assert.equal(patched.json.spec.replicas, 3, patched.text);
    assert.equal(patched.json.metadata.managedFields, undefined);
    const { json } = await admin.get(`${deployments}/scaled`);
    assert.deepEqual(managers(json), ['me Apply', 'hpa/scale Update']);
    assert.deepEqual(fieldsOf(json, 'hpa'), { 'f:spec': { 'f:replicas': {} } });
    assert.ok(!('f:replicas' in fieldsOf(json, 'me')['f:spec']));
    const taken = await apply(`${deployments}/scaled`, deployment('scaled', { replicas: 1 }));
    assert.match(taken.json.message, /conflict with "hpa" with subresource "scale" using apps\/v1: .spec.replicas/);
  });

  test('revisions and identities in the configuration count', async () => {
    const { json } = await apply(`${maps}/versioned`, configMap('versioned', { a: '1' }));
    const { resourceVersion, uid } = json.metadata;
    const changed = await apply(`${maps}/versioned`, configMap('versioned', { a: '2' }, { resourceVersion, uid }));
    assert.equal(changed.status, 200, changed.text);
    assert.ok(!('f:metadata' in fieldsOf(changed.json, 'me')));
    const stale = await apply(`${maps}/versioned`, configMap('versioned', { a: '3' }, { resourceVersion }));
    assert.equal(stale.status, 409);
    assert.match(stale.json.message, /the object has been modified/);
    const other = await apply(`${maps}/versioned`, configMap('versioned', {}, { uid: 'x' }));
    assert.equal(other.status, 422);
    assert.match(other.json.message, /metadata.uid: Invalid value: "x": field is immutable/);
    const gone = await apply(`${maps}/gone`, configMap('gone', {}, { uid: 'x' }));
    assert.equal(gone.status, 409);
    assert.match(
      gone.json.message,
      /uid mismatch: the provided object specified uid x, and no existing object was found/,
    );
  });

  test('what cannot be applied is refused in the words of upstream', async () => {
    const told = async (body: unknown, query?: string): Promise<string> => {
      const { status, json } = await apply(`${maps}/bad`, body, query);
      return `${status} ${json.message}`;
    };
    const invalidOptions = '422 PatchOptions.meta.k8s.io "" is invalid: ';
    assert.equal(
      await told(configMap('bad'), ''),
      `${invalidOptions}fieldManager: Required value: is required for apply patch`,
    );
    assert.equal(await told({ ...deployment('bad') }), '400 invalid object type: apps/v1, Kind=Deployment');
    assert.equal(await told(configMap('bad', {}, { managedFields: [] })), '400 metadata.managedFields must be nil');
    assert.equal(
      await told({ ...configMap('bad'), spec: {} }),
      '500 failed to create typed patch object (/bad; /v1, Kind=ConfigMap): .spec: field not declared in schema',
    );
    assert.match(
      await told({ apiVersion: 'v1', kind: 'ConfigMap' }),
      /^400 the name of the object \(bad based on URL\)/,
    );
    assert.match(
      await told(configMap('other')),
      /^400 the name of the object \(other\) does not match the name on the URL/,
    );
    assert.match(await told('[1]'), /^400 error decoding YAML: .*cannot unmarshal array/);
    const twice = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: bad\n  name: bad\n';
    assert.equal(
      await told(twice, 'fieldManager=me&fieldValidation=Strict'),
      '400 error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 5: key "name" already set in map',
    );
    const forced = await patch(`${maps}/bad`, {}, 'merge-patch', 'force=true');
    assert.match(forced.json.message, /force: Forbidden: may not be specified for non-apply patch/);
    const cbor = await admin.ask(`${maps}/bad?fieldManager=me`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/apply-patch+cbor' },
      body: Buffer.from([0xa0]),
    });
    assert.equal(cbor.status, 415);
    assert.deepEqual([cbor.json.message, cbor.json.details], ['415: Unsupported Media Type', {}]);
  });

  test('a dry run says what would be', async () => {
    const tried = await apply(`${maps}/dry`, configMap('dry', { a: '1' }), 'fieldManager=me&dryRun=All');
    assert.deepEqual([tried.status, managers(tried.json)], [201, ['me Apply']]);
    assert.equal((await admin.get(`${maps}/dry`)).status, 404);
  });

  test('managed fields can be renamed and cleared, and unreadable ones are dropped', async () => {
    await admin.ask(`${maps}?fieldManager=maker`, { method: 'POST', body: configMap('said', { a: '1' }) });
    const say = async (managedFields: unknown): Promise<string[]> => {
      const { json } = await patch(`${maps}/said`, { metadata: { managedFields } });
      return managers(json);
    };
    const { json } = await admin.get(`${maps}/said`);
    const [entry] = json.metadata.managedFields;
    assert.deepEqual(await say([{ ...entry, manager: 'renamed' }]), ['renamed Update']);
    assert.deepEqual(await say([{ ...entry, operation: 'Guess' }]), ['renamed Update']);
    const long = await patch(`${maps}/said`, { metadata: { managedFields: [{ ...entry, manager: 'x'.repeat(129) }] } });
    assert.match(long.json.message, /metadata.managedFields\[0\].manager: Too long: may not be more than 128 bytes/);
    assert.deepEqual(await say([{}]), []);
    assert.deepEqual(managers((await patch(`${maps}/said`, { data: { b: '2' } })).json), []);
    const applied = await apply(`${maps}/said`, configMap('said', { c: '3' }));
    assert.deepEqual(managers(applied.json), ['me Apply', 'before-first-apply Update']);
    assert.deepEqual(await say([]), []);
  });

  test('to apply what is not there needs the right to create it', async () => {
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['patch', 'get'] }];
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
    await admin.post(`${rbac}/roles`, { metadata: { name: 'patcher' }, rules });
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'patcher' };
    const subjects = [{ kind: 'User', name: 'pat', apiGroup: 'rbac.authorization.k8s.io' }];
    await admin.post(`${rbac}/rolebindings`, { metadata: { name: 'patcher' }, roleRef, subjects });
    using pat = new HttpClient(server, await server.certificate('pat'));
    const ask = (name: string): Promise<Answer> =>
      pat.ask(`${maps}/${name}?fieldManager=pat`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/apply-patch+yaml' },
        body: configMap(name, { p: '1' }),
      });
    const refused = await ask('not-there');
    assert.equal(refused.status, 403);
    assert.match(refused.json.message, /User "pat" cannot create resource "configmaps"/);
    await admin.post(maps, configMap('there'));
    assert.equal((await ask('there')).status, 200);
  });

  test('events are owned in the version in which they were written', async () => {
    const involvedObject = { kind: 'Pod', name: 'p', namespace: 'default' };
    const core = '/api/v1/namespaces/default/events';
    const v1 = '/apis/events.k8s.io/v1/namespaces/default/events';
    const times = { firstTimestamp: '2026-01-01T00:00:00Z', lastTimestamp: '2026-01-01T00:00:00Z' };
    const made = await admin.ask(`${core}?fieldManager=old`, {
      method: 'POST',
      body: { metadata: { name: 'e', labels: { a: 'm' } }, involvedObject, reason: 'R', type: 'Normal', ...times },
    });
    assert.equal(made.status, 201, made.text);
    const body = { apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: { name: 'e', labels: { a: 'n' } } };
    const refused = await apply(`${v1}/e`, body);
    assert.match(refused.json.message, /conflict with "old" using v1: .metadata.labels.a/);
    const forced = await apply(`${v1}/e`, body, 'fieldManager=me&force=true');
    assert.deepEqual(forced.json.metadata.labels, { a: 'n' }, forced.text);
    const told = forced.json.metadata.managedFields.map(({ manager, apiVersion }: Json) => `${manager} ${apiVersion}`);
    assert.deepEqual(told, ['me events.k8s.io/v1', 'old v1']);
    assert.equal(fieldsOf(forced.json, 'old')['f:metadata']?.['f:labels']?.['f:a'], undefined);
  });

  test('the loops of one program are one manager', async () => {
    const transport = server.server.transport({ name: 'system:kube-controller-manager', groups: ['system:masters'] });
    const client = new Client({ transport, component: 'deployment-controller' }).of(configMaps).in('default');
    const made = await client.create({ metadata: { name: 'by-a-loop' }, data: { a: '1' } });
    assert.deepEqual(managers(made), ['kube-controller-manager Update']);
  });
});
