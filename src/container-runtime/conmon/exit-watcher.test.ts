import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { silentLogger, VirtualClock } from '#base';
import { ExitWatcher, type Exit } from './exit-watcher.ts';

const id = 'a'.repeat(64);

async function bench(t: TestContext) {
  const directory = join(await mkdtemp(join(tmpdir(), 'exits-test-')), 'exits');
  const clock = new VirtualClock();
  const exits: Exit[] = [];
  const watcher = new ExitWatcher({
    directory,
    clock,
    log: silentLogger,
    onExit: (exit) => exits.push(exit),
    isAwaited: (name) => !exits.some((exit) => exit.id === name),
  });
  await watcher.start();
  const stop = new AbortController();
  const running = watcher.run(stop.signal);
  t.after(async () => {
    stop.abort();
    await running;
    await rm(join(directory, '..'), { recursive: true });
  });
  const untilTold = async (advanceMs: number): Promise<Exit | undefined> => {
    for (let tries = 0; exits.length === 0 && tries < 1000; tries++) {
      await clock.advance(advanceMs);
      await pause(5);
    }
    return exits[0];
  };
  return { directory, clock, exits, untilTold };
}

test('an exit is told when it is written, and not again', async (t) => {
  const { directory, clock, exits, untilTold } = await bench(t);
  await writeFile(join(directory, id), '3');
  const told = await untilTold(0);
  assert.deepEqual([told?.id, told?.code], [id, 3]);
  const count = exits.length;
  await clock.advance(60_000);
  assert.equal(exits.length, count, 'what is known is not told again');
});

test('an exit that the watch did not tell of is found', async (t) => {
  const { directory, untilTold } = await bench(t);
  await rm(directory, { recursive: true }); // with the folder goes its watch
  await mkdir(directory);
  await writeFile(join(directory, id), '1');
  assert.equal((await untilTold(1000))?.code, 1);
});
