import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { ConfigMap } from '#api';
import { decodeKube, decodeProtobuf, message } from '#machinery';
import { HttpClient, type Json } from './testing/http-client.ts';
import { startTestServer, type TestServer } from './testing/test-server.ts';

const path = '/api/v1/namespaces/default/configmaps';
const count = 150;
/** So large that a list of all is sent in several groups. */
const filler = 'x'.repeat(10_000);

/** As every list type of the API has its items. */
class ConfigMapList extends message('A list.', {
  items: {
    number: 2,
    doc: 'The items.',
    type: { kind: 'list', items: { kind: 'message', message: () => ConfigMap }, listType: 'atomic' },
  },
}) {}

describe('reading over HTTPS', () => {
  let server: TestServer;
  let admin: HttpClient;
  let items: Json[];

  before(async () => {
    server = await startTestServer();
    admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
    const names = Array.from({ length: count }, (_, n) => `big-${String(n).padStart(3, '0')}`);
    const made = await Promise.all(
      names.map((name) => admin.post(path, { metadata: { name, labels: { big: 'yes' } }, data: { filler, name } })),
    );
    items = made.map(({ json }) => withoutKind(json));
  });

  after(async () => {
    admin[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  const all = `${path}?labelSelector=big`;

  test('a list of several groups is whole', async () => {
    const { status, json, body, headers } = await admin.get(all);
    assert.equal(status, 200);
    assert.ok(body.length > count * filler.length);
    assert.equal(headers['content-length'], undefined);
    assert.deepEqual(json.items.map(withoutKind), items);
    const small = await admin.get(`${path}/big-000`);
    assert.equal(Number(small.headers['content-length']), small.body.length);
  });

  test('so it is when it comes compressed', async () => {
    const { body, headers } = await admin.get(all, { 'accept-encoding': 'gzip' });
    assert.equal(headers['content-encoding'], 'gzip');
    const list: Json = JSON.parse(gunzipSync(body).toString());
    assert.deepEqual(list.items.map(withoutKind), items);
    const small = await admin.get(`${path}/big-000`, { 'accept-encoding': 'gzip' });
    assert.equal(small.headers['content-encoding'], undefined);
  });

  test('weights are none of what is known of compression', async () => {
    for (const coding of ['gzip;q=0', 'gzip;q=1', 'br'])
      assert.equal((await admin.get(all, { 'accept-encoding': coding })).headers['content-encoding'], undefined);
  });

  test('selectors are read before the other options, and before a body', async () => {
    const selector = 'labelSelector=bad!';
    const message = "unable to parse requirement: found '!', expected: in, notin, =, ==, !=, gt, lt";
    const read = await admin.get(`${path}?${selector}&resourceVersionMatch=Foo`);
    assert.deepEqual([read.status, read.json.message], [400, message]);
    const body = { kind: 'Foo' };
    const bad = await admin.ask(`${path}?${selector}`, { method: 'DELETE', body });
    assert.deepEqual([bad.status, bad.json.message], [400, message]);
    const other = await admin.ask(`${path}/big-000`, { method: 'DELETE', body });
    const why = 'no kind "Foo" is registered for version "meta.k8s.io/v1" in scheme "pkg/runtime/scheme.go:111"';
    assert.deepEqual([other.status, other.json.message], [400, why]);
  });

  test('so it is in protobuf', async () => {
    const { body } = await admin.get(all, { accept: 'application/vnd.kubernetes.protobuf' });
    const { apiVersion, kind, raw } = decodeKube(body);
    assert.deepEqual([apiVersion, kind], ['v1', 'ConfigMapList']);
    const list: Json = decodeProtobuf(ConfigMapList, raw);
    const shown = list.items.map((item: Json) => [item.metadata.name, item.metadata.resourceVersion, item.data.name]);
    const there = items.map((item) => [item.metadata.name, item.metadata.resourceVersion, item.data.name]);
    assert.deepEqual(shown, there);
  });

  test('so are tables and metadata', async () => {
    const names = items.map(({ metadata }) => metadata.name);
    const as = (kind: string): string => `application/json;as=${kind};v=v1;g=meta.k8s.io`;
    const table = await admin.get(all, { accept: as('Table') });
    assert.deepEqual(
      table.json.rows.map(({ cells }: Json) => cells[0]),
      names,
    );
    const partial = await admin.get(all, { accept: as('PartialObjectMetadataList') });
    assert.deepEqual(
      partial.json.items.map(({ metadata }: Json) => metadata.name),
      names,
    );
  });

  test('what is written for people is safe in a page, as Go writes it', async () => {
    await admin.post(path, { metadata: { name: 'marks', annotations: { a: '<b>&\u2028' } } });
    const { text, json } = await admin.get(`${path}/marks?pretty=true`);
    assert.ok(text.includes(String.raw`"a": "\u003cb\u003e\u0026\u2028"`), text);
    assert.equal(json.metadata.annotations.a, '<b>&\u2028');
  });

  test('of nothing there is no list of metadata', async () => {
    const as = (kind: string): object => ({ accept: `application/json;as=${kind};v=v1;g=meta.k8s.io` });
    const none = 'labelSelector=none%3Dsuch';
    const lists: [string, string, string, unknown][] = [
      [path, 'PartialObjectMetadataList', 'items', null],
      [path, 'Table', 'rows', []],
    ];
    for (const [where, kind, member, value] of lists) {
      const { json } = await admin.get(`${where}?${none}`, { ...as(kind) });
      assert.deepEqual([where, kind, json[member]], [where, kind, value]);
    }
  });

  test('kinds without selectable fields of their own are also selected by namespace, where they have none', async () => {
    const selected = async (resource: string): Promise<number> =>
      (await admin.get(`${resource}?fieldSelector=metadata.namespace%3D`)).status;
    assert.equal(await selected('/apis/storage.k8s.io/v1/storageclasses'), 200);
    assert.equal(await selected('/api/v1/nodes'), 400);
  });

  test('a revision that is yet to come is a timeout with its cause', async () => {
    const { status, json } = await admin.get(`${path}?resourceVersion=1000000&resourceVersionMatch=Exact`);
    assert.deepEqual([status, json.reason], [504, 'Timeout']);
    assert.match(json.message, /^Timeout: Too large resource version: 1000000, current: \d+$/);
    assert.deepEqual(json.details.causes, [
      { reason: 'ResourceVersionTooLarge', message: 'Too large resource version' },
    ]);
  });

  test('options that contradict each other are refused', async () => {
    const words: Record<string, RegExp> = {
      'resourceVersionMatch=Exact': /forbidden unless resourceVersion is provided/,
      'resourceVersionMatch=Exact&resourceVersion=0':
        /resourceVersionMatch "exact" is forbidden for resourceVersion "0"/,
      'resourceVersionMatch=Other&resourceVersion=1':
        /Unsupported value: "Other": supported values: "Exact", "NotOlderThan", ""/,
      'resourceVersionMatch=Exact&resourceVersion=1&continue=x':
        /resourceVersionMatch is forbidden when continue is provided/,
      'sendInitialEvents=true': /sendInitialEvents is forbidden for list/,
      'watch=1&sendInitialEvents=true': /sendInitialEvents requires setting resourceVersionMatch to NotOlderThan/,
      'watch=1&resourceVersionMatch=NotOlderThan&resourceVersion=1':
        /forbidden for watch unless sendInitialEvents is provided/,
    };
    for (const [query, expected] of Object.entries(words)) {
      const { status, json } = await admin.get(`${path}?${query}`);
      assert.equal(status, 422, query);
      assert.match(json.message, expected, query);
    }
    const other = await admin.get(`/api/v1/watch/namespaces/default/configmaps/one?fieldSelector=metadata.name%3Dtwo`);
    assert.deepEqual(
      [other.status, other.json.message],
      [400, "fieldSelector metadata.name doesn't match requested name"],
    );
  });

  test('a watch from nowhere begins with all, and says when that was all', async () => {
    const types: string[] = [];
    for await (const line of admin.lines(`${path}?watch=1&allowWatchBookmarks=true&labelSelector=big`)) {
      const { type, object }: Json = JSON.parse(line);
      types.push(type);
      if (type !== 'BOOKMARK') continue;
      assert.deepEqual(object.metadata.annotations, { 'k8s.io/initial-events-end': 'true' });
      assert.equal(object.kind, 'ConfigMap');
      break;
    }
    assert.deepEqual(types, [...Array.from({ length: count }, () => 'ADDED'), 'BOOKMARK']);
  });

  test('a watch of a second ends by itself', async () => {
    const lines = await Array.fromAsync(admin.lines(`${path}?watch=1&timeoutSeconds=1&labelSelector=none`));
    assert.deepEqual(lines, []);
  });
});

/** Items of a list do not always say what they are. */
function withoutKind({ kind: _kind, apiVersion: _apiVersion, ...rest }: Json): Json {
  return rest;
}
