import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VirtualClock } from '#base';
import { EtcdError, type EtcdErrorCode } from '../errors.ts';
import type { Compare, RequestOp, Store, TxnRequest, Watch, WatchResponse } from '../store.ts';
import { concurrentHistory, RandomHistory, type Differences } from './history.ts';

/** A store under test. */
export interface StoreHarness {
  store: Store;
  /** Lets the time pass that leases run by: at once where it is virtual. */
  advance: (ms: number) => Promise<void>;
  /** The store's time, where it is virtual. */
  clock?: VirtualClock;
  /** Another client of the same store, where there is more than one. */
  connect?: () => Promise<Store>;
  /** Ends the store's process and starts it again on the same data; returns the new store. */
  restart: () => Promise<Store>;
  dispose: () => Promise<void>;
}

export interface StoreContractOptions {
  open: () => Promise<StoreHarness>;
  /** Why it cannot be tested here. */
  skip?: string | false;
  /** How long leases live that are waited for. */
  leaseSeconds?: number;
  /** How it differs from etcd 3.6, which is the rule. */
  differences?: Differences;
}

const historySteps = 300;

const b = (content: string): Buffer => Buffer.from(content);
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
const prefix = (start: string): { key: Buffer; rangeEnd: Buffer } => {
  const end = b(start);
  end[end.length - 1]! += 1;
  return { key: b(start), rangeEnd: end };
};

/** What every engine of the store must do. Run once for each engine. */
export function storeContract(name: string, options: StoreContractOptions): void {
  const { open, skip = false, leaseSeconds = 10, differences = {} } = options;
  const story = (title: string, body: (harness: StoreHarness) => Promise<void>): void =>
    void test(title, { skip }, async () => {
      const harness = await open();
      try {
        await body(harness);
      } finally {
        await harness.dispose();
      }
    });

  describe(`store: ${name}`, () => {
    keyStories(story);
    compactionStories(story);
    transactionStories(story);
    watchStories(story);
    leaseStories(story, leaseSeconds);
    historyStories(story, differences);
  });
}

type Story = (title: string, body: (harness: StoreHarness) => Promise<void>) => void;

