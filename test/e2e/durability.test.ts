/** What was acknowledged stays: through kill -9 in the middle of writes, damage to the store, and a full disk. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Api } from '../support/api.ts';
import { TestCluster } from '../support/cluster.ts';
import { cannotRun } from '../support/requirements.ts';

describe('durability', { skip: cannotRun() }, () => {
  let cluster: TestCluster;
  before(async () => void (cluster = await TestCluster.up()));
  after(() => cluster?.[Symbol.asyncDispose]());

  /** Creates 1,000 ConfigMaps at once and ends the server after some answers; returns what was acknowledged, by name. */
  async function createUntilCrash(namespace: string, answers: number): Promise<Map<string, string>> {
    using api = await Api.of(cluster);
    const acknowledged = new Map<string, string>();
    const create = async (n: number): Promise<void> => {
      const body = { metadata: { name: `object-${n}` }, data: { text: 'x'.repeat(1000) } };
      const answer = await api.ask('POST', `/api/v1/namespaces/${namespace}/configmaps`, body);
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      acknowledged.set(answer.body.metadata.name, answer.body.metadata.resourceVersion);
      if (acknowledged.size === answers) await cluster.crash('server');
    };
    const results = await Promise.allSettled(Array.from({ length: 1000 }, (_, n) => create(n)));
    const failed = results.filter((result) => result.status === 'rejected');
    for (const { reason } of failed) assert.ok(['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(reason.code), reason);
    assert.ok(failed.length > 0, 'the server ended while it was being asked');
    return acknowledged;
  }

  for (const answers of [1, 300, 800]) {
    test(`no acknowledged object is lost by kill -9 after ${answers} of 1,000 answers`, async () => {
      const { name } = await cluster.namespace(`after-${answers}`);
      const acknowledged = await createUntilCrash(name, answers);
      await cluster.kedge('up', '--name', cluster.name);
      using api = await Api.of(cluster);
      const { body } = await api.ask('GET', `/api/v1/namespaces/${name}/configmaps`);
      const found = new Map<string, string>();
      for (const { metadata } of body.items) found.set(metadata.name, metadata.resourceVersion);
      const lost = [...acknowledged].filter(([object, version]) => found.get(object) !== version);
      assert.deepEqual(lost, []);
    });
  }
});
