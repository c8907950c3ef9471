import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { seededRandom, silentLogger, VirtualClock } from '#base';
import { EtcdError, openEmbeddedStore } from '#etcd';
import { compaction } from './compaction.ts';

const key = Buffer.from('/registry/pods/a');

async function world() {
  const directory = await mkdtemp(join(tmpdir(), 'kedge-compaction-'));
  const facts = { clock: new VirtualClock(), log: silentLogger };
  const store = await openEmbeddedStore({ directory, random: seededRandom(7), ...facts });
  const stop = new AbortController();
  const told: number[] = [];
  const compacted = (revision: number): void => void told.push(revision);
  const start = (signal: AbortSignal): Promise<void> =>
    compaction({ store, ...facts, historyMs: 60_000, compacted }).run(signal);
  const running = [start(stop.signal)];
  return {
    told,
    /** Starts another server; returns how to end it. */
    another: (): (() => void) => {
      const end = new AbortController();
      running.push(start(AbortSignal.any([end.signal, stop.signal])));
      return () => end.abort();
    },
    revision: async (): Promise<number> => (await store.status()).header.revision,
    /** Writes, and lets so many seconds pass; returns the revision of the write. */
    write: async (seconds: number): Promise<number> => {
      const { header } = await store.put({ key, value: Buffer.from('x') });
      await wait(seconds);
      return header.revision;
    },
    wait,
    canRead: async (revision: number): Promise<boolean> => {
      try {
        return (await store.range({ key, revision })).kvs.length === 1;
      } catch (error) {
        if (error instanceof EtcdError && error.code === 'ErrCompacted') return false;
        throw error;
      }
    },
    compactRevision: async (): Promise<number> => (await store.status()).compactRevision,
    compact: (revision: number) => store.compact({ revision }),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await Promise.all(running);
      await store.close();
      await rm(directory, { recursive: true });
    },
  };

  /** The disk takes no time of this clock: what was written to it is waited for, second by second. */
  async function wait(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      await facts.clock.advance(1000);
      await store.txn({ compare: [], success: [], failure: [] });
    }
  }
}

test('what was longer ago than the history is forgotten, and what was later stays', async () => {
  await using store = await world();
  const old = await store.write(10);
  const young = await store.write(30);
  const newest = await store.write(5);
  assert.deepEqual([await store.canRead(old), await store.canRead(young)], [true, true]);
  await store.wait(40);
  assert.deepEqual([await store.canRead(old), await store.canRead(young)], [false, true]);
  await store.wait(60);
  assert.deepEqual([await store.canRead(young), await store.canRead(newest)], [false, true]);
  assert.equal(await store.compactRevision(), newest);
  assert.equal(store.told.at(-1), newest);
});

test('where nothing was written nothing is compacted, and what another server has compacted is left alone', async () => {
  await using store = await world();
  const first = await store.write(30);
  const second = await store.write(1);
  await store.compact(second);
  await store.wait(200);
  assert.equal(await store.compactRevision(), second);
  assert.ok(store.told.includes(first), 'those who keep what was hear of it');
});

test('of several servers one compacts, and another when that one is gone', async () => {
  await using store = await world();
  const ends = [store.another(), store.another()];
  let written = 0;
  const writeFor = async (seconds: number): Promise<void> => {
    for (let waited = 0; waited < seconds; waited += 5, written++) await store.write(5);
  };
  await writeFor(300);
  const notes = (await store.revision()) - 1 - written;
  assert.ok(notes <= 300 / 60, `${notes} notes in five times the history, of three servers`);
  const before = await store.compactRevision();
  assert.ok(before > 1);
  for (const end of ends) end();
  await writeFor(300);
  assert.ok((await store.compactRevision()) > before + 30, 'one goes on alone');
});

test('a store that is left alone comes to rest', async () => {
  await using store = await world();
  await store.write(200);
  const revision = await store.revision();
  await store.wait(300);
  assert.equal(await store.revision(), revision);
});
