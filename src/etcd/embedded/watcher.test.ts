import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { seededRandom, silentLogger, systemClock } from '#base';
import type { Member, MemberWatch } from '../member.ts';
import type { WatchResponse } from '../store.ts';
import { openEmbeddedStore } from './embedded-store.ts';

const b = (text: string): Buffer => Buffer.from(text);
const everything = { key: Buffer.of(0), rangeEnd: Buffer.of(0) };

async function withMember(work: (member: Member) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'kedge-watcher-'));
  try {
    const options = { clock: systemClock, random: seededRandom(1), log: silentLogger };
    await using member = await openEmbeddedStore({ directory, ...options });
    await work(member);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Takes what there is until a watch was taken everything from. */
async function takeAll(watch: MemberWatch): Promise<WatchResponse[]> {
  const taken: WatchResponse[] = [];
  while (!watch.isSynced) {
    const response = watch.take();
    if (response) taken.push(response);
    else await new Promise<void>((resolve) => watch.onNews(resolve));
  }
  return taken;
}

test('a watch is taken from without waiting, and says when that is worth it', () =>
  withMember(async (member) => {
    const watch = member.watch(everything);
    let calls = 0;
    watch.onNews(() => calls++);
    assert.deepEqual([watch.take(), watch.isSynced, calls], [undefined, true, 0]);
    await member.put({ key: b('a'), value: b('1') });
    assert.deepEqual([watch.isSynced, calls], [false, 1]);
    assert.deepEqual([watch.take()?.header.revision, watch.take(), watch.isSynced], [2, undefined, true]);
    watch.requestProgress();
    assert.deepEqual([calls, watch.take()], [2, { header: { revision: 2 }, events: [] }]);
    watch.cancel();
    await member.put({ key: b('a'), value: b('2') });
    assert.equal(watch.take(), undefined);
  }));

test('all who are told of a change are told the same event', () =>
  withMember(async (member) => {
    await member.put({ key: b('a'), value: b('1') });
    const requests = [everything, everything, { key: b('a') }, { key: b('a'), filters: ['noDelete' as const] }];
    const watches = requests.map((request) => member.watch(request));
    const previous = [everything, { key: b('a') }].map((request) => member.watch({ ...request, prevKv: true }));
    await member.txn({
      compare: [],
      success: ['a', 'b'].map((key) => ({ put: { key: b(key), value: b('2') } })),
      failure: [],
    });
    const told = watches.map((watch) => watch.take()?.events[0]);
    assert.equal(Buffer.from(told[0]?.kv.value ?? []).toString(), '2');
    for (const event of told) assert.equal(event, told[0]);
    const [first, second] = previous.map((watch) => watch.take()?.events[0]);
    assert.equal(Buffer.from(first?.prevKv?.value ?? []).toString(), '1');
    assert.equal(first, second);
  }));

test('who takes nothing falls behind, and is told from the disk what is no longer in memory', () =>
  withMember(async (member) => {
    const watch = member.watch({ ...everything, prevKv: true });
    const count = 3000;
    for (let n = 0; n < count; n += 100)
      await Promise.all(Array.from({ length: 100 }, () => member.put({ key: b('a'), value: b(String(n)) })));
    const taken = await takeAll(watch);
    assert.deepEqual(
      taken.map(({ header }) => header.revision),
      Array.from({ length: count }, (_, n) => n + 2),
    );
    await member.put({ key: b('a'), value: b('again') });
    assert.equal(watch.take()?.header.revision, count + 2);
  }));

test('a watch whose past is gone says so to who takes, and then nothing', () =>
  withMember(async (member) => {
    for (let n = 0; n < 5; n++) await member.put({ key: b('a'), value: b('') });
    await member.compact({ revision: 5 });
    const watch = member.watch({ ...everything, startRevision: 2 });
    const [response] = await takeAll(watch);
    assert.deepEqual([response?.canceled, response?.compactRevision], [true, 5]);
    await member.put({ key: b('a'), value: b('') });
    assert.equal(watch.take(), undefined);
  }));
