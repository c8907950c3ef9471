/** What was acknowledged stays: through kill -9 in the middle of writes, damage to the store, and a full disk. */
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { execute, runProcess } from '#base';
import { Api } from '../support/api.ts';
import { busyboxArchive } from '../support/busybox.ts';
import { TestCluster } from '../support/cluster.ts';
import { configMap, pod } from '../support/manifests.ts';
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

  const storeFile = () => join(cluster.home, 'clusters', cluster.name, 'store', 'store.mdb');
  const pages = (bytes: Buffer): number => bytes.length / 4096;

  const damages: Record<string, { damage: (whole: Buffer) => Buffer; says: RegExp }> = {
    garbage: {
      damage: (whole) => Buffer.alloc(whole.length, 'garbage'),
      says: /store\.mdb is no data file of the store, or its first pages are damaged; move it away, or restore it/,
    },
    'cut short': {
      damage: (whole) => whole.subarray(0, whole.length / 2),
      says: /store\.mdb is damaged: page \d+ is missing, the file was cut short; move it away, or restore it/,
    },
    'damaged in its middle': {
      damage: (whole) => {
        const middle = Math.floor(pages(whole) / 2) * 4096;
        return Buffer.from(whole).fill('garbage', middle, middle + 8 * 4096);
      },
      says: /store\.mdb is damaged: .*; move it away, or restore it from a copy/,
    },
  };

  for (const [what, { damage, says }] of Object.entries(damages)) {
    test(`a store that is ${what} is refused by name and left as it is`, async () => {
      await cluster.crash();
      const whole = await readFile(storeFile());
      const damaged = damage(whole);
      try {
        await writeFile(storeFile(), damaged);
        const { code, stderr } = await cluster.tryKedge('up', '--name', cluster.name);
        assert.equal(code, 1);
        assert.match(stderr, says);
        assert.match(stderr, /^error: server ended while it was starting: .*\n$/);
        assert.ok(damaged.equals(await readFile(storeFile())));
      } finally {
        await writeFile(storeFile(), whole);
      }
      await cluster.kedge('up', '--name', cluster.name);
      const { items } = JSON.parse(await cluster.kubectl('get', 'configmaps', '-n', 'after-800', '-o', 'json'));
      assert.ok(items.length > 800);
    });
  }

  test('a second server and a second agent are refused while the first ones run', async () => {
    const server = await cluster.tryKedge('server', '--name', cluster.name);
    const { server: pid } = Object.fromEntries(await cluster.processes());
    assert.equal(server.code, 1);
    assert.match(server.stderr, new RegExp(`^error: the store in .*/store is in use by process ${pid}\n$`));
    const node = `${cluster.name}-1`;
    const agent = await cluster.tryKedge('agent', '--name', cluster.name, '--node', node);
    assert.deepEqual([agent.code, /^error: the node ".*" is in use by process \d+\n$/.test(agent.stderr)], [1, true]);
    assert.match(await cluster.kedge('status', '--name', cluster.name), /Ready/);
  });
});

describe('a disk that is full', { skip: cannotRun() }, () => {
  let cluster: TestCluster;
  before(async () => {
    cluster = await TestCluster.home();
    await execute(['mount', '-t', 'tmpfs', '-o', 'size=400m', 'kedge-test', cluster.home]);
    await cluster.kedge('up', '--name', cluster.name);
    const input = await busyboxArchive();
    await execute(cluster.kedgeCommand('image', 'load', '-'), { env: cluster.env, input });
  });
  after(async () => {
    await cluster.kedge('down', '--all');
    await execute(['umount', cluster.home]);
    await cluster[Symbol.asyncDispose]();
  });

  test('refuses writes and answers reads; when there is room again everything goes on', async () => {
    const ns = await cluster.namespace('full');
    await ns.apply(pod('healthy'), configMap('early', { a: 'b' }));
    await ns.waitFor('condition=Ready', 'pod/healthy');
    const [{ containerID }] = (await ns.get('pod', 'healthy')).status.containerStatuses;
    const filler = join(cluster.home, 'filler');
    await runProcess(['dd', 'if=/dev/zero', `of=${filler}`, 'bs=4k']);
    using api = await Api.of(cluster);
    const { status, body } = await api.ask('POST', '/api/v1/namespaces/full/configmaps', {
      metadata: { name: 'late' },
    });
    assert.equal(status, 500);
    assert.match(body.message, /etcdserver: mvcc: database space exceeded: 0 bytes are free in .*\/store$/);
    assert.match(await ns.fail(['create', 'configmap', 'late']), /etcdserver: mvcc: database space exceeded/);
    assert.deepEqual((await ns.get('configmap', 'early')).data, { a: 'b' });
    await rm(filler);
    await ns.apply(configMap('late', { a: 'b' }), pod('new'));
    await ns.waitFor('condition=Ready', 'pod/new');
    const [container] = (await ns.get('pod', 'healthy')).status.containerStatuses;
    assert.deepEqual([container.containerID, container.restartCount], [containerID, 0]);
  });
});
