import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { seededRandom, silentLogger, systemClock } from '#base';
import { EtcdError } from '../errors.ts';
import type { Store } from '../store.ts';
import { EtcdCluster, hasEtcd } from '../testing/etcd-cluster.ts';
import { openRemoteStore } from './remote-store.ts';

const options = { clock: systemClock, random: seededRandom(1), log: silentLogger, requestTimeoutMs: 5_000 };
const everything = { key: Buffer.from('w/'), rangeEnd: Buffer.from('w0') };

/** Writes one key after another until it is told to stop, and keeps account of what became of each. */
class Writer {
  readonly acknowledged = new Map<string, number>();
  readonly doubtful = new Set<string>();
  readonly #store: Store;
  readonly #name: string;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(store: Store, name: string) {
    this.#store = store;
    this.#name = name;
    this.#running = this.#run();
  }

  /** Waits until a write that begins now is acknowledged. */
  async succeeds(): Promise<void> {
    const already = this.acknowledged.size + 1;
    while (this.acknowledged.size <= already) await systemClock.sleep(10);
  }

  stop(): Promise<void> {
    this.#stop.abort();
    return this.#running;
  }

  async #run(): Promise<void> {
    for (let n = 0; !this.#stop.signal.aborted; n++) {
      const key = `w/${this.#name}/${n}`;
      try {
        // It must be new: a write that was done twice would be told as a failure.
        const { header, succeeded } = await this.#store.txn({
          compare: [{ key: Buffer.from(key), target: 'mod', result: '=', value: 0 }],
          success: [{ put: { key: Buffer.from(key), value: Buffer.from(this.#name) } }],
          failure: [],
        });
        assert.ok(succeeded, `${key} was written twice`);
        this.acknowledged.set(key, header.revision);
      } catch (error) {
        assert.ok(error instanceof EtcdError, String(error));
        this.doubtful.add(key);
      }
      await systemClock.sleep(5);
    }
  }
}

/** What a watch told since a revision, key by key. */
function record(store: Store, startRevision: number) {
  const watch = store.watch({ ...everything, startRevision });
  const told = new Map<string, number>();
  const reading = (async () => {
    let last = 0;
    for await (const { events, canceled } of watch) {
      assert.ok(!canceled, 'the watch was ended');
      for (const { kv } of events) {
        const key = Buffer.from(kv.key).toString();
        assert.ok(!told.has(key), `${key} was told twice`);
        assert.ok(kv.modRevision >= last, `${key} was told out of order`);
        told.set(key, (last = kv.modRevision));
      }
    }
  })();
  return { told, watch, reading };
}

describe('three members of etcd', { skip: !hasEtcd && 'etcd is not installed' }, () => {
  let cluster: EtcdCluster;
  before(async () => {
    cluster = await EtcdCluster.start(3);
  });
  after(() => cluster[Symbol.asyncDispose]());

  const withWriters = async (work: (writers: readonly Writer[]) => Promise<void>): Promise<void> => {
    const stores = await Promise.all([1, 2].map(() => openRemoteStore({ ...options, endpoints: cluster.endpoints })));
    const [first] = stores;
    assert.ok(first);
    await first.deleteRange(everything);
    const recording = record(first, (await first.status()).header.revision + 1);
    const writers = stores.map((store, at) => new Writer(store, String(at)));
    try {
      await work(writers);
    } finally {
      await Promise.all(writers.map((writer) => writer.stop()));
    }
    const { kvs } = await first.range(everything);
    const stored = new Map(kvs.map((kv) => [Buffer.from(kv.key).toString(), kv.modRevision]));
    while (recording.told.size < stored.size) {
      await Promise.race([systemClock.sleep(10), recording.reading]);
    }
    recording.watch.cancel();
    await recording.reading;
    assert.deepEqual(recording.told, stored, 'what was told is what is there');
    for (const { acknowledged, doubtful } of writers) {
      for (const [key, revision] of acknowledged) assert.equal(stored.get(key), revision, `${key} was acknowledged`);
      for (const key of acknowledged.keys()) stored.delete(key);
      for (const key of doubtful) stored.delete(key);
    }
    assert.equal(stored.size, 0, 'there is nothing that nobody wrote');
    for (const store of stores) await store.close();
  };

  test('a member that is killed is missed by nobody', () =>
    withWriters(async (writers) => {
      for (const member of [0, 1, 2]) {
        await cluster.kill(member);
        for (const writer of writers) await writer.succeeds();
        cluster.start(member);
        await healthy();
      }
    }));

  test('a member that is paused is left out, and comes back', () =>
    withWriters(async (writers) => {
      for (const member of [0, 1, 2]) {
        cluster.pause(member);
        for (let n = 0; n < 5; n++) await Promise.all(writers.map((writer) => writer.succeeds()));
        cluster.resume(member);
        await healthy();
      }
    }));

  test('without a majority writes fail in their time and say why, and go on when it is back', async () => {
    const store = await openRemoteStore({ ...options, endpoints: cluster.endpoints, requestTimeoutMs: 2_000 });
    const watch = store.watch({ key: Buffer.from('k'), startRevision: (await store.status()).header.revision + 1 });
    const told = watch[Symbol.asyncIterator]().next();
    for (const member of [0, 1]) await cluster.kill(member);
    const write = (): Promise<unknown> => store.put({ key: Buffer.from('k'), value: Buffer.from('v') });
    const words = /^etcdserver: (no leader|request timed out)/;
    for (let n = 0; n < 2; n++) await assert.rejects(write(), { name: 'EtcdError', message: words });
    await assert.rejects(store.range({ key: Buffer.from('k') }), { name: 'EtcdError', message: words });
    assert.equal((await store.range({ key: Buffer.from('none'), serializable: true })).count, 0);
    for (const member of [0, 1]) cluster.start(member);
    await healthy();
    await write();
    assert.equal((await told).done, false, 'the watch goes on');
    await store.close();
  });

  /** Waits until each member answers as one of a majority. */
  async function healthy(): Promise<void> {
    for (const endpoint of cluster.endpoints) {
      const store = await openRemoteStore({ ...options, endpoints: [endpoint], dialTimeoutMs: 60_000 });
      await store.range({ key: Buffer.from('k') });
      await store.close();
    }
  }
});
