import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { systemClock } from './clock.ts';
import { lockHolder, tryLock, waitForLock } from './file-lock.ts';

let folder: string;
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'kedge-lock-'))));
after(() => rm(folder, { recursive: true }));

/** Another process that takes the lock, says so, and stays. */
async function holder(t: TestContext) {
  const source = `import { tryLock } from ${JSON.stringify(join(import.meta.dirname, 'file-lock.ts'))};
    console.log(await tryLock(${JSON.stringify(folder)}) ? 'locked' : 'refused'); setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  assert.equal(said.toString(), 'locked\n');
  return child;
}

test('a lock is had once, also within one process, and can be had again when it was released', async () => {
  const lock = await tryLock(folder);
  assert.ok(lock);
  assert.equal(await tryLock(folder), undefined);
  assert.equal(await lockHolder(folder), process.pid);
  const next = waitForLock(folder, systemClock);
  await lock.release();
  await (await next).release();
  assert.equal(await lockHolder(folder), undefined);
  await assert.rejects(tryLock(join(folder, 'none')), /ENOENT/);
});

test('a lock ends with its process, also at kill -9', async (t) => {
  const child = await holder(t);
  assert.equal(await tryLock(folder), undefined);
  assert.equal(await lockHolder(folder), child.pid);
  const next = waitForLock(folder, systemClock);
  child.kill('SIGKILL');
  await (await next).release();
});
