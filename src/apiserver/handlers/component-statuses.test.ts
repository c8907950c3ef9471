import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HttpClient, type Json } from '../testing/http-client.ts';
import { startTestServer } from '../testing/test-server.ts';

const path = '/api/v1/componentstatuses';

test('component statuses are made of what the components say', async () => {
  const scheduler = { name: 'scheduler', check: async () => {} };
  const manager = { name: 'controller-manager', check: () => Promise.reject(new Error('it is gone')) };
  await using server = await startTestServer({ components: () => [scheduler, manager] });
  using admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
  const list = await admin.get(path);
  assert.equal(list.json.kind, 'ComponentStatusList');
  assert.deepEqual(
    list.json.items.map(({ metadata, conditions }: Json) => [metadata.name, conditions]),
    [
      ['scheduler', [{ type: 'Healthy', status: 'True', message: 'ok' }]],
      ['controller-manager', [{ type: 'Healthy', status: 'False', error: 'it is gone' }]],
      ['etcd-0', [{ type: 'Healthy', status: 'True', message: 'ok' }]],
    ],
  );
  assert.match(String(list.headers['warning']), /v1 ComponentStatus is deprecated in v1\.19\+/);
  const one = await admin.get(`${path}/etcd-0`);
  assert.deepEqual([one.json.kind, one.json.metadata], ['ComponentStatus', { name: 'etcd-0' }]);
  const table = await admin.get(path, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
  assert.deepEqual(
    table.json.rows.map(({ cells }: Json) => cells),
    [
      ['scheduler', 'Healthy', 'ok', ''],
      ['controller-manager', 'Unhealthy', '', 'it is gone'],
      ['etcd-0', 'Healthy', 'ok', ''],
    ],
  );
  assert.equal((await admin.get(`${path}/other`)).status, 404);
  assert.equal((await admin.post(path, {})).status, 405);
  assert.equal((await admin.get(`${path}?watch=1`)).status, 405);
});
