import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { silentLogger, VirtualClock } from '#base';
import { healthService } from '#wire';
import { clusterService, leaseService, maintenanceService } from '../rpc/services.ts';
import { AutoCompactor, type CompactionPolicy } from './auto-compactor.ts';
import { failsWith, ServedMember } from './testing/served-member.ts';

const memberId = 0x8e9e_05c5_2164_694dn;

test('leases: kept alive on a stream, and told when they are not there', async () => {
  await using served = await ServedMember.start();
  const leases = served.client(leaseService);
  const { id, ttl } = await leases.leaseGrant({ id: 0n, ttl: 60 });
  assert.equal(ttl, 60);
  async function* requests(): AsyncGenerator<{ id: bigint }> {
    yield { id };
    yield { id: 99n };
  }
  const answers = await Array.fromAsync(leases.leaseKeepAlive(requests()));
  assert.deepEqual(
    answers.map((answer) => [answer.id, answer.ttl, answer.header?.memberId]),
    [
      [id, 60, memberId],
      [99n, 0, memberId],
    ],
  );
  assert.deepEqual((await leases.leaseLeases({})).leases, [{ id }]);
  await served.clock.advance(20_000);
  const status = await leases.leaseTimeToLive({ id, keys: true });
  assert.deepEqual([status.ttl, status.grantedTtl], [40, 60]);
  assert.equal((await leases.leaseTimeToLive({ id: 99n, keys: false })).ttl, -1);
  await assert.rejects(leases.leaseGrant({ id, ttl: 5 }), failsWith('FailedPrecondition', /lease already exists/));
  await assert.rejects(leases.leaseGrant({ id: 0n, ttl: 9e9 + 1 }), failsWith('OutOfRange', /too large lease TTL/));
});

test('one member, which stays alone', async () => {
  await using served = await ServedMember.start({ name: 'me', clientUrls: ['http://10.0.0.1:2379'] });
  const cluster = served.client(clusterService);
  const { members } = await cluster.memberList({ linearizable: true });
  const me = { id: memberId, name: 'me', peerUrls: ['http://localhost:2380'], clientUrls: ['http://10.0.0.1:2379'] };
  assert.deepEqual(members, [{ ...me, isLearner: false }]);
  const peerUrls = ['http://10.0.0.2:2380'];
  await assert.rejects(
    cluster.memberAdd({ peerUrls, isLearner: false }),
    failsWith('FailedPrecondition', /use an etcd/),
  );
  await assert.rejects(cluster.memberRemove({ id: memberId }), failsWith('FailedPrecondition', /use an etcd/));
  await assert.rejects(cluster.memberRemove({ id: 1n }), failsWith('NotFound', 'etcdserver: member not found'));
  await assert.rejects(
    cluster.memberPromote({ id: memberId }),
    failsWith('FailedPrecondition', /only promote a learner/),
  );
  await assert.rejects(cluster.memberUpdate({ id: memberId, peerUrls: ['x'] }), failsWith('InvalidArgument', /URLs/));
  assert.deepEqual((await cluster.memberUpdate({ id: memberId, peerUrls })).members[0]?.peerUrls, peerUrls);
  const stored = served.member.buckets.get('members', memberId.toString(16));
  assert.equal(
    Buffer.from(stored ?? []).toString(),
    '{"id":10276657743932975437,"peerURLs":["http://10.0.0.2:2380"],"name":"me","clientURLs":["http://10.0.0.1:2379"]}',
  );
});

test('alarms, and what they do to status and health', async () => {
  await using served = await ServedMember.start();
  const maintenance = served.client(maintenanceService);
  const ask = (action: 'GET' | 'ACTIVATE' | 'DEACTIVATE', alarm: 'NONE' | 'NOSPACE' | 'CORRUPT', id = memberId) =>
    maintenance.alarm({ action, alarm, memberId: id }).then(({ alarms }) => alarms.map((one) => one.alarm));
  assert.deepEqual(await ask('GET', 'NONE'), []);
  assert.deepEqual(await ask('ACTIVATE', 'NOSPACE', 1n), []);
  assert.deepEqual(await ask('ACTIVATE', 'NOSPACE'), ['NOSPACE']);
  assert.deepEqual(await ask('GET', 'CORRUPT'), []);
  assert.deepEqual((await maintenance.status({})).errors, [`memberID:${memberId} alarm:NOSPACE `]);
  await assert.rejects(served.put('a'), /database space exceeded/);
  assert.deepEqual(await ask('DEACTIVATE', 'NOSPACE'), ['NOSPACE']);
  const status = await maintenance.status({});
  assert.deepEqual([status.errors, status.leader, status.storageVersion, status.raftTerm], [[], memberId, '3.6.0', 2]);
  const health = served.client(healthService);
  assert.equal((await health.check({ service: '' })).status, 'SERVING');
  await assert.rejects(health.check({ service: 'other' }), failsWith('NotFound', 'unknown service'));
});