function keyStories(story: Story): void {
  story('a key counts its versions and starts over after a deletion', async ({ store }) => {
    assert.equal((await store.put({ key: b('a'), value: b('1') })).header.revision, 2);
    await store.put({ key: b('a'), value: b('2') });
    const [kv] = (await store.range({ key: b('a') })).kvs;
    assert.deepEqual([kv?.createRevision, kv?.modRevision, kv?.version, text(kv?.value)], [2, 3, 2, '2']);
    assert.equal((await store.deleteRange({ key: b('a') })).deleted, 1);
    assert.equal((await store.deleteRange({ key: b('a') })).header.revision, 4, 'deleting nothing is no revision');
    await store.put({ key: b('a'), value: b('3') });
    const [again] = (await store.range({ key: b('a') })).kvs;
    assert.deepEqual([again?.createRevision, again?.version], [5, 1]);
  });

  story('ranges: prefix, from key, limit, count, keys only, sort, old revisions', async ({ store }) => {
    for (const key of ['a/1', 'a/2', 'b/1']) await store.put({ key: b(key), value: b(key.toUpperCase()) });
    await store.put({ key: b('a/1'), value: b('new') });
    const limited = await store.range({ ...prefix('a/'), limit: 1 });
    assert.deepEqual([limited.kvs.length, limited.more, limited.count], [1, true, 2]);
    const all = await store.range({ key: b('a/2'), rangeEnd: Buffer.of(0) });
    assert.deepEqual(
      all.kvs.map((kv) => text(kv.key)),
      ['a/2', 'b/1'],
    );
    const keys = await store.range({ ...prefix('a/'), keysOnly: true, sort: { by: 'mod', order: 'descend' } });
    assert.deepEqual(
      keys.kvs.map((kv) => [text(kv.key), kv.value.length]),
      [
        ['a/1', 0],
        ['a/2', 0],
      ],
    );
    const old = await store.range({ key: b('a/1'), revision: 4 });
    assert.equal(text(old.kvs[0]?.value), 'A/1');
    assert.deepEqual(
      await store.range({ ...prefix('a/'), countOnly: true }).then((r) => [r.count, r.kvs.length]),
      [2, 0],
    );
    await rejects(store.range({ key: b('a'), revision: 99 }), 'ErrFutureRev');
    await rejects(store.put({ key: b(''), value: b('') }), 'ErrEmptyKey');
  });

  story('a revision or a limit below zero is none, but in a transaction the revision is gone', async ({ store }) => {
    for (const key of ['a', 'b']) await store.put({ key: b(key), value: b('') });
    const { kvs, more } = await store.range({ key: b('a'), rangeEnd: b('c'), revision: -2, limit: -1 });
    assert.deepEqual([kvs.length, more], [2, false]);
    const past: RequestOp = { range: { key: b('a'), revision: -2 } };
    await rejects(store.txn({ compare: [], success: [past], failure: [] }), 'ErrCompacted');
  });

  story(
    'of a missing key and a missing lease, a put alone tells the lease, a transaction the key',
    async ({ store }) => {
      const put: RequestOp = { put: { key: b('a'), value: b(''), ignoreValue: true, lease: 77n } };
      await rejects(store.put(put.put), 'ErrLeaseNotFound');
      await rejects(store.txn({ compare: [], success: [put], failure: [] }), 'ErrKeyNotFound');
      await rejects(store.put({ key: b('a'), value: b('x'), lease: 77n }), 'ErrLeaseNotFound');
      await rejects(store.put({ key: b('a'), value: b('x'), ignoreLease: true }), 'ErrKeyNotFound');
    },
  );

  story('keys and values are bytes, in the order of bytes', async ({ store }) => {
    const keys = [Buffer.of(0xff, 0), Buffer.of(0x7f), Buffer.of(0x80), b('é')];
    for (const key of keys) await store.put({ key, value: Buffer.of(0, 255, 1) });
    const { kvs } = await store.range({ key: Buffer.of(0), rangeEnd: Buffer.of(0) });
    assert.deepEqual(
      kvs.map((kv) => Buffer.from(kv.key).toString('hex')),
      ['7f', '80', 'c3a9', 'ff00'],
    );
    assert.deepEqual(Buffer.from(kvs[0]!.value), Buffer.of(0, 255, 1));
  });
}

function compactionStories(story: Story): void {
  story('compaction forgets the past and keeps the present', async (harness) => {
    const { store } = harness;
    for (const value of ['1', '2', '3']) await store.put({ key: b('a'), value: b(value) });
    await store.put({ key: b('gone'), value: b('x') });
    await store.deleteRange({ key: b('gone') });
    await store.compact({ revision: 6 });
    await rejects(store.range({ key: b('a'), revision: 5 }), 'ErrCompacted');
    await rejects(store.compact({ revision: 6 }), 'ErrCompacted');
    await rejects(store.compact({ revision: 7 }), 'ErrFutureRev');
    const reopened = await harness.restart();
    assert.equal(text((await reopened.range({ key: b('a') })).kvs[0]?.value), '3');
    assert.equal((await reopened.range({ key: b('gone') })).count, 0);
    await rejects(reopened.range({ key: b('a'), revision: 5 }), 'ErrCompacted');
    assert.equal((await reopened.put({ key: b('a'), value: b('4') })).header.revision, 7, 'revisions never go back');
  });

  story('a store that was never compacted takes a compaction at 0, once', async (harness) => {
    const { store } = harness;
    await rejects(store.compact({ revision: -1 }), 'ErrCompacted');
    assert.equal((await store.compact({ revision: 0 })).header.revision, 1);
    await rejects(store.compact({ revision: 0 }), 'ErrCompacted');
    const reopened = await harness.restart();
    await rejects(reopened.compact({ revision: 0 }), 'ErrCompacted');
    await reopened.compact({ revision: 1 });
  });
}

