import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom, silentLogger, systemClock, systemRandom, randomInt } from '#base';
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

/** The store as a restart finds it: the revision of every key, each with its whole value, told by a watch once and in order. */
async function restarted(directory: string): Promise<{ revision: number; keys: Map<string, number> }> {
  await using store = await openEmbeddedStore({
    directory,
    clock: systemClock,
    random: seededRandom(1),
    log: silentLogger,
  });
  const { header, kvs } = await store.range(everything);
  const keys = new Map(kvs.map(({ key, modRevision }) => [String(key), modRevision]));
  for (const { key, value } of kvs) assert.deepEqual(value, Buffer.alloc(500, key), `the value of ${String(key)}`);
  const told: number[] = [];
  if (header.revision > 1) {
    for await (const { events } of store.watch({ ...everything, startRevision: 2 })) {
      for (const { kv } of events) {
        told.push(kv.modRevision);
        assert.equal(keys.get(String(kv.key)), kv.modRevision);
      }
      if (told.at(-1) === header.revision) break;
    }
  }
  assert.deepEqual(
    told,
    Array.from({ length: header.revision - 1 }, (_, at) => at + 2),
    'every revision once, in order',
  );
  return { revision: header.revision, keys };
}

test(`after each of ${kills} kills under load, all that was acknowledged is there, whole and in order`, async () => {
  await inDirectory(async (directory) => {
    let newest = 1;
    for (let round = 0; round < kills; round++) {
      const writer = new WriterProcess(directory, `r${round}`);
      const enough = 1 + randomInt(systemRandom, 500);
      await writer.until(() => writer.acknowledged.size >= enough);
      await writer.kill();
      const { revision, keys } = await restarted(directory);
      for (const [key, at] of writer.acknowledged) assert.equal(keys.get(key), at, `${key} was acknowledged`);
      assert.ok(revision >= newest + enough, 'revisions never go back');
      newest = revision;
    }
  });
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

/** Makes system calls of a process fail or last, until the returned function is called. */
async function disturb(pid: number, injection: string): Promise<() => Promise<void>> {
  const [call = ''] = injection.split(':');
  const args = ['-f', '-qq', '-p', String(pid), '-e', `trace=${call}`, '-e', `inject=${injection}`, '-o', '/dev/null'];
  const strace = spawn('strace', args, { stdio: 'ignore' });
  const exited = once(strace, 'exit');
  await until(() => tracerOf(pid).then((tracer) => tracer !== 0));
  return async () => {
    strace.kill('SIGINT'); // it lets go of the process
    await exited;
  };
}

for (const [what, injection] of [
  ['syncs nothing', 'fdatasync:error=EIO'],
  ['syncs every other time', 'fdatasync:error=EIO:when=1+2'],
] as const) {
  test(`a disk that ${what} refuses writes in clear words, and takes them again when it recovers`, async () => {
    await inDirectory(async (directory) => {
      const writer = new WriterProcess(directory, 'k');
      try {
        await writer.until(() => writer.acknowledged.size > 0);
        const recover = await disturb(writer.pid, injection);
        await writer.until(() => writer.failed > 100);
        const readBefore = writer.reads.well;
        await writer.until(() => writer.reads.well > readBefore + 20);
        await recover();
        const before = writer.acknowledged.size;
        await writer.until(() => writer.acknowledged.size > before + 200);
        await writer.stop();
      } finally {
        await writer.kill();
      }
      assert.equal(writer.reads.wrong, 0, 'reads go on');
      for (const failure of writer.failures) {
        assert.equal(failure, `etcdserver: write failed: ${directory}: Input/output error`);
      }
      const { keys } = await restarted(directory);
      assert.deepEqual(keys, writer.acknowledged, 'what is there is what was acknowledged');
    });
  });
}

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

test('a disk that takes 300 ms for each sync is waited for, and reads are not', async () => {
  await inDirectory(async (directory) => {
    const writer = new WriterProcess(directory, 'k');
    try {
      await writer.until(() => writer.acknowledged.size > 100);
      const recover = await disturb(writer.pid, 'fdatasync:delay_exit=300000');
      const before = { acknowledged: writer.acknowledged.size, read: writer.reads.well };
      await writer.until(() => writer.acknowledged.size > before.acknowledged + 64);
      assert.ok(writer.reads.well > before.read + 20, `${writer.reads.well - before.read} reads`);
      await recover();
      await writer.stop();
    } finally {
      await writer.kill();
    }
    assert.equal(writer.failed, 0);
    assert.ok(writer.maxWriteMs >= 300, 'a write was not acknowledged before its sync had ended');
    assert.deepEqual((await restarted(directory)).keys, writer.acknowledged);
  });
});
