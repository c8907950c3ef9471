import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, open, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { randomInt, seededRandom, silentLogger, VirtualClock } from '#base';
import { EtcdError } from '../errors.ts';
import type { Member } from '../member.ts';
import { restoreSnapshot } from '../snapshot/restore-snapshot.ts';
import { snapshotStatus } from '../snapshot/status.ts';
import { openEmbeddedStore } from './embedded-store.ts';

const everything = { key: Buffer.of(0), rangeEnd: Buffer.of(0) };
const b = (text: string): Buffer => Buffer.from(text);

class World implements AsyncDisposable {
  readonly directory: string;
  readonly #quotaBytes: number | undefined;
  store!: Member;

  private constructor(directory: string, quotaBytes: number | undefined) {
    this.directory = directory;
    this.#quotaBytes = quotaBytes;
  }

  static async open(quotaBytes?: number): Promise<World> {
    const world = new World(await mkdtemp(join(tmpdir(), 'kedge-member-')), quotaBytes);
    world.store = await world.openStore(world.directory);
    return world;
  }

  openStore(directory: string): Promise<Member> {
    const quota = this.#quotaBytes === undefined ? {} : { quotaBytes: this.#quotaBytes };
    return openEmbeddedStore({
      directory,
      clock: new VirtualClock(),
      random: seededRandom(1),
      log: silentLogger,
      ...quota,
    });
  }

  async restart(): Promise<void> {
    await this.store.close();
    this.store = await this.openStore(this.directory);
  }

  /** The snapshot in a file, followed by its checksum as a client of etcd saves it. */
  async save(): Promise<string> {
    const path = join(this.directory, 'saved.db');
    const { chunks, sizeBytes } = await this.store.snapshot();
    const hash = createHash('sha256');
    await writeFile(path, '');
    for await (const chunk of chunks) {
      hash.update(chunk);
      await appendFile(path, chunk);
    }
    assert.equal((await stat(path)).size, sizeBytes);
    await appendFile(path, hash.digest());
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store.close();
    await rm(this.directory, { recursive: true });
  }
}

async function fill(store: Member, count: number, seed = 1): Promise<void> {
  const random = seededRandom(seed);
  const { id } = await store.leaseGrant({ id: 77n, ttlSeconds: 600 });
  for (let n = 0; n < count; n++) {
    const key = b(`k${randomInt(random, 40)}`);
    const value = Buffer.alloc(randomInt(random, 3000), 'v');
    if (n % 7 === 3) await store.deleteRange({ key: b('k1'), rangeEnd: b('k2') });
    else if (n % 11 === 5) {
      const puts = ['a', 'b', 'c'].map((name) => ({ put: { key: b(`${name}${n % 5}`), value } }));
      await store.txn({ compare: [], success: puts, failure: [] });
    } else await store.put({ key, value, lease: n % 5 === 0 ? id : 0n });
  }
}

async function contents(store: Member, revision = 0): Promise<string[]> {
  const { kvs } = await store.range({ ...everything, revision });
  return kvs.map(
    ({ key, value, modRevision, createRevision, version, lease }) =>
      `${String(key)}=${value.length}@${modRevision}/${createRevision}/${version}/${lease}`,
  );
}

async function eventsFrom(store: Member, startRevision: number, until: number): Promise<string[]> {
  const told: string[] = [];
  for await (const { header, events } of store.watch({ ...everything, startRevision })) {
    told.push(...events.map(({ type, kv }) => `${header.revision} ${type} ${String(kv.key)} ${kv.value.length}`));
    if (header.revision >= until) break;
  }
  return told;
}