function transactionStories(story: Story): void {
  const absent = (key: string): Compare => ({ key: b(key), target: 'mod', result: '=', value: 0 });

  story('a transaction is one revision, and a later operation sees the earlier', async ({ store }) => {
    const done = await store.txn({
      compare: [absent('a')],
      success: [
        { put: { key: b('a'), value: b('1') } },
        { put: { key: b('b'), value: b('2') } },
        { range: prefix('a') },
      ],
      failure: [],
    });
    assert.deepEqual([done.succeeded, done.header.revision], [true, 2]);
    const seen = done.responses[2];
    assert.ok(seen && 'range' in seen);
    assert.equal(seen.range.count, 1);
    const again = await store.txn({ compare: [absent('a')], success: [], failure: [{ range: { key: b('a') } }] });
    assert.deepEqual([again.succeeded, again.header.revision], [false, 2]);
  });

  story('of two writers who saw the same revision, one wins', async ({ store }) => {
    await store.put({ key: b('a'), value: b('0') });
    const attempt = (value: string): TxnRequest => ({
      compare: [{ key: b('a'), target: 'mod', result: '=', value: 2 }],
      success: [{ put: { key: b('a'), value: b(value) } }],
      failure: [],
    });
    const results = await Promise.all(Array.from({ length: 20 }, (_, at) => store.txn(attempt(String(at)))));
    assert.equal(results.filter((result) => result.succeeded).length, 1);
  });

  story('a key cannot be put twice, nor put and deleted, in one transaction', async ({ store }) => {
    const put: RequestOp = { put: { key: b('a'), value: b('1') } };
    await rejects(store.txn({ compare: [], success: [put, put], failure: [] }), 'ErrDuplicateKey');
    await rejects(
      store.txn({ compare: [], success: [put, { deleteRange: prefix('a') }], failure: [] }),
      'ErrDuplicateKey',
    );
    const nested: RequestOp = { txn: { compare: [], success: [put], failure: [put] } };
    assert.equal((await store.txn({ compare: [], success: [nested], failure: [] })).header.revision, 2);
  });

  story(
    'whoever deletes all keys from one on may put one of them, as the end of the range is none',
    async ({ store }) => {
      for (const key of ['a', 'b']) await store.put({ key: b(key), value: b('old') });
      const deletion: RequestOp = { deleteRange: { key: b('a'), rangeEnd: Buffer.of(0) } };
      const put: RequestOp = { put: { key: b('b'), value: b('new') } };
      const { responses, header } = await store.txn({ compare: [], success: [deletion, put], failure: [] });
      assert.equal(responses[0] && 'deleteRange' in responses[0] && responses[0].deleteRange.deleted, 2);
      const { kvs } = await store.range({ key: b('a'), rangeEnd: Buffer.of(0) });
      assert.deepEqual(
        kvs.map((kv) => [text(kv.key), text(kv.value), kv.createRevision, kv.version]),
        [['b', 'new', header.revision, 1]],
      );
      const [told] = await collect(store.watch({ key: b('b'), startRevision: header.revision }), 1);
      assert.deepEqual(
        told?.events.map(({ type }) => type),
        ['delete', 'put'],
      );
    },
  );

  story('a refused transaction changes nothing', async ({ store }) => {
    const bad: RequestOp = { put: { key: b('b'), value: b(''), lease: 77n } };
    await rejects(
      store.txn({ compare: [], success: [{ put: { key: b('a'), value: b('1') } }, bad], failure: [] }),
      'ErrLeaseNotFound',
    );
    assert.equal((await store.range({ key: b('a') })).header.revision, 1);
  });
}

