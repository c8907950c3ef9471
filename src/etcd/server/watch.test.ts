import assert from 'node:assert/strict';
import { test } from 'node:test';
import { b, ServedMember, type WatchMessage } from './testing/served-member.ts';

const told = ({ watchId, events }: WatchMessage): string =>
  `${watchId}: ${events.map(({ type, kv }) => `${type} ${Buffer.from(kv?.key ?? []).toString()}`).join(', ')}`;
const anyKey = { key: b('\0'), rangeEnd: b('\0') };

test('many watches on a stream, with numbers of either side', async () => {
  await using served = await ServedMember.start();
  const watch = served.watch();
  watch.create({ key: b('a') });
  watch.create({ key: b('b'), watchId: 7 });
  watch.create({ key: b('c') });
  watch.create({ key: b('d'), watchId: 7 });
  const created = [await watch.next(), await watch.next(), await watch.next(), await watch.next()];
  assert.deepEqual(
    created.map(({ watchId, created, canceled, cancelReason }) => [watchId, created, canceled, cancelReason]),
    [
      [0, true, false, ''],
      [7, true, false, ''],
      [1, true, false, ''],
      [-1, true, true, 'mvcc: duplicate watch ID provided on the WatchStream'],
    ],
  );
  for (const key of ['a', 'b', 'c', 'd']) await served.put(key);
  assert.deepEqual([await watch.next(), await watch.next(), await watch.next()].map(told), [
    '0: PUT a',
    '7: PUT b',
    '1: PUT c',
  ]);
  watch.cancel(99); // is not answered
  watch.cancel(7);
  assert.deepEqual([(await watch.next()).canceled, (await served.put('b')) > 0], [true, true]);
  await served.put('a');
  assert.equal(told(await watch.next()), '0: PUT a');
  await watch.close();
});

test('what cannot be watched', async () => {
  await using served = await ServedMember.start();
  const watch = served.watch();
  watch.create({ key: b('b'), rangeEnd: b('a') });
  assert.equal((await watch.next()).cancelReason, 'mvcc: watcher range is empty');
  watch.create({ key: b('a'), startRevision: -1 });
  assert.equal((await watch.next()).cancelReason, 'etcdserver: mvcc: required revision has been compacted');
  for (let at = 0; at < 5; at++) await served.put('a');
  await served.member.compact({ revision: 5 });
  watch.create({ key: b('a'), startRevision: 2 });
  assert.equal((await watch.next()).created, true);
  const { canceled, compactRevision, watchId } = await watch.next();
  assert.deepEqual([canceled, compactRevision, watchId], [true, 5, 0]);
  watch.create({ key: b('a') });
  assert.equal((await watch.next()).watchId, 1); // a number is not given twice
  await watch.close();
});

test('from the past, from the future, all keys, filters and previous values', async () => {
  await using served = await ServedMember.start();
  await served.put('a', '1');
  await served.put('a', '2');
  const watch = served.watch();
  watch.create({ startRevision: 2, rangeEnd: b('\0'), prevKv: true }); // no key: from the first on
  assert.equal((await watch.next()).created, true);
  const { header: told, events: past } = await watch.next(); // what is long past comes in one message
  assert.deepEqual(
    past.map(({ kv, prevKv }) => [kv?.modRevision, prevKv && Buffer.from(prevKv.value).toString()]),
    [
      [2, undefined],
      [3, '1'],
    ],
  );
  assert.equal(told?.revision, 3);
  await watch.close();
  const later = served.watch();
  later.create({ ...anyKey, startRevision: 5, filters: ['NOPUT'] });
  await later.next();
  await served.member.deleteRange({ key: b('a') });
  await served.put('b');
  const { header } = await served.member.deleteRange({ key: b('b') });
  const { events } = await later.next();
  assert.deepEqual(
    events.map(({ type, kv }) => [type, kv?.modRevision]),
    [['DELETE', header.revision]],
  );
  await later.close();
});

test('a large answer comes in fragments to who takes them', async () => {
  await using served = await ServedMember.start({ limits: { maxRequestBytes: 1000 } });
  const watch = served.watch();
  watch.create({ ...anyKey, fragment: true });
  watch.create(anyKey);
  await watch.next();
  await watch.next();
  const keys = ['a', 'b', 'c', 'd'];
  const success = keys.map((key) => ({ put: { key: b(key), value: Buffer.alloc(250_000) } }));
  await served.member.txn({ compare: [], success, failure: [] });
  const seen: Record<number, string[]> = { 0: [], 1: [] };
  const fragments: boolean[] = [];
  while ((seen[0]?.length ?? 0) + (seen[1]?.length ?? 0) < 8) {
    const { watchId, fragment, events } = await watch.next();
    if (watchId === 0) fragments.push(fragment);
    for (const { kv } of events) seen[watchId]?.push(Buffer.from(kv?.key ?? []).toString());
  }
  assert.deepEqual(seen, { 0: keys, 1: keys });
  assert.deepEqual(fragments, [true, true, false].slice(-fragments.length));
  assert.ok(fragments.length > 1);
  await watch.close();
});

test('progress of a stream is told when every watch on it is told everything', async () => {
  await using served = await ServedMember.start();
  for (let at = 0; at < 2000; at++) void served.put('past');
  const revision = await served.put('past');
  const watch = served.watch();
  watch.requestProgress(); // without a watch there is none
  watch.create({ ...anyKey, startRevision: 2 });
  watch.create({ key: b('quiet') });
  await watch.next();
  watch.requestProgress();
  let last = 0;
  for (;;) {
    const { watchId, events, header, created } = await watch.next();
    if (watchId === -1) {
      assert.ok((header?.revision ?? 0) >= revision);
      break;
    }
    if (!created) last = events.at(-1)?.kv?.modRevision ?? last;
  }
  assert.equal(last, revision, 'events came behind the progress that covers them');
  await watch.close();
});

test('a quiet watch is told its progress now and then; one that was told something, not', async () => {
  await using served = await ServedMember.start({ limits: { progressNotifyMs: 60_000 } });
  const watch = served.watch();
  watch.create({ key: b('a'), progressNotify: true });
  watch.create({ key: b('b') });
  await watch.next();
  await watch.next();
  await served.put('a');
  assert.equal(told(await watch.next()), '0: PUT a');
  const revision = await served.put('other');
  await served.clock.advance(140_000); // at the first tick it has told something, at the second it has not
  const { watchId, events, header } = await watch.next();
  assert.deepEqual([watchId, events.length, header?.revision], [0, 0, revision]);
  await served.put('b');
  assert.equal(told(await watch.next()), '1: PUT b');
  await watch.close();
});

test('a client that does not read holds up nobody, and misses nothing', async () => {
  await using served = await ServedMember.start();
  const slow = served.watch();
  const fast = served.watch();
  slow.create(anyKey);
  fast.create(anyKey);
  await slow.next();
  await fast.next();
  const count = 300;
  for (let at = 0; at < count; at++) await served.put(`key/${at}`, 'x'.repeat(50_000));
  for (const watch of [fast, slow]) {
    const keys: string[] = [];
    while (keys.length < count)
      for (const { kv } of (await watch.next()).events) keys.push(Buffer.from(kv?.key ?? []).toString());
    assert.deepEqual(
      keys,
      Array.from({ length: count }, (_, at) => `key/${at}`),
    );
    await watch.close();
  }
});