test('a snapshot restores every version that was kept, leases and users; and has the same hash', async () => {
  await using world = await World.open();
  await fill(world.store, 400);
  await world.store.compact({ revision: 150 });
  await world.store.buckets.write([
    { bucket: 'authUsers', key: 'root', value: b('user') },
    { bucket: 'auth', key: 'authEnabled', value: Buffer.of(1) },
  ]);
  const path = await world.save();
  const directory = join(world.directory, 'restored');
  const { revision } = await restoreSnapshot({ snapshot: path, directory });
  const { header } = await world.store.status();
  assert.equal(revision, header.revision);
  await using restored = await world.openStore(directory);
  for (const at of [0, 150, 151, 200, 333])
    assert.deepEqual(await contents(restored, at), await contents(world.store, at));
  assert.deepEqual(await eventsFrom(restored, 150, revision), await eventsFrom(world.store, 150, revision));
  assert.deepEqual(await restored.hashKv(), await world.store.hashKv());
  assert.deepEqual(await restored.leaseTimeToLive(77n), await world.store.leaseTimeToLive(77n));
  assert.deepEqual(restored.buckets.get('authUsers', 'root'), Uint8Array.from(b('user')));
  assert.deepEqual(restored.buckets.entries('auth'), [['authEnabled', Uint8Array.of(1)]]);
  await assert.rejects(restored.range({ key: b('k1'), revision: 149 }), { code: 'ErrCompacted' });
});

test('a snapshot is of one moment, whatever is written and compacted while it is made', async () => {
  await using world = await World.open();
  await fill(world.store, 300);
  const before = await contents(world.store);
  const { header } = await world.store.status();
  const saving = world.save();
  await fillMore(world.store, header.revision);
  const status = await snapshotStatus(await saving);
  assert.equal(status.revision, header.revision);
  assert.equal(status.totalKeys, before.length);
});

async function fillMore(store: Member, compactAt: number): Promise<void> {
  const writes = Array.from({ length: 200 }, (_, n) => store.put({ key: b(`k${n}`), value: Buffer.alloc(2000) }));
  await store.compact({ revision: compactAt });
  await Promise.all(writes);
}

test('a restored revision can be lifted over what clients have seen', async () => {
  await using world = await World.open();
  await fill(world.store, 20);
  const directory = join(world.directory, 'restored');
  const { revision } = await restoreSnapshot({ snapshot: await world.save(), directory, bumpRevision: 1_000_000 });
  assert.equal(revision, 1_000_000 + (await world.store.status()).header.revision);
  await using restored = await world.openStore(directory);
  assert.equal((await restored.put({ key: b('new'), value: b('') })).header.revision, revision + 1);
  await assert.rejects(restored.range({ key: b('k1'), revision: 10 }), { code: 'ErrCompacted' });
  const [first] = await Array.fromAsync(restored.watch({ key: b('k1'), startRevision: 5 }));
  assert.equal(first?.compactRevision, revision);
});

test('a damaged snapshot is refused by name, and leaves nothing behind', async () => {
  await using world = await World.open();
  await fill(world.store, 200);
  const path = await world.save();
  const directory = join(world.directory, 'restored');
  const restore = (): Promise<unknown> => restoreSnapshot({ snapshot: path, directory });
  const file = await open(path, 'r+');
  await file.write(Buffer.from('!'), 0, 1, 30_000);
  await file.close();
  await assert.rejects(restore(), { message: new RegExp(`snapshot ${path} is damaged: its content does not fit`) });
  await truncate(path, 40_000);
  await assert.rejects(restore(), { message: new RegExp(`snapshot ${path} carries no checksum`) });
  const skipping = restoreSnapshot({ snapshot: path, directory, skipHashCheck: true });
  await assert.rejects(skipping, { message: /ends within page \d+: it was cut short/ });
  assert.deepEqual(await readdir(directory), []);
  await writeFile(path, Buffer.alloc(8192));
  await assert.rejects(snapshotStatus(path), { message: /is no bbolt file, or its first pages are damaged/ });
});

test('where a store lies, no snapshot is restored', async () => {
  await using world = await World.open();
  const snapshot = await world.save();
  await assert.rejects(restoreSnapshot({ snapshot, directory: world.directory }), {
    message: /store\.mdb exists: a snapshot is only restored where there is no store/,
  });
});

