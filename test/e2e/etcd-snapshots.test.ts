/** Snapshots go both ways between Kedge's store and a real etcd, with every version, every lease and every user. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { execute } from '#base';
import { TestCluster } from '../support/cluster.ts';
import { kedge, TestEtcd } from '../support/etcd.ts';
import { cannotRun } from '../support/requirements.ts';
import { until } from '../support/until.ts';

/** Fills a store with what a snapshot must not lose: changes, deletions, a compaction, a lease and users. */
async function fill(etcd: TestEtcd): Promise<void> {
  for (let n = 0; n < 60; n++) await etcd.ctl('put', `k${n % 20}`, 'v'.repeat(n * 100));
  await etcd.ctl('del', 'k1', '--prefix');
  await etcd.tryCtl(['txn'], '\nput t/a 1\nput t/b 2\n\n\n');
  const lease = /lease (\w+) granted/.exec(await etcd.ctl('lease', 'grant', '6000'))?.[1] ?? '';
  await etcd.ctl('put', 'leased', 'v', '--lease', lease);
  await etcd.ctl('compact', '40');
  await etcd.ctl('user', 'add', 'root', '--new-user-password', 'secret');
}

async function summary(etcd: TestEtcd): Promise<unknown> {
  const all = await etcd.json('get', '', '--from-key');
  const past = await etcd.json('get', '', '--from-key', '--rev', '50');
  const [{ HashKV }] = await etcd.json('endpoint', 'hashkv');
  const { leases } = await etcd.json('lease', 'list');
  const users = await etcd.ctl('user', 'list');
  return { revision: all.header.revision, kvs: all.kvs, past: past.kvs, hash: HashKV.hash, leases, users };
}

describe('snapshots', { skip: cannotRun('etcd', 'etcdctl') }, () => {
  for (const [from, to] of [
    ['kedge', 'etcd'],
    ['etcd', 'kedge'],
  ] as const) {
    test(`of ${from} are restored by ${to}, to the same hash`, async () => {
      const home = await mkdtemp(join(tmpdir(), 'kedge-snapshots-'));
      try {
        const snapshot = join(home, 'snapshot.db');
        const data = join(home, 'restored');
        await using source = await TestEtcd.start([], { program: from });
        await fill(source);
        const expected = await summary(source);
        if (from === 'kedge') await execute(kedge('etcd', 'snapshot', 'save', snapshot, '--endpoints', source.url));
        else await source.ctl('snapshot', 'save', snapshot);
        const status = await execute(kedge('etcd', 'snapshot', 'status', snapshot));
        assert.match(status, new RegExp(`\\n\\w{8} +${(expected as { revision: number }).revision} `));
        if (to === 'kedge') await execute(kedge('etcd', 'snapshot', 'restore', snapshot, '--data-dir', data));
        else await source.ctl('snapshot', 'restore', snapshot, '--data-dir', data);
        await using restored = await TestEtcd.start([], { program: to, data });
        assert.deepEqual(await summary(restored), expected);
        const check = ['etcd', 'check', '--endpoints', `${source.url},${restored.url}`];
        assert.match(await execute(kedge(...check)), /They agree up to revision \d+\./);
      } finally {
        await rm(home, { recursive: true, force: true });
      }
    });
  }

  test('of a cluster are saved by themselves, as "kedge up" is told', async () => {
    await using cluster = await TestCluster.up('--snapshot-interval', '1s', '--snapshot-retention', '2');
    const savedIn = async (folder: string): Promise<string[]> =>
      (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.db')).sort();
    const own = join(cluster.home, 'clusters', cluster.name, 'snapshots');
    await until(
      () => savedIn(own),
      (names) => assert.equal(names.length, 2),
    );
    const [first = ''] = await savedIn(own);
    await until(
      () => savedIn(own),
      (names) => assert.ok(!names.includes(first), names.join()),
    );
    const newest = join(own, (await savedIn(own)).at(-1) ?? '');
    assert.match(await cluster.kedge('etcd', 'snapshot', 'status', newest), /\n\w{8} +\d+ /);

    const elsewhere = join(cluster.home, 'elsewhere');
    const up = (...flags: string[]): Promise<string> => cluster.kedge('up', '--name', cluster.name, ...flags);
    const restarted = /server stopped, to start with other snapshots/;
    assert.match(await up('--snapshot-interval', '1s', '--snapshot-dir', elsewhere), restarted);
    assert.doesNotMatch(await up(), restarted);
    await until(
      () => savedIn(elsewhere),
      (names) => assert.ok(names.length > 0),
    );
    assert.match(await up('--snapshot-interval', ''), restarted);
    const { code, stderr } = await cluster.tryKedge('up', '--name', cluster.name, '--snapshot-retention', '3');
    assert.deepEqual([code, stderr], [1, 'error: --snapshot-retention must be set with --snapshot-interval\n']);
  });
});
