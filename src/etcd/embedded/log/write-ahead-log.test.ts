/** The log by itself: what is acknowledged is read back, whatever is done to its tail; what is damaged before that is refused. */
import assert from 'node:assert/strict';
import { constants } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { execute, randomInt, seededRandom, type Random } from '#base';
import { EtcdError } from '../../errors.ts';
import type { Batch } from '../environment.ts';
import { encodeLogRecord, logPageBytes, type LogPosition } from './log-record.ts';
import { encodeBatch } from './logged-batch.ts';
import { readLog, type FoundLog } from './read-log.ts';
import { segmentBytes } from './segment.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

const id = 7;

async function inDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kedge-log-'));
  try {
    await work(join(folder, 'wal'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const read = (directory: string, after = 0): Promise<FoundLog> => readLog(directory, { id, after });

async function openLog(directory: string, after = 0): Promise<WriteAheadLog> {
  return new WriteAheadLog(directory, id, await read(directory, after));
}

/** A batch that tells its number. */
function numbered(revision: number, bytes = 100): Batch {
  return { records: [{ revision, record: Buffer.alloc(bytes, `record ${revision} `) }], revision };
}

function revisionsOf({ batches }: FoundLog): number[] {
  for (const { batch } of batches) {
    for (const { revision, record } of batch.records)
      assert.ok(Buffer.alloc(record.length, `record ${revision} `).equals(record));
  }
  return batches.map(({ batch }) => batch.revision ?? 0);
}

const upTo = (end: number, start = 1): number[] => Array.from({ length: end - start + 1 }, (_, at) => start + at);

/** A log of batches with records of these sizes, as a crash leaves it. */
async function written(directory: string, ...sizes: number[]): Promise<{ file: string; bytes: Buffer }> {
  const log = await openLog(directory);
  for (const [at, size] of sizes.entries()) await log.append(numbered(at + 1, size));
  await log.close();
  const file = join(directory, '1.wal');
  return { file, bytes: await readFile(file) };
}

const refusal = (file: string, what: RegExp) => (error: unknown) =>
  error instanceof EtcdError &&
  error.code === 'ErrCorrupt' &&
  error.message.includes(`${file} `) &&
  what.test(error.message) &&
  error.message.endsWith(
    '; restore a snapshot, or move the folder away to open the store as it was before its newest writes',
  );

test('everything that a batch can say is read back', async () => {
  await inDirectory(async (directory) => {
    const batch: Required<Omit<Batch, 'sequence' | 'id'>> = {
      records: [
        { revision: 5, record: Uint8Array.of(1, 2, 3) },
        { revision: 2 ** 40, record: new Uint8Array() },
      ],
      removed: [1, 2, 2 ** 41],
      leases: [{ id: -5n, ttlSeconds: 9_000_000_000 }, { id: 7n }],
      buckets: [
        { bucket: 'alarm', key: 'noSpace', value: new Uint8Array() },
        { bucket: 'authUsers', key: 'jörg' },
      ],
      compactRevision: 4,
      revision: 2 ** 42,
    };
    const log = await openLog(directory);
    await log.append(batch);
    await log.append({ records: [] });
    await log.close();
    const [first, second] = (await read(directory)).batches;
    assert.deepEqual(first?.batch, batch);
    assert.deepEqual(second?.batch.records, []);
    assert.deepEqual(revisionsOf(await read(directory, 2)), [], 'what the data file has is not read again');
  });
});

for (const size of [100, 2 * logPageBytes]) {
  test(`a record of ${size} bytes that is torn at any byte was not acknowledged, and hides nothing before it`, async () => {
    await inDirectory(async (directory) => {
      const { file, bytes } = await written(directory, 100, 5000, size);
      const start = 3 * logPageBytes;
      const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
      const remains = seededRandom(1).bytes(bytes.length);
      for (let at = start; at < end; at += size > 1000 && at > start + 100 && at < end - 100 ? 37 : 1) {
        for (const tail of [Buffer.alloc(0), Buffer.alloc(bytes.length - at), remains.subarray(at)]) {
          await writeFile(file, Buffer.concat([bytes.subarray(0, at), tail]));
          assert.deepEqual(revisionsOf(await read(directory)), [1, 2], `torn at ${at}`);
        }
      }
      const log = await openLog(directory);
      await log.append(numbered(3, 50));
      await log.append(numbered(4, 50));
      await log.close();
      assert.deepEqual(revisionsOf(await read(directory)), upTo(4), 'the log goes on behind what was whole');
    });
  });
}

test('a bit that flips before other records is refused by the name of the file, in every byte that says anything', async () => {
  await inDirectory(async (directory) => {
    const { file, bytes } = await written(directory, 100, 6000, 100, 100);
    const records = [
      [0, 250],
      [logPageBytes, 6150],
      [3 * logPageBytes, 250],
    ] as const;
    let refused = 0;
    for (const [start, length] of records) {
      for (let at = start; at < start + length; at += length > 1000 ? 13 : 1) {
        const damaged = Buffer.from(bytes);
        damaged[at]! ^= 1 << (at % 8);
        await writeFile(file, damaged);
        const found = await read(directory).catch((error: unknown) => error);
        if (refusal(file, /is damaged: batch \d cannot be read, and \d can/)(found)) refused++;
        else assert.deepEqual(revisionsOf(found as FoundLog), upTo(4), `byte ${at} is read by nobody`);
      }
    }
    assert.ok(refused > 700, `${refused} refused`);
    await writeFile(file, Buffer.from(bytes).fill(0, logPageBytes, 2 * logPageBytes));
    await assert.rejects(read(directory), refusal(file, /batch 2 cannot be read, and 3 can/));
    assert.deepEqual(revisionsOf(await read(directory, 2)), [3, 4], 'what the data file has may be damaged');
  });
});

test('a segment that is gone, and a log that does not go on from the data file, are refused', async () => {
  await inDirectory(async (directory) => {
    await written(directory, 100, 100);
    const log = await openLog(directory);
    await log.append(numbered(3));
    await log.close();
    assert.deepEqual((await readdir(directory)).sort(), ['1.wal', '2.wal']);
    await assert.rejects(
      readLog(directory, { id: 8, after: 0 }),
      refusal(join(directory, '1.wal'), /belongs to another/),
    );
    await rm(join(directory, '1.wal'));
    await assert.rejects(read(directory), refusal(join(directory, '2.wal'), /batch 1 cannot be read, and 3 can/));
    await assert.rejects(read(directory, 1), refusal(join(directory, '2.wal'), /batch 2 cannot be read, and 3 can/));
    assert.deepEqual(revisionsOf(await read(directory, 2)), [3]);
  });
});

/** What a crash leaves after any number of writes and checkpoints, with segments that are used again and again. */
async function playInTurn(directory: string, random: Random): Promise<{ used: number; files: number }> {
  let log = await openLog(directory);
  let [sequence, freed, used, files] = [0, 0, 0, 0];
  for (let step = 0; step < 120; step++) {
    const bytes = randomInt(random, 4) === 0 ? randomInt(random, 3_000_000) : randomInt(random, 20_000);
    used += (await log.append(numbered(++sequence, bytes))).bytes;
    if (randomInt(random, 6) === 0) await log.free((freed += randomInt(random, sequence - freed + 1)));
    if (randomInt(random, 10) > 0) continue;
    await log.close();
    assert.deepEqual(revisionsOf(await read(directory, freed)), upTo(sequence, freed + 1), `step ${step}`);
    files = Math.max(files, (await readdir(directory)).length);
    log = await openLog(directory, freed);
  }
  await log.free(sequence);
  assert.deepEqual(revisionsOf(await read(directory, sequence)), []);
  await log.remove();
  await assert.rejects(stat(directory), { code: 'ENOENT' });
  return { used, files };
}

for (const seed of [1, 2, 3]) {
  test(`segments are used in turn, and their remains are never taken for records (seed ${seed})`, async () => {
    await inDirectory(async (directory) => {
      const { used, files } = await playInTurn(directory, seededRandom(seed));
      assert.ok(used > 4 * segmentBytes, `${used} bytes`);
      assert.ok(files < 12, `${files} files`);
    });
  });
}

/** How this process has a file open (`fcntl.h`), once for each time. */
async function flagsOf(path: string): Promise<number[]> {
  const numbers = await readdir('/proc/self/fd');
  const flags = numbers.map(async (number) => {
    if ((await readlink(`/proc/self/fd/${number}`).catch(() => '')) !== path) return [];
    const info = await readFile(`/proc/self/fdinfo/${number}`, 'utf8');
    return [Number.parseInt(/^flags:\s*(\d+)$/m.exec(info)?.[1] ?? '', 8)];
  });
  return (await Promise.all(flags)).flat();
}

test('every write is flushed as it is made, and soon goes to a file that has its place on the disk already', async () => {
  await inDirectory(async (directory) => {
    const log = await openLog(directory);
    const second = join(directory, '2.wal');
    const isUsed = async (): Promise<boolean> => (await readFile(second)).readUInt32LE(0) !== 0;
    let count = 0;
    do await log.append(numbered(++count, 10_000));
    while (!(await isUsed().catch(() => false))); // it is not there yet
    assert.equal((await stat(second)).size, segmentBytes);
    for (const file of ['1.wal', '2.wal']) {
      const flags = await flagsOf(join(directory, file));
      assert.deepEqual(
        flags.map((flag) => flag & constants.O_DSYNC),
        [constants.O_DSYNC],
      );
    }
    await log.close();
    assert.deepEqual(revisionsOf(await read(directory)), upTo(count));
  });
});

/** Records as a failed write and what came after it leave them. */
async function leave(
  directory: string,
  file: string,
  ...records: [Omit<LogPosition, 'id'>, revision: number][]
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const encoded = records.map(([at, revision]) =>
    encodeLogRecord({ id, ...at }, encodeBatch(numbered(revision)), (bytes) => Buffer.alloc(bytes)),
  );
  await writeFile(join(directory, file), Buffer.concat(encoded));
}

test('what a failed write left on the disk is void once another has taken its place', async () => {
  await inDirectory(async (directory) => {
    const whole = { epoch: 1, start: 1 };
    await leave(directory, '1.wal', [{ ...whole, sequence: 1 }, 1], [{ ...whole, sequence: 2 }, 99]);
    const anew = { epoch: 2, start: 2 };
    await leave(directory, '2.wal', [{ ...anew, sequence: 2 }, 2], [{ ...anew, sequence: 3 }, 3]);
    assert.deepEqual(revisionsOf(await read(directory)), [1, 2, 3]);
    const file = join(directory, '2.wal');
    const bytes = await readFile(file);
    await writeFile(file, Buffer.from(bytes).fill(1, 50, 60));
    await assert.rejects(
      read(directory),
      refusal(file, /batch 2 cannot be read, and 3 can/),
      'nor is it taken for the other',
    );
    await writeFile(file, bytes.subarray(0, logPageBytes));
    assert.deepEqual(revisionsOf(await read(directory)), [1, 2]);
  });
});

test('a write that fails takes no place, and the next one does not go where it failed', async () => {
  await inDirectory(async (directory) => {
    await mkdir(directory);
    const log = new WriteAheadLog(directory, id, { batches: [], segments: [], sequence: 0, epoch: 0 });
    await symlink('/dev/full', join(directory, '1.wal'));
    await assert.rejects(log.append(numbered(1)), { code: 'ENOSPC' });
    assert.equal((await log.makeVoid())?.sequence, 1);
    await log.append(numbered(2));
    await log.append(numbered(3));
    await log.close();
    const found = await read(directory);
    assert.deepEqual(revisionsOf(found), [0, 2, 3], 'an empty batch has taken the place of the failed one');
  });
});

test('a log that meets the end of the disk goes on when there is room, without what was refused', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('mounting a small file system needs root');
  await inDirectory(async (directory) => {
    await mkdir(directory);
    await execute(['mount', '-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', directory]);
    try {
      await writeFile(join(directory, 'filler'), Buffer.alloc(100_000));
      const log = await openLog(directory);
      const acknowledged: number[] = [];
      let refused = 0;
      for (let n = 1; n <= 40; n++) {
        const written = await log.append(numbered(n, 9000)).then(
          () => true,
          () => log.makeVoid().then(() => false),
        );
        if (written) acknowledged.push(n);
        else if (refused++ === 3) await rm(join(directory, 'filler'));
      }
      await log.close();
      assert.ok(refused > 3 && acknowledged.length > 20, `${refused} refused`);
      const found = revisionsOf(await read(directory)).filter((revision) => revision > 0);
      assert.deepEqual(found, acknowledged);
    } finally {
      await execute(['umount', directory]);
    }
  });
});