test('defragmentation gives space back, while everyone reads and writes, and survives a restart', async () => {
  await using world = await World.open();
  for (let n = 0; n < 500; n++) await world.store.put({ key: b('k'), value: Buffer.alloc(20_000) });
  await world.store.compact({ revision: 500 });
  const before = await world.store.status();
  const writes: Promise<unknown>[] = [];
  const defragmenting = world.store.defragment();
  for (let n = 0; n < 300; n++) {
    writes.push(world.store.put({ key: b(`during${n}`), value: b(String(n)) }));
    assert.equal((await world.store.range({ key: b('k') })).kvs[0]?.value.length, 20_000);
  }
  await Promise.all([defragmenting, ...writes]);
  const after = await world.store.status();
  assert.ok(after.dbSizeBytes < before.dbSizeBytes / 5, `${before.dbSizeBytes} bytes, then ${after.dbSizeBytes}`);
  await world.store.put({ key: b('after'), value: b('1') });
  const all = await contents(world.store);
  const hash = await world.store.hashKv();
  await world.restart();
  assert.equal(all.length, 302);
  assert.deepEqual(await contents(world.store), all);
  assert.deepEqual(await world.store.hashKv(), hash);
  await world.store.defragment();
  await world.store.defragment();
  assert.deepEqual(await contents(world.store), all);
  assert.deepEqual(
    (await readdir(world.directory)).filter((name) => name.startsWith('defragmented')),
    [],
  );
});

test('a store that was defragmented opens again, also when nothing was written since', async () => {
  await using world = await World.open();
  for (let round = 0; round < 4; round++) {
    await world.store.put({ key: b('k'), value: Buffer.alloc(1000) });
    await world.store.defragment();
    const all = await contents(world.store);
    await world.restart();
    assert.deepEqual(await contents(world.store), all);
  }
});

test('past its quota a store takes only what frees space, until the alarm is disarmed', async () => {
  await using world = await World.open(1024 * 1024);
  const noSpace = (error: unknown): boolean => error instanceof EtcdError && error.code === 'ErrNoSpace';
  const big = Buffer.alloc(50_000);
  let taken = 0;
  const writeOn = async (): Promise<void> => {
    for (; ; taken++) await world.store.put({ key: b(`k${taken}`), value: big });
  };
  await assert.rejects(writeOn(), noSpace);
  assert.deepEqual(world.store.alarms(), ['noSpace']);
  await assert.rejects(world.store.put({ key: b('small'), value: b('') }), noSpace);
  await assert.rejects(world.store.leaseGrant({ ttlSeconds: 10 }), noSpace);
  await world.restart();
  assert.deepEqual(world.store.alarms(), ['noSpace'], 'a restart does not make room');
  assert.equal((await world.store.range({ ...everything, countOnly: true })).count, taken);
  const { header } = await world.store.deleteRange({ ...everything });
  await world.store.compact({ revision: header.revision });
  await world.store.defragment();
  await world.store.disarmAlarm('noSpace');
  await world.store.put({ key: b('small'), value: b('') });
  assert.deepEqual(world.store.alarms(), []);
});

test('a member that is said to be corrupt serves nothing that others should trust', async () => {
  await using world = await World.open();
  await world.store.raiseAlarm('corrupt');
  for (const call of [
    world.store.range({ key: b('k') }),
    world.store.put({ key: b('k'), value: b('') }),
    world.store.compact({ revision: 1 }),
    world.store.leaseGrant({ ttlSeconds: 1 }),
  ])
    await assert.rejects(call, { code: 'ErrCorrupt' });
  assert.equal((await world.store.range({ key: b('k'), serializable: true })).count, 0);
  await world.store.disarmAlarm('corrupt');
  await world.store.put({ key: b('k'), value: b('') });
});
