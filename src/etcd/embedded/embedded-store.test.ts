import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { execute, seededRandom, silentLogger, systemClock, VirtualClock, type Timer } from '#base';
import { EtcdError } from '../errors.ts';
import { storeContract, type StoreHarness } from '../testing/contract.ts';
import { openEmbeddedStore } from './embedded-store.ts';

/** Short waits pass by themselves, and at once: what waits for its checkpoint is brought over in the midst of everything. */
class HastyClock extends VirtualClock {
  override timer(ms: number, call: () => void): Timer {
    return ms < 1000 ? systemClock.timer(0, call) : super.timer(ms, call);
  }
}

async function openHarness(clock = new VirtualClock()): Promise<StoreHarness> {
  const directory = await mkdtemp(join(tmpdir(), 'kedge-store-'));
  const open = () => openEmbeddedStore({ directory, clock, random: seededRandom(1), log: silentLogger });
  let store = await open();
  return {
    store,
    clock,
    advance: (ms) => clock.advance(ms),
    restart: async () => {
      await store.close();
      return (store = await open());
    },
    dispose: async () => {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
}

storeContract('embedded', { open: () => openHarness() });
storeContract('embedded, with checkpoints all the time', { open: () => openHarness(new HastyClock()) });

const options = { clock: systemClock, random: seededRandom(1), log: silentLogger };

test('a full disk refuses writes and loses nothing; writing goes on when there is room', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('mounting a small file system needs root');
  const directory = await mkdtemp(join(tmpdir(), 'kedge-store-'));
  await execute(['mount', '-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', directory]);
  try {
    await using store = await openEmbeddedStore({ directory, ...options });
    const filler = join(directory, 'filler');
    await store.put({ key: Buffer.from('before'), value: Buffer.alloc(1000, 'x') });
    await writeFile(filler, Buffer.alloc(15_500_000)).catch(() => {});
    const results = await Promise.allSettled(
      Array.from({ length: 200 }, (_, n) => store.put({ key: Buffer.from(`k${n}`), value: Buffer.alloc(10_000) })),
    );
    const failed = results.filter((result) => result.status === 'rejected');
    assert.ok(failed.length > 0, 'the disk is full');
    assert.ok(failed.every(({ reason }) => reason instanceof EtcdError && reason.code === 'ErrNoSpace'));
    const { kvs } = await store.range({ key: Buffer.from('before') });
    assert.equal(kvs[0]?.value.length, 1000);
    const stored = await store.range({ key: Buffer.from('k'), rangeEnd: Buffer.from('l'), countOnly: true });
    assert.equal(stored.count, results.length - failed.length, 'what failed is not seen');
    await rm(filler);
    await store.put({ key: Buffer.from('after'), value: Buffer.alloc(1000, 'y') });
    assert.equal((await store.range({ key: Buffer.from('after') })).count, 1);
  } finally {
    await execute(['umount', directory]);
    await rm(directory, { recursive: true });
  }
});

test('a store that is open is refused to a second one, which is told who has it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kedge-store-'));
  try {
    const store = await openEmbeddedStore({ directory, ...options });
    await assert.rejects(openEmbeddedStore({ directory, ...options }), {
      message: `the store in ${directory} is in use by process ${process.pid}`,
    });
    await store.close();
    await (await openEmbeddedStore({ directory, ...options })).close();
  } finally {
    await rm(directory, { recursive: true });
  }
});

async function refusedAfter(damage: (file: string) => Promise<void>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kedge-store-'));
  const file = join(directory, 'store.mdb');
  try {
    const store = await openEmbeddedStore({ directory, ...options });
    for (let n = 0; n < 50; n++) await store.put({ key: Buffer.from(`k${n}`), value: Buffer.alloc(1000) });
    await store.close();
    await damage(file);
    const error: unknown = await openEmbeddedStore({ directory, ...options }).catch((reason: unknown) => reason);
    assert.ok(error instanceof EtcdError);
    assert.equal(error.code, 'ErrCorrupt');
    assert.ok(error.message.includes(file), 'the file is named');
    return error.message;
  } finally {
    await rm(directory, { recursive: true });
  }
}

test('a file that is no store, or was cut short, is refused by name', async () => {
  assert.match(await refusedAfter((file) => writeFile(file, Buffer.alloc(10_000, 'garbage'))), /is no data file/);
  assert.match(await refusedAfter((file) => writeFile(file, 'short')), /is no data file/);
  assert.match(
    await refusedAfter((file) => truncate(file, 20_000)),
    /is damaged: page \d+ is missing, the file was cut short/,
  );
});
