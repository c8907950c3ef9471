/** What a crash leaves at any moment between a write and its checkpoint opens as the store was; and what is no such thing does not open. */
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { execute, randomInt, seededRandom, silentLogger, systemRandom, VirtualClock, type Random } from '#base';
import { EtcdError } from '../errors.ts';
import type { Member } from '../member.ts';
import { restoreSnapshot } from '../snapshot/restore-snapshot.ts';
import { saveSnapshotOf } from '../snapshot/save-snapshot.ts';
import { snapshotStatus } from '../snapshot/status.ts';
import { openEmbeddedStore } from './embedded-store.ts';

const everything = { key: Buffer.of(0), rangeEnd: Buffer.of(0) };
const b = (text: string): Buffer => Buffer.from(text);
let folder: string;
let directories = 0;
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'kedge-crash-'))));
after(() => rm(folder, { recursive: true }));

const newDirectory = (): string => join(folder, String(directories++));

/** A store whose checkpoints come when its clock is moved. */
class World implements AsyncDisposable {
  readonly directory: string;
  readonly clock = new VirtualClock();
  store!: Member;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async open(directory = newDirectory()): Promise<World> {
    const world = new World(directory);
    const { clock } = world;
    world.store = await openEmbeddedStore({
      directory,
      clock,
      random: systemRandom,
      log: silentLogger,
    });
    return world;
  }

  /** The files as a crash now leaves them; nothing may be under way. */
  async crash(): Promise<string> {
    const directory = newDirectory();
    await cp(this.directory, directory, { recursive: true, filter: (path) => !path.endsWith('.sock') });
    return directory;
  }

  /** Brings the log into the data file. */
  async checkpoint(): Promise<void> {
    const file = join(this.directory, 'store.mdb');
    const old = await readFile(file);
    await this.clock.advance(100);
    while (old.equals(await readFile(file))) await delay(1);
    await this.store.defragment(); // waits for what is under way
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store.close();
  }
}

/** Writes of every kind. */
async function writeSome(store: Member, random: Random, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const key = b(`k${randomInt(random, 30)}`);
    const value = Buffer.alloc(randomInt(random, 3000), 'v');
    const { header } = await store.status();
    switch (randomInt(random, 9)) {
      case 0:
        await store.deleteRange({ key: b('k1'), rangeEnd: b('k2') });
        break;
      case 1:
        await store.txn({
          compare: [],
          success: ['a', 'b'].map((name) => ({ put: { key: b(name), value } })),
          failure: [],
        });
        break;
      case 2:
        await store.compact({ revision: Math.max(1, header.revision - randomInt(random, 20)) }).catch(() => {}); // done before
        break;
      case 3:
        await store.leaseGrant({ id: BigInt(1 + randomInt(random, 5)), ttlSeconds: 600 }).catch(() => {}); // there is one
        break;
      case 4:
        await store.leaseRevoke(BigInt(1 + randomInt(random, 5))).catch(() => {}); // there is none
        break;
      case 5:
        await store.buckets.write([
          { bucket: 'authUsers', key: `u${randomInt(random, 4)}`, value },
          { bucket: 'authUsers', key: `u${randomInt(random, 4)}` },
        ]);
        break;
      default:
        await store.put({ key, value, lease: (await store.leases())[0] ?? 0n });
    }
  }
}

/** All that can be asked of a store. */
async function contentOf(store: Member): Promise<unknown> {
  const { header, compactRevision } = await store.status();
  const first = Math.max(compactRevision, 2);
  const told: string[] = [];
  if (header.revision > 1) {
    for await (const { events, header: at } of store.watch({ ...everything, startRevision: first })) {
      told.push(...events.map(({ type, kv }) => `${type} ${String(kv.key)} ${kv.modRevision} ${kv.value.length}`));
      if (at.revision >= header.revision) break;
    }
  }
  const ranges = [];
  for (let revision = compactRevision; revision <= header.revision; revision += 7)
    ranges.push((await store.range({ ...everything, revision })).kvs);
  const leases = (await store.leases()).sort((a, z) => Number(a - z));
  const keys = await Promise.all(leases.map(async (id) => (await store.leaseTimeToLive(id)).keys));
  const hash = await store.hashKv();
  return { header, compactRevision, told, ranges, leases, keys, hash, users: store.buckets.entries('authUsers') };
}

async function contentIn(directory: string): Promise<unknown> {
  await using world = await World.open(directory);
  return await contentOf(world.store);
}

for (const seed of [1, 2, 3, 4]) {
  test(`after a crash a store is as it was, however much of it is in the data file (seed ${seed})`, async () => {
    const random = seededRandom(seed);
    await using world = await World.open();
    for (let round = 0; round < 8; round++) {
      await writeSome(world.store, random, 25);
      const content = await contentOf(world.store);
      const crashed = await world.crash();
      await using again = await World.open(crashed);
      assert.deepEqual(await contentOf(again.store), content, 'the log is read over the data file');
      const twice = await again.crash();
      assert.deepEqual(await contentIn(twice), content, 'and again, when nothing came of the first time');
      assert.deepEqual(await contentIn(twice), content, 'and is in the data file after it was closed');
      await writeSome(again.store, random, 5);
      assert.deepEqual(
        await contentIn(await again.crash()),
        await contentOf(again.store),
        'what is written then follows it',
      );
      if (randomInt(random, 2) === 0) await world.checkpoint();
      assert.deepEqual(await contentOf(world.store), content, 'a checkpoint changes nothing');
    }
  });
}