function watchStories(story: Story): void {
  story('a watch tells past and present without gap or repeat', async ({ store }) => {
    for (let n = 0; n < 50; n++) await store.put({ key: b(`k/${n % 7}`), value: b(String(n)) });
    const watch = store.watch({ ...prefix('k/'), startRevision: 2 });
    const writing = Promise.all(
      Array.from({ length: 50 }, (_, n) => store.put({ key: b(`k/${n % 7}`), value: b(`+${n}`) })),
    );
    const seen = await collect(watch, 100);
    await writing;
    assert.deepEqual(
      seen.map((response) => response.header.revision),
      Array.from({ length: 100 }, (_, n) => n + 2),
    );
  });

  story('a slow watcher delays nobody and loses nothing', async ({ store }) => {
    const watch = store.watch({ key: b('k'), startRevision: 2 });
    for (let n = 0; n < 3000; n += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, i) => store.put({ key: b('k'), value: b(String(n + i)) })));
    }
    const seen = await collect(watch, 3000);
    assert.deepEqual(
      seen.map((response) => response.header.revision),
      Array.from({ length: 3000 }, (_, n) => n + 2),
    );
    assert.deepEqual(seen.at(-1)?.events[0]?.kv, (await store.range({ key: b('k') })).kvs[0]);
  });

  story('all events of a transaction come in one response, with what was before', async ({ store }) => {
    await store.put({ key: b('k/1'), value: b('old') });
    const watch = store.watch({ ...prefix('k/'), prevKv: true, startRevision: 3 });
    await store.txn({
      compare: [],
      success: [{ deleteRange: { key: b('k/1') } }, { put: { key: b('k/2'), value: b('new') } }],
      failure: [],
    });
    const [response] = await collect(watch, 1);
    assert.deepEqual(
      response?.events.map((event) => [event.type, text(event.kv.key), event.prevKv && text(event.prevKv.value)]),
      [
        ['delete', 'k/1', 'old'],
        ['put', 'k/2', undefined],
      ],
    );
  });

  story('a watch from a compacted revision ends and says where to begin', async ({ store }) => {
    for (let n = 0; n < 5; n++) await store.put({ key: b('k'), value: b(String(n)) });
    await store.compact({ revision: 5 });
    const [response] = await collect(store.watch({ key: b('k'), startRevision: 2 }), 1);
    assert.deepEqual([response?.canceled, response?.compactRevision], [true, 5]);
  });

  story('a watch without a revision tells of what comes', async ({ store }) => {
    await store.put({ key: b('k'), value: b('before') });
    const watch = store.watch({ key: b('k') });
    const told = watch[Symbol.asyncIterator]().next();
    // Engines begin such a watch at some time after it was asked for: writes go on until one is told.
    for (let n = 0; (await Promise.race([told, Promise.resolve()])) === undefined; n++) {
      await store.put({ key: b('k'), value: b(String(n)) });
    }
    watch.cancel();
    const { value } = await told;
    assert.notEqual(text(value?.events[0]?.kv.value), 'before');
  });

  story(
    'progress says up to where everything was told; where it could not be trusted, nothing is',
    async ({ store }) => {
      const watch = store.watch({ key: b('k'), startRevision: 1 });
      for (const key of ['k', 'other']) await store.put({ key: b(key), value: b('') });
      watch.requestProgress();
      const [event, progress] = await collect(watch, store.tellsProgress ? 2 : 1);
      assert.deepEqual([event?.header.revision, event?.events.length], [2, 1]);
      if (store.tellsProgress) assert.deepEqual(progress, { header: { revision: 3 }, events: [] });
    },
  );

  story('of a watch that begins in the future nothing is told before', async ({ store }) => {
    const watch = store.watch({ key: b('k'), startRevision: 5 });
    watch.requestProgress();
    for (let n = 0; n < 5; n++) await store.put({ key: b('other'), value: b('') });
    watch.requestProgress();
    await store.put({ key: b('k'), value: b('') });
    const [first] = await collect(watch, 1);
    assert.ok((first?.header.revision ?? 0) >= 4, `told at ${first?.header.revision}`);
  });

  story('cancelling ends the iteration', async ({ store }) => {
    const watch = store.watch({ key: b('k'), startRevision: 1 });
    await store.put({ key: b('k'), value: b('') });
    const revisions: number[] = [];
    for await (const { header } of watch) {
      revisions.push(header.revision);
      watch.cancel();
    }
    assert.deepEqual(revisions, [2]);
  });
}

