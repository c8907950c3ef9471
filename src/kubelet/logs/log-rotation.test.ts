import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { silentLogger, VirtualClock } from '#base';
import { LogRotation } from './log-rotation.ts';

test('a log that grew is put aside, older ones are compressed, the oldest removed', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kubelet-rotation-'));
  try {
    const path = join(directory, '0.log');
    const clock = new VirtualClock();
    const reopened: string[] = [];
    const runtime = {
      reopenContainerLog: async ({ containerId }: { containerId: string }) => {
        reopened.push(containerId);
        await writeFile(path, '');
        return {};
      },
    };
    const containers = (): { id: string; logPath: string }[] => [{ id: 'c1', logPath: path }];
    const rotation = new LogRotation({ runtime, clock, log: silentLogger, containers, maxBytes: 10, maxFiles: 3 });
    await writeFile(path, 'short');
    await rotation.check();
    assert.deepEqual(reopened, []);
    for (const word of ['first-log-1', 'second-log-2', 'third-log-3']) {
      await writeFile(path, word);
      await clock.advance(60_000);
      await rotation.check();
    }
    assert.equal(reopened.length, 3);
    const names = (await readdir(directory)).sort();
    assert.deepEqual(names, ['0.log', '0.log.20260101-000200.gz', '0.log.20260101-000300']);
    assert.equal(gunzipSync(await readFile(join(directory, names[1]!))).toString(), 'second-log-2');
  } finally {
    await rm(directory, { recursive: true });
  }
});