test('a crash within a checkpoint leaves the log to a data file that has it, or has not', async () => {
  await using world = await World.open();
  await writeSome(world.store, seededRandom(1), 60);
  await world.checkpoint();
  await writeSome(world.store, seededRandom(2), 60);
  const content = await contentOf(world.store);
  const before = await world.crash();
  await world.checkpoint();
  const after = await world.crash();
  await rm(join(after, 'wal'), { recursive: true });
  await cp(join(before, 'wal'), join(after, 'wal'), { recursive: true });
  assert.deepEqual(await contentIn(before), content);
  assert.deepEqual(await contentIn(after), content);
});

test('a store that was closed is one file, and one that is idle writes nothing', async () => {
  const world = await World.open();
  await writeSome(world.store, seededRandom(1), 20);
  await world.checkpoint();
  const files = async () => {
    const names = (await readdir(world.directory, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    return Promise.all(
      names.map(async ({ parentPath, name }) => [name, await readFile(join(parentPath, name), 'latin1')]),
    );
  };
  const idle = await files();
  assert.equal(world.clock.pendingTimers, (await world.store.leases()).length);
  await world.clock.advance(60_000);
  assert.deepEqual(await files(), idle);
  const content = await contentOf(world.store);
  await world.store.close();
  assert.deepEqual((await readdir(world.directory)).sort(), ['store.mdb', 'store.mdb-lock']);
  assert.deepEqual(await contentIn(world.directory), content);
});

test('a snapshot has what is in the log alone; none is restored beside a log', async () => {
  await using world = await World.open();
  await writeSome(world.store, seededRandom(3), 50);
  const { header } = await world.store.status();
  const snapshot = join(folder, 'saved.db');
  await saveSnapshotOf(world.store, snapshot);
  assert.equal((await snapshotStatus(snapshot)).revision, header.revision);
  const crashed = await world.crash();
  await rm(join(crashed, 'store.mdb'));
  const refusal = {
    message: `${join(crashed, 'wal')} exists: a snapshot is only restored where there is no store; move it away first`,
  };
  await assert.rejects(restoreSnapshot({ snapshot, directory: crashed }), refusal);
  await rm(join(crashed, 'wal'), { recursive: true });
  await restoreSnapshot({ snapshot, directory: crashed });
  await using restored = await World.open(crashed);
  assert.deepEqual(await restored.store.hashKv(), await world.store.hashKv());
});

async function refusedIn(directory: string): Promise<string> {
  const error: unknown = await World.open(directory).catch((reason: unknown) => reason);
  assert.ok(error instanceof EtcdError && error.code === 'ErrCorrupt', String(error));
  return error.message;
}

test('a log is not read into a data file that it does not belong to, nor behind a gap', async () => {
  await using world = await World.open();
  await writeSome(world.store, seededRandom(1), 30);
  const first = await world.crash();
  await world.checkpoint();
  await writeSome(world.store, seededRandom(2), 30);
  const crashed = await world.crash();
  await using other = await World.open();
  await writeSome(other.store, seededRandom(1), 30);

  const foreign = await other.crash();
  await rename(join(crashed, 'store.mdb'), join(folder, 'kept.mdb'));
  await rename(join(foreign, 'store.mdb'), join(crashed, 'store.mdb'));
  assert.match(await refusedIn(crashed), /\/wal\/\d\.wal belongs to another data file than the one beside it; restore/);

  await rm(join(crashed, 'store.mdb'));
  assert.match(
    await refusedIn(crashed),
    /\/wal\/\d\.wal belongs to another data file/,
    'nor is a new one made beside it',
  );

  await rename(join(folder, 'kept.mdb'), join(crashed, 'store.mdb'));
  const file = join(crashed, 'wal', (await readdir(join(crashed, 'wal')))[0] ?? '');
  const bytes = await readFile(file);
  const middle = Math.floor((bytes.length / 4096) * 0.75) * 4096; // the first half is in the data file
  const damaged = Buffer.from(bytes).fill('garbage', middle, middle + 100);
  await writeFile(file, damaged);
  assert.match(
    await refusedIn(crashed),
    /\.wal is damaged: batch \d+ cannot be read, and \d+ can; restore a snapshot, or move/,
  );
  assert.deepEqual(await readFile(file), damaged, 'it is left as it is');
  await writeFile(file, bytes);
  assert.deepEqual(await contentIn(crashed), await contentOf(world.store));
  assert.notDeepEqual(await contentIn(first), await contentOf(world.store));
});

test('a disk that fills up before a checkpoint loses nothing: the log has it, also over a restart', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('mounting a small file system needs root');
  const directory = newDirectory();
  await mkdir(directory);
  await execute(['mount', '-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', directory]);
  try {
    const filler = join(directory, 'filler');
    const world = await World.open(directory);
    await writeSome(world.store, seededRandom(5), 100);
    const content = await contentOf(world.store);
    await writeFile(filler, Buffer.alloc(38_000_000)).catch(() => {}); // full
    await world.clock.advance(100);
    await assert.rejects(world.store.put({ key: b('late'), value: b('') }), { code: 'ErrNoSpace' });
    await assert.rejects(world.store.defragment(), { code: 'ErrNoSpace' });
    assert.deepEqual(await contentOf(world.store), content, 'reads go on');
    await world.store.close();
    assert.deepEqual(await contentIn(directory), content, 'it opens and closes on a full disk');
    await rm(filler);
    const later = await World.open(directory);
    await later.store.put({ key: b('late'), value: b('') });
    await later.store.close();
    assert.deepEqual((await readdir(directory)).sort(), ['store.mdb', 'store.mdb-lock']);
  } finally {
    await execute(['umount', directory]);
  }
});
