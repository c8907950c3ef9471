import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { execute, randomInt, runProcess, seededRandom, silentLogger, systemClock, systemRandom } from '#base';
import type { Store } from '../store.ts';
import { WriterProcess } from '../testing/writer-process.ts';
import { openEmbeddedStore } from './embedded-store.ts';

/** Times that a process is killed; `docs/reliability.md` has the result of a whole run. */
const kills = Number(process.env['KEDGE_FAULT_KILLS'] ?? 5);
const everything = { key: Buffer.of(0), rangeEnd: Buffer.of(0) };

async function inDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'kedge-faults-'));
  try {
    await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

interface Found {
  revision: number;
  count: number;
  keys: Map<string, number>;
}

/**
 * The store as a restart finds it: the revision of every key under the prefixes, each with its whole value; and a watch from
 * behind `since` on, told once and in order.
 */
async function restarted(directory: string, { since = 1, prefixes = [''], valueBytes = 500 } = {}): Promise<Found> {
  await using store = await openEmbeddedStore({
    directory,
    clock: systemClock,
    random: seededRandom(1),
    log: silentLogger,
  });
  const keys = new Map<string, number>();
  for (const prefix of prefixes) {
    const { kvs } = await store.range({
      key: Buffer.from(prefix || '\0'),
      rangeEnd: Buffer.from(`${prefix}\xff`, 'latin1'),
    });
    for (const { key, value, modRevision } of kvs) {
      keys.set(String(key), modRevision);
      assert.deepEqual(value, Buffer.alloc(valueBytes, key), `the value of ${String(key)}`);
    }
  }
  const { header, count } = await store.range({ ...everything, countOnly: true });
  const told = await toldSince(store, since, header.revision);
  for (const [key, at] of told) assert.equal(keys.get(key), at);
  const revisions = told.map(([, revision]) => revision);
  const wanted = Array.from({ length: header.revision - since }, (_, at) => since + 1 + at);
  assert.deepEqual(revisions, wanted, 'every revision once, in order');
  return { revision: header.revision, count, keys };
}

async function toldSince(store: Store, since: number, until: number): Promise<[key: string, revision: number][]> {
  const told: [string, number][] = [];
  if (until === since) return told;
  for await (const { events } of store.watch({ ...everything, startRevision: since + 1 })) {
    for (const { kv } of events) told.push([String(kv.key), kv.modRevision]);
    if (told.at(-1)?.[1] === until) break;
  }
  return told;
}

/** Starts a process that opens and writes, and ends it some time later, wherever it is then; returns what it acknowledged. */
async function interrupted(directory: string, name: string): Promise<Map<string, number>> {
  const writer = new WriterProcess(directory, name);
  await delay(randomInt(systemRandom, 400));
  await writer.kill();
  return writer.acknowledged;
}

async function killed(directory: string, name: string, valueBytes = 500): Promise<Map<string, number>> {
  const writer = new WriterProcess(directory, name, valueBytes);
  const enough = 1 + randomInt(systemRandom, 500);
  await writer.until(() => writer.acknowledged.size >= enough);
  await writer.kill();
  return writer.acknowledged;
}

function assertThere(acknowledged: ReadonlyMap<string, number>, keys: ReadonlyMap<string, number>): void {
  for (const [key, at] of acknowledged) assert.equal(keys.get(key), at, `${key} was acknowledged`);
}

test(`after each of ${kills} kills under load, all that was acknowledged is there, whole and in order`, async () => {
  await inDirectory(async (directory) => {
    const all = new Map<string, number>();
    let before: Found = { revision: 1, count: 0, keys: new Map() };
    for (let round = 0; round < kills; round++) {
      const acknowledged = await killed(directory, `r${round}`);
      // Every third one is also killed while it opens what the last one left, or soon after.
      if (round % 3 === 2) for (const entry of await interrupted(directory, `s${round}`)) acknowledged.set(...entry);
      const own = [`r${round}/`, `s${round}/`];
      const found = await restarted(directory, { since: before.revision, prefixes: [...own, `r${round - 1}/`] });
      assertThere(acknowledged, found.keys);
      const added = [...found.keys.keys()].filter((key) => own.some((prefix) => key.startsWith(prefix)));
      assert.equal(found.count, before.count + added.length, 'nothing else came or went');
      for (const [key, at] of before.keys) if (key.startsWith(`r${round - 1}/`)) assert.equal(found.keys.get(key), at);
      assert.equal(found.revision, before.revision + added.length, 'revisions never go back');
      for (const entry of acknowledged) all.set(...entry);
      before = found;
    }
    assertThere(all, (await restarted(directory)).keys);
  });
});

test('kills while the log goes from one segment to the next lose nothing either', async () => {
  await inDirectory(async (directory) => {
    const valueBytes = 40_000; // a segment takes some 200 of them
    let since = 1;
    for (let round = 0; round < 3; round++) {
      const acknowledged = await killed(directory, `r${round}`, valueBytes);
      const found = await restarted(directory, { since, prefixes: [`r${round}/`], valueBytes });
      assertThere(acknowledged, found.keys);
      assert.equal(found.revision, since + found.keys.size);
      since = found.revision;
    }
  });
});

/** What a block device has at this moment: what the kernel holds back for it is not there. Taken again if it changed meanwhile. */
async function imageOf(device: string, target: string): Promise<void> {
  const [first, second] = [`${target}.1`, `${target}.2`];
  const copy = (to: string) => execute(['cp', '--sparse=always', device, to]);
  await copy(first);
  for (;;) {
    await copy(second);
    const { code } = await runProcess(['cmp', '--silent', first, second]);
    if (code === 0) break;
    await rename(second, first);
  }
  await rename(first, target);
}

async function mounted(image: string, at: string, work: () => Promise<void>): Promise<void> {
  await execute(['mount', '-o', 'loop', image, at]);
  try {
    await work();
  } finally {
    await execute(['umount', at]);
  }
}

/** Writes to a file system of its own and cuts it off from its disk; what was acknowledged is then there. */
async function powerCut(folder: string, enough: number): Promise<void> {
  const [disk, cut, mount] = ['disk', 'cut', 'mount'].map((name) => join(folder, name)) as [string, string, string];
  await mkdir(mount);
  await execute(['truncate', '--size=256M', disk]);
  await execute(['mkfs.ext4', '-q', '-F', disk]);
  const directory = join(mount, 'store');
  let acknowledged = new Map<string, number>();
  await mounted(disk, mount, async () => {
    const writer = new WriterProcess(directory, 'k');
    try {
      await writer.until(() => writer.acknowledged.size > enough);
      process.kill(writer.pid, 'SIGSTOP');
      await imageOf(disk, cut);
    } finally {
      await writer.kill();
    }
    acknowledged = writer.acknowledged;
  });
  await mounted(cut, mount, async () => assertThere(acknowledged, (await restarted(directory)).keys));
}

test('when the power goes, what was acknowledged has been flushed', async (t) => {
  if (process.getuid?.() !== 0 || !existsSync('/dev/loop-control'))
    return t.skip('a disk of its own needs root and loop devices');
  for (const enough of [0, 500, 5000]) await inDirectory((folder) => powerCut(folder, enough));
});

/** The process that follows the last thread of another; 0 for none. */
async function tracerOf(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const status = await readFile(`/proc/${pid}/task/${threads.at(-1)}/status`, 'utf8');
  return Number(/^TracerPid:\s*(\d+)$/m.exec(status)?.[1]);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(5);
}

/** The files that a log can have. */
const logFiles = (directory: string): string[] =>
  Array.from({ length: 20 }, (_, at) => join(directory, 'wal', `${at + 1}.wal`));

/** Makes system calls of a process fail or last, on some files alone or on all, until the returned function is called. */
async function disturb(pid: number, injection: string, files: readonly string[] = []): Promise<() => Promise<void>> {
  const [call = ''] = injection.split(':');
  const only = files.flatMap((file) => ['-P', file]);
  const inject = ['-e', `trace=${call}`, '-e', `inject=${injection}`];
  const strace = spawn('strace', ['-f', '-qq', '-p', String(pid), ...inject, ...only, '-o', '/dev/null'], {
    stdio: 'ignore',
  });
  const exited = once(strace, 'exit');
  await until(() => tracerOf(pid).then((tracer) => tracer !== 0));
  return async () => {
    strace.kill('SIGINT'); // it lets go of the process
    await exited;
  };
}

for (const [what, injection, isLog, error] of [
  ['takes nothing', 'pwrite64:error=EIO', true, 'EIO: i/o error, write'],
  ['takes every other write', 'pwrite64:error=EIO:when=1+2', true, 'EIO: i/o error, write'],
  ['has no room', 'pwrite64:error=ENOSPC', true, 'ENOSPC: no space left on device, write'],
  ['syncs nothing, once the log is full', 'fdatasync:error=EIO', false, 'Input/output error'],
] as const) {
  test(`a disk that ${what} refuses writes in clear words, and takes them again when it recovers`, async () => {
    await inDirectory(async (directory) => {
      const valueBytes = isLog ? 500 : 40_000; // it is soon full
      const writer = new WriterProcess(directory, 'k', valueBytes);
      const failureOf = (reason: string): string => `etcdserver: write failed: ${directory}: ${reason}`;
      try {
        await writer.until(() => writer.acknowledged.size > 0);
        const recover = await disturb(writer.pid, injection, isLog ? logFiles(directory) : []);
        await writer.until(() => writer.failed > 100);
        const readBefore = writer.reads.well;
        await writer.until(() => writer.reads.well > readBefore + 20);
        assert.deepEqual([...writer.failures], [failureOf(error)]);
        await recover();
        const before = writer.acknowledged.size;
        await writer.until(() => writer.acknowledged.size > before + 200);
        await writer.stop();
      } finally {
        await writer.kill();
      }
      assert.equal(writer.reads.wrong, 0, 'reads go on');
      // Who is in the midst of a call when strace lets go of it hears, once, that there is no such call.
      const letGo = failureOf(isLog ? 'ENOSYS: function not implemented, write' : 'Function not implemented');
      for (const failure of writer.failures) assert.ok([failureOf(error), letGo].includes(failure), failure);
      const { keys } = await restarted(directory, { valueBytes });
      assert.deepEqual(keys, writer.acknowledged, 'what is there is what was acknowledged');
    });
  });
}

test('while the data file cannot be synced the log takes every write, and gives it up later', async () => {
  await inDirectory(async (directory) => {
    const writer = new WriterProcess(directory, 'k');
    try {
      await writer.until(() => writer.acknowledged.size > 0);
      const recover = await disturb(writer.pid, 'fdatasync:error=EIO');
      const before = writer.acknowledged.size;
      await writer.until(() => writer.acknowledged.size > before + 500);
      await recover();
      await writer.stop();
    } finally {
      await writer.kill();
    }
    assert.equal(writer.failed, 0);
    assert.equal(writer.reads.wrong, 0);
    assert.deepEqual((await restarted(directory)).keys, writer.acknowledged);
  });
});

/**
 * Such a failure also meets the page that completes a commit, after which LMDB wants to be opened anew. lmdb-js tells of
 * the others in a text that may overrun its buffer: then the process ends, as etcd's does at any failure to write.
 */
test('a disk that fails single writes may end the process; what was acknowledged is there', async () => {
  await inDirectory(async (directory) => {
    const writer = new WriterProcess(directory, 'k');
    try {
      await writer.until(() => writer.acknowledged.size > 0);
      const recover = await disturb(writer.pid, 'pwrite64:error=EIO:when=3+4');
      await writer.until(() => writer.failed > 100).catch(() => {});
      await recover();
    } finally {
      await writer.kill();
    }
    assert.equal(writer.reads.wrong, 0);
    const { keys } = await restarted(directory);
    for (const [key, at] of writer.acknowledged) assert.equal(keys.get(key), at, `${key} was acknowledged`);
  });
});

for (const [what, call] of [
  ['write of the log', 'pwrite64'],
  ['sync of the data file', 'fdatasync'],
] as const) {
  const isLog = call === 'pwrite64';
  test(`a disk that takes 300 ms for each ${what}: ${isLog ? 'writes wait for it, reads do not' : 'nobody waits for it'}`, async () => {
    await inDirectory(async (directory) => {
      const writer = new WriterProcess(directory, 'k');
      try {
        await writer.until(() => writer.acknowledged.size > 100);
        const recover = await disturb(writer.pid, `${call}:delay_exit=300000`, isLog ? logFiles(directory) : []);
        const before = { acknowledged: writer.acknowledged.size, read: writer.reads.well };
        await writer.until(() => writer.acknowledged.size > before.acknowledged + 64);
        if (isLog) assert.ok(writer.reads.well > before.read + 20, `${writer.reads.well - before.read} reads`);
        await recover();
        await writer.stop();
      } finally {
        await writer.kill();
      }
      assert.equal(writer.failed, 0);
      if (isLog) assert.ok(writer.maxWriteMs >= 300, 'a write was not acknowledged before it was on the disk');
      assert.deepEqual((await restarted(directory)).keys, writer.acknowledged);
    });
  });
}
