/**
 * `kedge etcd` as etcdctl meets it: the client of etcd's own operators, whatever its version. KEDGE_ETCDCTL names another
 * than the machine's.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runProcess, type ProcessResult } from '#base';
import { kedge, TestEtcd, writePki } from '../support/etcd.ts';
import { cannotRun } from '../support/requirements.ts';

const skip = process.env['KEDGE_ETCDCTL'] === undefined && cannotRun('etcdctl');

describe('etcdctl', { skip }, () => {
  let etcd: TestEtcd;
  before(async () => {
    etcd = await TestEtcd.start();
  });
  after(() => etcd[Symbol.asyncDispose]());

  const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
  const keys = async (...args: string[]): Promise<string[]> => lines(await etcd.ctl('get', ...args, '--keys-only'));
  const revision = async (): Promise<number> => {
    const { header } = await etcd.json('get', 'nothing');
    return header.revision as number;
  };

  test('get, in all its ways', async () => {
    for (const [key, value] of ['a=3', 'b=1', 'c=2', 'd=4'].map((pair) => pair.split('=')))
      await etcd.ctl('put', `get/${key}`, String(value));
    await etcd.ctl('put', 'get/a', '5');
    const before = await revision();
    await etcd.ctl('put', 'get/b', '9');
    const prefix = ['get/', '--prefix'];
    assert.deepEqual(lines(await etcd.ctl('get', 'get/a')), ['get/a', '5']);
    assert.deepEqual(await keys(...prefix), ['get/a', 'get/b', 'get/c', 'get/d']);
    assert.deepEqual(await keys('get/b', 'get/d'), ['get/b', 'get/c']);
    assert.deepEqual(await keys('get/c', '--from-key', '--limit', '2'), ['get/c', 'get/d']);
    assert.deepEqual(await keys(...prefix, '--order', 'DESCEND', '--limit', '1'), ['get/d']);
    assert.deepEqual(await keys(...prefix, '--sort-by', 'VALUE'), ['get/c', 'get/d', 'get/a', 'get/b']);
    assert.deepEqual(await keys(...prefix, '--sort-by', 'VERSION', '--order', 'DESCEND', '--limit', '2'), [
      'get/a',
      'get/b',
    ]);
    assert.deepEqual(await keys(...prefix, '--sort-by', 'CREATE', '--order', 'DESCEND', '--limit', '1'), ['get/d']);
    assert.deepEqual(await keys(...prefix, '--sort-by', 'MODIFY', '--order', 'DESCEND', '--limit', '1'), ['get/b']);
    assert.deepEqual(lines(await etcd.ctl('get', 'get/b', '--print-value-only', '--rev', String(before))), ['1']);
    assert.deepEqual(lines(await etcd.ctl('get', 'get/b', '--print-value-only', '--consistency', 's')), ['9']);
    assert.match(await etcd.ctl('get', ...prefix, '--limit', '1', '-w', 'fields'), /"More" : true/);
    assert.match(await etcd.ctl('get', ...prefix, '-w', 'fields'), /"Count" : 4/);
    const future = await etcd.tryCtl(['get', 'get/a', '--rev', '99999']);
    assert.match(future.stderr, /required revision is a future revision/);
  });

  test('put and del', async () => {
    assert.equal(await etcd.ctl('put', 'put/a', 'one'), 'OK\n');
    assert.deepEqual(lines(await etcd.ctl('put', 'put/a', 'two', '--prev-kv')), ['OK', 'put/a', 'one']);
    assert.equal((await etcd.tryCtl(['put', 'put/stdin'], 'from input')).stdout, 'OK\n');
    assert.deepEqual(lines(await etcd.ctl('get', 'put/stdin', '--print-value-only')), ['from input']);
    await etcd.ctl('put', 'put/a', '--ignore-value');
    assert.match((await etcd.tryCtl(['put', 'put/none', '--ignore-value'])).stderr, /key not found/);
    assert.match((await etcd.tryCtl(['put', 'put/a', 'x', '--lease', '4d2'])).stderr, /requested lease not found/);
    assert.match((await etcd.tryCtl(['put', '', 'x'])).stderr, /key is not provided/);
    assert.match((await etcd.tryCtl(['put', 'put/big'], 'x'.repeat(1_573_000))).stderr, /request is too large/);
    assert.deepEqual(lines(await etcd.ctl('del', 'put/a', '--prev-kv')), ['1', 'put/a', 'two']);
    assert.equal(await etcd.ctl('del', 'put/', '--prefix'), '1\n');
    assert.equal(await etcd.ctl('del', 'put/', '--prefix'), '0\n');
  });

  test('transactions', async () => {
    await etcd.ctl('put', 'txn/a', '1');
    const txn = (...text: string[]) => etcd.tryCtl(['txn'], `${text.join('\n')}\n`);
    const won = await txn(
      'value("txn/a") = "1"',
      'version("txn/b") = "0"',
      '',
      'put txn/b 2',
      'get txn/ --prefix',
      '',
      '',
    );
    assert.deepEqual(lines(won.stdout), ['SUCCESS', 'OK', 'txn/a', '1', 'txn/b', '2']);
    const lost = await txn('mod("txn/a") < "1"', '', 'put txn/a 2', '', 'del txn/b', 'get txn/b', '');
    assert.deepEqual(lines(lost.stdout), ['FAILURE', '1']);
    const twice = await txn('', 'put txn/c 1', 'put txn/c 2', '', '');
    assert.match(twice.stderr, /duplicate key given in txn request/);
    const long = await txn('', ...Array.from({ length: 129 }, (_, at) => `put txn/${at} x`), '', '');
    assert.match(long.stderr, /too many operations in txn request/);
    await using typed = etcd.startCtl('txn', '-i');
    await typed.until(/compares:/);
    typed.write('create("txn/a") > "0"\n\n');
    await typed.until(/success requests/);
    typed.write('get txn/a\n\n');
    await typed.until(/failure requests/);
    typed.write('\n');
    await typed.until(/SUCCESS\s+txn\/a\s+1/);
    assert.equal(await typed.exit, 0);
  });

  test('watching: the past, ranges, previous values, progress', async () => {
    await etcd.ctl('put', 'watch/a', '1');
    const start = String(await revision());
    await etcd.ctl('put', 'watch/a', '2');
    await etcd.ctl('del', 'watch/a');
    await using past = etcd.startCtl('watch', 'watch/a', '--rev', start, '--prev-kv');
    await past.until(/^PUT\nwatch\/a\n1\nPUT\nwatch\/a\n1\nwatch\/a\n2\nDELETE\nwatch\/a\n2\nwatch\/a\n/);
    await using ranges = etcd.startCtl('watch', 'watch/b', 'watch/d');
    await using filtered = etcd.startCtl('watch', '-i');
    filtered.write('watch watch/ --prefix\n');
    filtered.write('watch other\n');
    // Nothing says when a watch has begun but that it tells.
    const told = (): boolean => [ranges, filtered].every(({ stdout }) => stdout.includes('watch/c\nin'));
    while (!told()) await etcd.ctl('put', 'watch/c', 'in');
    await etcd.ctl('put', 'watch/d', 'out');
    await etcd.ctl('put', 'watch/c', 'last');
    await ranges.until(/watch\/c\nlast/);
    assert.doesNotMatch(ranges.stdout, /watch\/d/);
    await filtered.until(/watch\/c\nlast/);
    filtered.write('progress\n');
    await filtered.until(/progress notify: \d+/);
    await etcd.ctl('compaction', String(await revision()));
    await using compacted = etcd.startCtl('watch', 'watch/a', '--rev', '1');
    await compacted.exit;
    assert.match(compacted.stdout + compacted.stderr, /watch was canceled \(.*required revision has been compacted\)/);
  });

  test('leases', async () => {
    const grant = await etcd.ctl('lease', 'grant', '600');
    const id = /lease ([0-9a-f]+) granted with TTL\(600s\)/.exec(grant)?.[1] ?? '';
    await etcd.ctl('put', 'lease/a', '1', '--lease', id);
    await etcd.ctl('put', 'lease/a', '2', '--ignore-lease');
    assert.match(await etcd.ctl('lease', 'list'), new RegExp(id));
    const told = await etcd.ctl('lease', 'timetolive', id, '--keys');
    assert.match(
      told,
      new RegExp(`lease ${id} granted with TTL\\(600s\\), remaining\\(\\d+s\\), attached keys\\(\\[lease/a\\]\\)`),
    );
    assert.match(await etcd.ctl('lease', 'keep-alive', '--once', id), /keepalived with TTL\(600\)/);
    assert.match(await etcd.ctl('lease', 'revoke', id), /revoked/);
    assert.deepEqual(await keys('lease/a'), []);
    assert.match(await etcd.ctl('lease', 'timetolive', id), /already expired/);
    assert.match((await etcd.tryCtl(['lease', 'revoke', id])).stderr, /requested lease not found/);
    const late = await etcd.tryCtl(['lease', 'keep-alive', '--once', id]);
    assert.match(late.stdout + late.stderr, /expired or revoked|requested lease not found/);
  });

  test('locks and elections', async () => {
    await using holder = etcd.startCtl('lock', 'mutex');
    await holder.until(/mutex\/[0-9a-f]+/);
    await using next = etcd.startCtl('lock', 'mutex', 'echo', 'mine now');
    holder.interrupt();
    await next.until(/mine now/);
    assert.equal(await next.exit, 0);
    await using leader = etcd.startCtl('elect', 'boss', 'me');
    await leader.until(/boss\/[0-9a-f]+\nme/);
    await using observer = etcd.startCtl('elect', '-l', 'boss');
    await observer.until(/me/);
    leader.interrupt();
    await leader.exit;
  });

  test('the member: health, status, hashes, members, defragmentation', async () => {
    assert.match(
      (await etcd.tryCtl(['endpoint', 'health'])).stderr + (await etcd.ctl('endpoint', 'health')),
      /is healthy/,
    );
    const [status] = await etcd.json('endpoint', 'status');
    assert.match(status.Status.version, /^3\.6\./);
    assert.equal(status.Status.leader, status.Status.header.member_id);
    assert.ok(status.Status.dbSize > 0);
    assert.match(await etcd.ctl('endpoint', 'hashkv'), /, \d+/);
    assert.match(await etcd.ctl('member', 'list'), /8e9e05c52164694d, started, default, http:\/\/localhost:2380/);
    const add = await etcd.tryCtl(['member', 'add', 'other', '--peer-urls', 'http://10.0.0.1:2380']);
    assert.match(add.stderr, /a cluster of one member; for more, use an etcd/);
    await etcd.ctl('member', 'update', '8e9e05c52164694d', '--peer-urls', 'http://10.0.0.1:2380');
    assert.match(await etcd.ctl('member', 'list'), /http:\/\/10\.0\.0\.1:2380/);
    assert.match((await etcd.tryCtl(['move-leader', '1234'])).stderr, /./);
    assert.match(await etcd.ctl('defrag'), /Finished defragmenting/);
    assert.equal(await etcd.ctl('alarm', 'list'), '');
    assert.match(await etcd.ctl('compaction', String(await revision())), /compacted revision/);
    assert.match((await etcd.tryCtl(['compaction', '1'])).stderr, /has been compacted/);
  });

  test('snapshots', async () => {
    const file = join(etcd.directory, 'snapshot.db');
    await etcd.ctl('put', 'snapshot/a', '1');
    assert.match((await etcd.tryCtl(['snapshot', 'save', file])).stdout, /Snapshot saved/);
    const status = await etcd.tryCtl(['snapshot', 'status', file, '-w', 'json']);
    // etcdctl 3.6 leaves it to etcdutl, and shows how to use it.
    if (status.stdout.startsWith('{')) assert.equal(JSON.parse(status.stdout).revision, await revision());
  });

  test('a load that it must pass', async () => {
    const perf = await etcd.tryCtl(['check', 'perf', '--load', 's', '--prefix', 'perf/']);
    assert.match(perf.stdout + perf.stderr, /Throughput|throughput/);
    assert.equal(await etcd.ctl('del', 'perf/', '--prefix'), '0\n');
  });

  test('a quota, and the alarm it raises', async () => {
    await using small = await TestEtcd.start(['--quota-backend-bytes', '400000']);
    let refused: ProcessResult | undefined;
    for (let at = 0; at < 100 && !refused; at++) {
      const put = await small.tryCtl(['put', `fill/${at}`], 'x'.repeat(20_000));
      if (put.code !== 0) refused = put;
    }
    assert.match(String(refused?.stderr), /database space exceeded/);
    assert.match(await small.ctl('alarm', 'list'), /memberID:10276657743932975437 alarm:NOSPACE/);
    const health = await fetch(`${small.url}/health`, { headers: { connection: 'close' } });
    assert.deepEqual([health.status, await health.text()], [503, '{"health":"false","reason":"ALARM NOSPACE"}\n']);
    await small.ctl('del', 'fill/', '--prefix');
    const { header } = await small.json('get', 'x');
    await small.ctl('compaction', String(header.revision));
    await small.ctl('defrag');
    assert.match(await small.ctl('alarm', 'disarm'), /alarm:NOSPACE/);
    assert.equal(await small.ctl('put', 'fill/again', 'x'), 'OK\n');
  });

  test('users and roles', async () => {
    await using guarded = await TestEtcd.start(['--bcrypt-cost', '4']);
    const as = (user: string, ...args: string[]) => guarded.tryCtl(['--user', user, ...args]);
    assert.match((await guarded.tryCtl(['auth', 'enable'])).stderr, /root user does not exist/);
    await guarded.ctl('user', 'add', 'root:secret');
    assert.match((await guarded.tryCtl(['user', 'add', 'root:secret'])).stderr, /user name already exists/);
    await guarded.ctl('user', 'grant-role', 'root', 'root');
    await guarded.ctl('role', 'add', 'reader');
    await guarded.ctl('role', 'grant-permission', 'reader', 'read', 'public/', '--prefix');
    await guarded.ctl('role', 'grant-permission', 'reader', 'readwrite', 'mine');
    await guarded.ctl('user', 'add', 'ann:word');
    await guarded.ctl('user', 'grant-role', 'ann', 'reader');
    await guarded.ctl('put', 'public/a', '1');
    await guarded.ctl('put', 'secret', '1');
    assert.match(await guarded.ctl('auth', 'enable'), /Authentication Enabled/);
    assert.match((await guarded.tryCtl(['get', 'secret'])).stderr, /user name is empty/);
    assert.match(
      (await as('ann:wrong', 'get', 'public/a')).stderr,
      /authentication failed, invalid user ID or password/,
    );
    assert.equal((await as('ann:word', 'get', 'public/a', '--print-value-only')).stdout, '1\n');
    assert.match((await as('ann:word', 'get', 'secret')).stderr, /permission denied/);
    assert.match((await as('ann:word', 'put', 'public/a', '2')).stderr, /permission denied/);
    assert.equal((await as('ann:word', 'put', 'mine', '2')).stdout, 'OK\n');
    assert.match((await as('ann:word', 'user', 'list')).stderr, /permission denied/);
    assert.match((await as('ann:word', 'user', 'get', 'ann')).stdout, /Roles: reader/);
    assert.match(
      (await as('ann:word', 'snapshot', 'save', join(guarded.directory, 's.db'))).stderr,
      /permission denied/,
    );
    assert.match(
      (await as('root:secret', 'role', 'get', 'reader')).stdout,
      /\[public\/, public0\) \(prefix public\/\)/,
    );
    assert.match((await as('root:secret', 'user', 'list')).stdout, /ann\nroot/);
    assert.match((await as('root:secret', 'role', 'list')).stdout, /reader/);
    assert.match((await as('root:secret', 'user', 'delete', 'root')).stderr, /invalid auth management/);
    const passwd = await guarded.tryCtl(
      ['--user', 'root:secret', 'user', 'passwd', 'ann', '--interactive=false'],
      'new\n',
    );
    assert.match(passwd.stdout, /Password updated/);
    assert.match((await as('ann:new', 'get', 'mine')).stdout, /mine/);
    await as('root:secret', 'role', 'revoke-permission', 'reader', 'mine');
    assert.match((await as('ann:new', 'get', 'mine')).stderr, /permission denied/);
    await as('root:secret', 'role', 'delete', 'reader');
    assert.match((await as('root:secret', 'user', 'get', 'ann')).stdout, /Roles: *\n/);
    await as('root:secret', 'user', 'delete', 'ann');
    assert.match((await as('root:secret', 'auth', 'disable')).stdout, /Authentication Disabled/);
    assert.equal(await guarded.ctl('put', 'secret', '2'), 'OK\n');
  });

  test('TLS: clients show certificates, and their names are users', async () => {
    const pki = await writePki(etcd.directory, ['root', 'ann']);
    const server = ['--cert-file', pki('server.crt'), '--key-file', pki('server.key')];
    const clients = ['--trusted-ca-file', pki('ca.crt'), '--client-cert-auth'];
    await using secure = await TestEtcd.start(['--listen-client-urls', 'https://127.0.0.1:0', ...server, ...clients]);
    const as = (user: string, ...args: string[]) =>
      secure.tryCtl(['--cacert', pki('ca.crt'), '--cert', pki(`${user}.crt`), '--key', pki(`${user}.key`), ...args]);
    assert.equal((await as('ann', 'put', 'a', '1')).stdout, 'OK\n');
    const nobody = await secure.tryCtl(['--cacert', pki('ca.crt'), '--command-timeout', '2s', 'get', 'a']);
    assert.notEqual(nobody.code, 0);
    await as('root', 'user', 'add', 'root', '--no-password');
    await as('root', 'user', 'grant-role', 'root', 'root');
    await as('root', 'user', 'add', 'ann', '--no-password');
    assert.match((await as('root', 'auth', 'enable')).stdout, /Authentication Enabled/);
    assert.match((await as('ann', 'get', 'a')).stderr, /permission denied/);
    assert.match((await as('root', 'get', 'a')).stdout, /a\n1/);
  });

  test('a unix socket, and what was written before', async () => {
    const first = await TestEtcd.start();
    await first.ctl('put', 'kept', 'yes');
    assert.equal(await first.stop(), 0);
    const socket = join(first.directory, 'etcd.sock');
    await using again = await TestEtcd.start(['--listen-client-urls', `unix://${socket}`], {
      directory: first.directory,
    });
    assert.deepEqual(lines(await again.ctl('get', 'kept')), ['kept', 'yes']);
  });

  test('flags that cannot be', async () => {
    const refused = async (...args: string[]): Promise<string> => {
      const { code, stderr } = await runProcess(kedge('etcd', ...args), { env: { PATH: process.env['PATH'] ?? '' } });
      assert.equal(code, 1);
      assert.equal(lines(stderr).length, 1, stderr);
      return stderr;
    };
    assert.match(await refused('--listen-client-urls', 'nonsense'), /--listen-client-urls: "nonsense" is no address/);
    assert.match(await refused('--listen-client-urls', 'http://example.org:1'), /IP address, and not on a name/);
    assert.match(await refused('--listen-client-urls', 'https://127.0.0.1:0'), /takes --cert-file and --key-file/);
    assert.match(await refused('--cert-file', 'x'), /--cert-file and --key-file go together/);
    assert.match(await refused('--auto-compaction-mode', 'never'), /--auto-compaction-mode: "never" is none/);
    assert.match(await refused('--auto-compaction-retention', 'soon'), /"soon" is no duration/);
    assert.match(await refused('--max-txn-ops', 'many'), /whole number/);
    assert.match(
      await refused('--data-dir', '/dev/null/x', '--listen-client-urls', 'http://127.0.0.1:0'),
      /\/dev\/null/,
    );
    const taken = await refused('--data-dir', join(etcd.directory, 'other'), '--listen-client-urls', etcd.url);
    assert.match(taken, /cannot listen on http:\/\/127\.0\.0\.1:\d+.*EADDRINUSE/);
  });
});
