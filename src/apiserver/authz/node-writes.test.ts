import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HttpClient } from '../testing/http-client.ts';
import { startTestServer } from '../testing/test-server.ts';

test('a node is told of pods that are gone, and may not touch those of others', async () => {
  await using server = await startTestServer();
  using admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
  using node = new HttpClient(server, await server.certificate('system:node:n1', ['system:nodes']));
  const at = '/api/v1/namespaces/default';
  await admin.post(`${at}/serviceaccounts`, { metadata: { name: 'default' } });
  for (const name of ['n1', 'n2']) {
    const spec = { nodeName: name, containers: [{ name: 'a', image: 'x' }] };
    const made = await admin.post(`${at}/pods`, { metadata: { name }, spec });
    assert.equal(made.status, 201, made.text);
  }
  const evict = async (name: string): Promise<string> => {
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } };
    const { status, json } = await node.post(`${at}/pods/${name}/eviction`, body);
    return `${status} ${json.message}`;
  };
  const remove = async (name: string): Promise<string> => {
    const { status, json } = await node.ask(`${at}/pods/${name}`, { method: 'DELETE' });
    return `${status} ${json.message}`;
  };
  const told = async (name: string): Promise<string> => {
    const headers = { 'content-type': 'application/merge-patch+json' };
    const body = { status: { message: 'seen' } };
    const { status, json } = await node.ask(`${at}/pods/${name}/status`, { method: 'PATCH', headers, body });
    return `${status} ${json.status.message ?? json.message}`;
  };
  assert.equal(await remove('gone'), '404 pods "gone" not found');
  assert.equal(await evict('gone'), '404 pod "gone" not found');
  assert.equal(await told('gone'), '404 pods "gone" not found');
  const forbidden = '403 pods "n2" is forbidden: node';
  assert.equal(await remove('n2'), `${forbidden} "n1" can only delete pods with spec.nodeName set to itself`);
  assert.equal(await evict('n2'), `${forbidden} n1 can only evict pods with spec.nodeName set to itself`);
  assert.equal(
    await told('n2'),
    `${forbidden} "n1" can only update pod status for pods with spec.nodeName set to itself`,
  );
  assert.equal(await told('n1'), '200 seen');
});
