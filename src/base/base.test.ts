import assert from 'node:assert/strict';
import { spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runAll } from './component.ts';
import { deepFreeze } from './deep-freeze.ts';
import { readTextIfExists, writeFileAtomic } from './files.ts';
import { KeyedMutex } from './keyed-mutex.ts';
import { execute, ProcessError, runProcess } from './process.ts';
import { randomSuffix, randomUuid, seededRandom, systemRandom } from './random.ts';

test('randomness of the machine does not repeat, in whatever pieces it is taken', () => {
  const pieces = Array.from({ length: 600 }, () => Buffer.from(systemRandom.bytes(16)).toString('hex'));
  assert.equal(new Set(pieces).size, pieces.length);
  assert.ok(pieces.every((piece) => !/^0+$/.test(piece)));
  assert.equal(systemRandom.bytes(10_000).length, 10_000);
  const numbers = Array.from({ length: 2000 }, () => systemRandom.next());
  assert.ok(numbers.every((number) => number >= 0 && number < 1));
});

test('the same seed gives the same randomness, another seed another', () => {
  assert.equal(randomUuid(seededRandom(7)), randomUuid(seededRandom(7)));
  assert.notEqual(randomUuid(seededRandom(7)), randomUuid(seededRandom(8)));
  assert.match(randomUuid(seededRandom(7)), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.match(randomSuffix(seededRandom(7)), /^[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

test('a keyed mutex runs one after the other for a key, side by side for two', async () => {
  const mutex = new KeyedMutex();
  const log: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = mutex.run('a', async () => {
    await gate.promise;
    log.push('a1');
    throw new Error('a failed');
  });
  const second = mutex.run('a', async () => log.push('a2'));
  await mutex.run('b', async () => log.push('b'));
  gate.resolve();
  await assert.rejects(first, /a failed/);
  await second;
  assert.deepEqual(log, ['b', 'a1', 'a2']);
});

test('an atomic write replaces a file whole and leaves no other', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kedge-base-'));
  try {
    const path = join(directory, 'deep', 'file');
    assert.equal(await readTextIfExists(path), undefined);
    await writeFileAtomic(path, 'one');
    await writeFileAtomic(path, 'two');
    assert.equal(await readTextIfExists(path), 'two');
    assert.deepEqual(await readdir(join(directory, 'deep')), ['file']);
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('a process gives its output, and its failure says which command and why', async () => {
  assert.equal(await execute(['cat'], { input: 'hello' }), 'hello');
  assert.equal((await runProcess(['false'])).code, 1);
  await assert.rejects(execute(['sh', '-c', 'echo no such thing >&2; exit 3']), (error) => {
    assert.ok(error instanceof ProcessError);
    assert.equal(error.result.code, 3);
    assert.match(error.message, /^sh -c .*no such thing/);
    return true;
  });
  await assert.rejects(execute(['/no/such/program']), ProcessError);
});

test('when one component fails the others are stopped, and the failure is told', async () => {
  let stopped = false;
  const waits = {
    run: (signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          stopped = true;
          resolve();
        });
      }),
  };
  const fails = { run: () => Promise.reject(new Error('broken')) };
  await assert.rejects(runAll([waits, fails], new AbortController().signal), /broken/);
  assert.equal(stopped, true);
});

test('deep freezing reaches everything and returns the same object', () => {
  const object = { a: [{ b: 1 }] };
  assert.equal(deepFreeze(object), object);
  assert.throws(() => {
    object.a[0]!.b = 2;
  }, TypeError);
});

test('a log that cannot be written, as on a full disk, does not end the process', async () => {
  const full = await open('/dev/full', 'w');
  try {
    const source = `import { createLogger } from ${JSON.stringify(join(import.meta.dirname, 'log.ts'))};
      const log = createLogger();
      const say = (n) => { log.info({ n }, 'lost'); n > 0 ? setTimeout(say, 1, n - 1) : process.send('alive'); };
      say(20);`;
    const stdio = ['ignore', full.fd, 'inherit', 'ipc'] satisfies StdioOptions;
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio });
    const [outcome] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as unknown[];
    child.kill('SIGKILL');
    assert.equal(outcome, 'alive');
  } finally {
    await full.close();
  }
});
