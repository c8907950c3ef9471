/** A data file that was changed by anything but the store: nothing of it is believed, and LMDB never sees it. */
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { randomInt, seededRandom, silentLogger, systemClock, type Random } from '#base';
import { EtcdError } from '../../errors.ts';
import type { Store } from '../../store.ts';
import { openEmbeddedStore } from '../embedded-store.ts';
import { checkDataFile } from './check-data-file.ts';
import { pageHeaderBytes, readMeta } from './layout.ts';

const options = { clock: systemClock, random: seededRandom(1), log: silentLogger };
const pageSize = 4096;
let folder: string;
let whole: string;
let size: number;
let content: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kedge-damage-'));
  whole = join(folder, 'whole', 'store.mdb');
  await using store = await openEmbeddedStore({ directory: join(folder, 'whole'), ...options });
  await fill(store);
  content = await contentOf(store);
  size = (await stat(whole)).size;
});
after(() => rm(folder, { recursive: true }));

/** Small and large values, deletions, a compaction and a lease: every kind of page is there. */
async function fill(store: Store): Promise<void> {
  const bytes = (n: number): number => (n % 7 === 0 ? 9000 : 100 + n);
  const put = (n: number) =>
    store.put({ key: Buffer.from(`k${n % 300}`), value: Buffer.alloc(bytes(n), `value ${n} `) });
  for (let n = 0; n < 600; n += 20) await Promise.all(Array.from({ length: 20 }, (_, at) => put(n + at)));
  await store.deleteRange({ key: Buffer.from('k1'), rangeEnd: Buffer.from('k2') });
  await store.compact({ revision: 400 });
  await store.leaseGrant({ ttlSeconds: 3600, id: 7n });
  for (let n = 600; n < 640; n++) await put(n);
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** All that can be read of a store. */
async function contentOf(store: Store): Promise<string> {
  const everything = { key: Buffer.from([0]), rangeEnd: Buffer.from([0]) };
  const { header, kvs } = await store.range(everything);
  const lines = kvs.map((kv) => `${text(kv.key)} ${kv.createRevision} ${kv.modRevision} ${text(kv.value)}`);
  return `${header.revision} ${(await store.leases()).join()} ${lines.join('\n')}`;
}

/**
 * Opens a damaged copy. Either it is refused, with the file's name, or all of it is as it was: then the damage was where
 * nothing lies, and the store can also be written to.
 */
async function refusedOrWhole(damage: (file: string) => Promise<void>): Promise<'refused' | 'whole'> {
  const directory = await mkdtemp(join(folder, 'copy-'));
  const file = join(directory, 'store.mdb');
  await copyFile(whole, file);
  await damage(file);
  const damagedBytes = await readFile(file);
  try {
    await using store = await openEmbeddedStore({ directory, ...options });
    assert.ok((await contentOf(store)) === content, 'something else was read');
    for (let n = 0; n < 20; n++) await store.put({ key: Buffer.from(`new${n}`), value: Buffer.alloc(3000 * (n % 3)) });
    return 'whole';
  } catch (error) {
    assert.ok(error instanceof EtcdError, String(error));
    assert.equal(error.code, 'ErrCorrupt');
    assert.ok(error.message.includes(`${file} `), error.message);
    assert.match(error.message, /; move it away, or restore it from a copy$/);
    assert.ok(damagedBytes.equals(await readFile(file)), 'the file is left as it is');
    return 'refused';
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function overwrite(file: string, position: number, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(bytes, 0, bytes.length, position);
  await handle.close();
}

/** A page that is in use, anywhere in the file. */
const somePage = (random: Random): number => randomInt(random, size / pageSize);

const damages: Record<string, (file: string, random: Random) => Promise<void>> = {
  'a byte is another': async (file, random) => {
    const position = randomInt(random, size);
    const byte = (await readFile(file))[position] ?? 0;
    await overwrite(file, position, Uint8Array.of(byte ^ (1 << randomInt(random, 8))));
  },
  'a byte in the first of a page is another': async (file, random) => {
    const position = somePage(random) * pageSize + randomInt(random, 200);
    await overwrite(file, position, random.bytes(1));
  },
  'a byte in the meta pages is another': async (file, random) => {
    const position = randomInt(random, 2) * pageSize + randomInt(random, 160);
    await overwrite(file, position, random.bytes(1));
  },
  'a page is garbage': (file, random) => overwrite(file, somePage(random) * pageSize, random.bytes(pageSize)),
  'a page is zeros': (file, random) => overwrite(file, somePage(random) * pageSize, new Uint8Array(pageSize)),
  'a page is a copy of another': async (file, random) => {
    const bytes = await readFile(file);
    const from = somePage(random) * pageSize;
    await overwrite(file, somePage(random) * pageSize, bytes.subarray(from, from + pageSize));
  },
  'the number of a list of free pages is shorter': async (file, random) => {
    const bytes = await readFile(file);
    for (const offset of [0, pageSize]) {
      const list = (readMeta(bytes, offset)?.free.root ?? assert.fail('no meta page')) * pageSize;
      const entry = list + pageHeaderBytes + bytes.readUInt16LE(list + pageHeaderBytes);
      await overwrite(file, entry + 6, Uint8Array.of(randomInt(random, 8), 0));
    }
  },
};

test('a whole file passes, and so does one that is not there or empty', async () => {
  await checkDataFile(whole);
  await checkDataFile(join(folder, 'none'));
  assert.equal(await refusedOrWhole(async () => {}), 'whole');
});

for (const [title, damage] of Object.entries(damages)) {
  test(`${title}: it is refused, or makes no difference`, async () => {
    const outcomes: string[] = [];
    for (let seed = 1; seed <= 25; seed++) {
      const outcome = refusedOrWhole((file) => damage(file, seededRandom(seed)));
      outcomes.push(await outcome.catch((error: unknown) => assert.fail(`seed ${seed}: ${String(error)}`)));
    }
    assert.ok(outcomes.includes('refused'), 'some of it mattered');
  });
}