test('hashes, defragmentation, the lead, downgrades', async () => {
  await using served = await ServedMember.start();
  await served.put('a');
  const maintenance = served.client(maintenanceService);
  const { hash, hashRevision } = await maintenance.hashKv({ revision: 0 });
  assert.deepEqual([(await maintenance.hashKv({ revision: 2 })).hash, hashRevision], [hash, 2]);
  await assert.rejects(maintenance.hashKv({ revision: 9 }), failsWith('OutOfRange', /future revision/));
  await maintenance.defragment({});
  assert.equal((await maintenance.hash({})).hash, hash);
  await maintenance.moveLeader({ targetId: memberId });
  const elsewhere = failsWith('FailedPrecondition', 'etcdserver: bad leader transferee');
  await assert.rejects(maintenance.moveLeader({ targetId: 1n }), elsewhere);
  assert.equal((await maintenance.downgrade({ action: 'VALIDATE', version: '3.5.0' })).version, '3.6');
  await assert.rejects(
    maintenance.downgrade({ action: 'VALIDATE', version: '3.4' }),
    /invalid downgrade target version/,
  );
  await assert.rejects(
    maintenance.downgrade({ action: 'VALIDATE', version: 'x' }),
    /wrong downgrade target version format/,
  );
  await assert.rejects(
    maintenance.downgrade({ action: 'ENABLE', version: '3.5' }),
    failsWith('FailedPrecondition', /./),
  );
});

test('a snapshot comes in pieces, and its sum last', async () => {
  await using served = await ServedMember.start();
  await served.put('a', 'x'.repeat(200_000));
  const pieces = await Array.fromAsync(served.client(maintenanceService).snapshot({}));
  const sum = pieces.pop();
  const file = Buffer.concat(pieces.map(({ blob }) => blob));
  assert.deepEqual(sum?.blob, new Uint8Array(createHash('sha256').update(file).digest()));
  assert.ok(pieces.length > 5 && pieces.every(({ blob, version }) => blob.length <= 32_768 && version === '3.6.0'));
  assert.equal(pieces[0]?.remainingBytes, file.length - (pieces[0]?.blob.length ?? 0));
  assert.equal(pieces.at(-1)?.remainingBytes, 0);
  assert.equal(file.readUInt32LE(16), 0xed0c_daed); // bbolt's magic number
});

/** A member, and the clock of what compacts it; nothing else sleeps by that one. */
type Compacted = Pick<ServedMember, 'member' | 'put' | 'clock'>;

async function compacting(policy: CompactionPolicy, play: (compacted: Compacted) => Promise<void>): Promise<void> {
  await using served = await ServedMember.start();
  const stop = new AbortController();
  const { member } = served;
  const clock = new VirtualClock();
  const running = new AutoCompactor({ store: member, policy, clock, log: silentLogger }).run(stop.signal);
  await play({ member, clock, put: (key) => served.put(key) });
  stop.abort();
  await running;
}

const compacted = async ({ member }: Compacted): Promise<number> => (await member.status()).compactRevision;
const minuteMs = 60_000;

/** Lets minutes pass, one after another, each once the compactor sleeps again. */
async function pass({ clock }: Compacted, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    while (clock.pendingTimers === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(minuteMs);
  }
  while (clock.pendingTimers === 0) await new Promise((resolve) => setImmediate(resolve));
}

test('compaction by itself: what is older than the retention', () =>
  compacting({ mode: 'periodic', retentionMs: 10 * minuteMs }, async (served) => {
    for (let minute = 0; minute < 9; minute++) {
      await pass(served, 1);
      await served.put('a'); // revision 2 after the first minute, and so on
    }
    assert.equal(await compacted(served), 0);
    await pass(served, 1);
    assert.equal(await compacted(served), 1); // what was there ten minutes ago
    await pass(served, 9);
    assert.equal(await compacted(served), 1); // once a period
    await pass(served, 1);
    assert.equal(await compacted(served), 9);
    await pass(served, 10);
    assert.equal(await compacted(served), 10);
  }));

test('compaction by itself: all but a number of revisions', () =>
  compacting({ mode: 'revision', retention: 5 }, async (served) => {
    await pass(served, 6);
    assert.equal(await compacted(served), 0);
    for (let at = 0; at < 10; at++) await served.put('a');
    await pass(served, 4);
    assert.equal(await compacted(served), 6);
  }));
