import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom, silentLogger, systemClock, VirtualClock } from '#base';
import { openEmbeddedStore } from '../embedded/embedded-store.ts';
import { saveSnapshotOf } from './save-snapshot.ts';
import { SnapshotSchedule } from './schedule.ts';
import { snapshotStatus } from './status.ts';

test('snapshots are saved every so often, the newest are kept, and nothing else is touched', async () => {
  const home = await mkdtemp(join(tmpdir(), 'kedge-schedule-'));
  const stop = new AbortController();
  try {
    const clock = new VirtualClock(Date.UTC(2026, 0, 1));
    const store = join(home, 'store');
    await using member = await openEmbeddedStore({
      directory: store,
      clock: systemClock,
      random: seededRandom(1),
      log: silentLogger,
    });
    const directory = join(home, 'snapshots');
    const save = (path: string): Promise<void> => saveSnapshotOf(member, path);
    const options = { store: member, save, directory, intervalMs: 3_600_000, clock, log: silentLogger };
    const running = new SnapshotSchedule({ ...options, retention: 2 }).run(stop.signal);
    const saved = async (): Promise<string[]> => readdir(directory).catch(() => []);
    const seen: string[][] = [];
    for (let n = 0; n < 4; n++) {
      await member.put({ key: Buffer.from(`k${n}`), value: Buffer.from('v') });
      if (n === 1) await writeFile(join(directory, 'notes.txt'), 'mine');
      await clock.advance(3_600_000);
      while (clock.pendingTimers === 0) await delay(1);
      seen.push((await saved()).sort());
    }
    stop.abort();
    await running;
    assert.deepEqual(seen[0], ['snapshot-20260101T010000Z-2.db']);
    assert.deepEqual(seen[3], ['notes.txt', 'snapshot-20260101T030000Z-4.db', 'snapshot-20260101T040000Z-5.db']);
    const status = await snapshotStatus(join(directory, 'snapshot-20260101T040000Z-5.db'));
    assert.deepEqual([status.revision, status.totalKeys], [5, 4]);
    // A process that is started anew goes on where the last one was.
    await clock.advance(2_400_000);
    const again = new AbortController();
    const next = new SnapshotSchedule({ ...options, retention: 3 }).run(again.signal);
    while (clock.pendingTimers === 0) await delay(1);
    await clock.advance(1_200_000);
    while (clock.pendingTimers === 0) await delay(1);
    assert.ok((await saved()).includes('snapshot-20260101T050000Z-5.db'));
    again.abort();
    await next;
  } finally {
    stop.abort();
    await rm(home, { recursive: true });
  }
});