function leaseStories(story: Story, ttlSeconds: number): void {
  story('keys end with their lease, in one revision', async ({ store, advance, clock }) => {
    const { id } = await store.leaseGrant({ ttlSeconds });
    for (const key of ['a', 'b']) await store.put({ key: b(key), value: b(''), lease: id });
    const watch = store.watch({ key: Buffer.of(0), rangeEnd: Buffer.of(0), startRevision: 4 });
    await advance((ttlSeconds - 1) * 1000);
    assert.equal((await store.leaseKeepAlive(id)).ttlSeconds, ttlSeconds);
    await advance((ttlSeconds - 1) * 1000);
    // Of time that is not ours nobody knows how much has passed.
    if (clock) assert.equal((await store.leaseTimeToLive(id)).ttlSeconds, 1);
    await advance(1_000);
    const [response] = await collect(watch, 1);
    assert.deepEqual(
      response?.events.map((event) => [event.type, text(event.kv.key)]),
      [
        ['delete', 'a'],
        ['delete', 'b'],
      ],
    );
    assert.equal((await store.leaseTimeToLive(id)).ttlSeconds, -1);
    await rejects(store.leaseRevoke(id), 'ErrLeaseNotFound');
  });

  for (const jumpMs of [3_600_000, -3_600_000]) {
    story(
      `a clock that jumps by ${jumpMs / 3_600_000} h ends no lease, and keeps none alive`,
      async ({ store, advance, clock }) => {
        if (!clock) return; // the machine's own clock is not ours to set
        const { id } = await store.leaseGrant({ ttlSeconds: 10 });
        await store.put({ key: b('a'), value: b(''), lease: id });
        const watch = store.watch({ key: b('a') });
        clock.jump(jumpMs);
        await advance(9_000);
        assert.equal((await store.leaseTimeToLive(id)).ttlSeconds, 1);
        await advance(1_000);
        const [response] = await collect(watch, 1);
        assert.equal(response?.events[0]?.type, 'delete');
      },
    );
  }

  story(
    'a lease does not live for less than a shortest time, and is told how many whole ones are left',
    async ({ store, clock }) => {
      // A real etcd's shortest is an election timeout and a half; ours is that of its usual one.
      for (const wanted of [-5, 0, 1]) {
        const { ttlSeconds } = await store.leaseGrant({ ttlSeconds: wanted });
        assert.ok(clock ? ttlSeconds === 2 : ttlSeconds >= 1, `${ttlSeconds} seconds`);
      }
      const { id } = await store.leaseGrant({ ttlSeconds: 100 });
      await clock?.advance(300);
      assert.equal((await store.leaseTimeToLive(id)).ttlSeconds, 99);
      await rejects(store.leaseGrant({ ttlSeconds: 9_000_000_001 }), 'ErrLeaseTTLTooLarge');
    },
  );

  story('a lease and its keys survive a restart', async (harness) => {
    const { id } = await harness.store.leaseGrant({ id: 42n, ttlSeconds: 1000 });
    await harness.store.put({ key: b('a'), value: b(''), lease: id });
    await rejects(harness.store.leaseGrant({ id: 42n, ttlSeconds: 1000 }), 'ErrLeaseExist');
    const store = await harness.restart();
    assert.deepEqual((await store.leaseTimeToLive(42n)).keys.map(text), ['a']);
    await store.leaseRevoke(42n);
    assert.equal((await store.range({ key: b('a') })).count, 0);
  });

  story('a key that moves to another lease leaves the first', async ({ store }) => {
    const first = await store.leaseGrant({ ttlSeconds: 10 });
    await store.put({ key: b('a'), value: b(''), lease: first.id });
    await store.put({ key: b('a'), value: b('') });
    await store.leaseRevoke(first.id);
    assert.equal((await store.range({ key: b('a') })).count, 1);
  });
}

/** `KEDGE_ETCD_SEED=7` plays one history again. */
const ownSeed = process.env['KEDGE_ETCD_SEED'];
const seeds = ownSeed === undefined ? [1, 2, 12] : [Number(ownSeed)];

/** Random histories, held against the model; a failure names the seed that plays it again. */
function historyStories(story: Story, differences: Differences): void {
  for (const seed of seeds) {
    story(`a random history agrees with the model (KEDGE_ETCD_SEED=${seed})`, (harness) =>
      new RandomHistory(harness, seed, differences).run(historySteps),
    );
    story(`what several clients do at once has one order (KEDGE_ETCD_SEED=${seed})`, async ({ store, connect }) => {
      const more = connect ? await Promise.all([connect(), connect(), connect()]) : [store, store, store];
      await concurrentHistory([store, ...more], seed, historySteps / 4);
    });
  }
}

async function collect(watch: Watch, count: number): Promise<WatchResponse[]> {
  const responses: WatchResponse[] = [];
  for await (const response of watch) {
    responses.push(response);
    if (responses.length === count) break;
  }
  return responses;
}

async function rejects(promise: Promise<unknown>, code: EtcdErrorCode): Promise<void> {
  await assert.rejects(promise, (error) => error instanceof EtcdError && error.code === code);
}
