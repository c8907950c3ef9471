import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, type Clock, type Component, type Logger } from '#base';
import type { Member } from '../member.ts';
import { saveSnapshotOf } from './save-snapshot.ts';

export interface SnapshotScheduleOptions {
  member: Member;
  directory: string;
  intervalMs: number;
  /** How many are kept; older ones are removed once a new one is there. */
  retention: number;
  clock: Clock;
  log: Logger;
}

const fileName = /^snapshot-\d{8}T\d{6}Z-\d+\.db$/;

/** Saves a snapshot of a store again and again, as `snapshot-TIME-REVISION.db`, and keeps the newest. */
export class SnapshotSchedule implements Component {
  readonly #options: SnapshotScheduleOptions;

  constructor(options: SnapshotScheduleOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, intervalMs, directory, log } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(intervalMs, signal).catch(() => {}); // the loop ends
      if (signal.aborted) return;
      try {
        const path = await this.#save();
        log.info({ path }, 'snapshot saved');
      } catch (error) {
        log.error({ directory, error: messageOf(error) }, 'the snapshot that was due could not be saved');
      }
    }
  }

  async #save(): Promise<string> {
    const { member, directory, clock, retention } = this.#options;
    const { header } = await member.status();
    const time = new Date(clock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const path = join(directory, `snapshot-${time}-${header.revision}.db`);
    await saveSnapshotOf(member, path);
    const all = (await readdir(directory)).filter((name) => fileName.test(name)).sort();
    for (const name of all.slice(0, -retention)) await rm(join(directory, name));
    return path;
  }
}
