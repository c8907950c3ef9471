import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, messageOf, type Clock, type Component, type Logger } from '#base';
import type { Store } from '../store.ts';

export interface SnapshotScheduleOptions {
  /** What is saved; its revision is part of a file's name. */
  store: Pick<Store, 'status'>;
  /** Writes a snapshot of it to a file, whole or not at all. */
  save: (path: string) => Promise<void>;
  directory: string;
  intervalMs: number;
  /** How many are kept; older ones are removed once a new one is there. */
  retention: number;
  clock: Clock;
  log: Logger;
}

const fileName = /^snapshot-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-\d+\.db$/;

/**
 * Saves a snapshot of a store again and again, as `snapshot-TIME-REVISION.db`, and keeps the newest. The first is due so
 * long after the last of an earlier process: one that is started anew again and again would otherwise never save any.
 */
export class SnapshotSchedule implements Component {
  readonly #options: SnapshotScheduleOptions;

  constructor(options: SnapshotScheduleOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, intervalMs, directory, log } = this.#options;
    let waitMs = await this.#untilFirstMs();
    while (!signal.aborted) {
      await clock.sleep(waitMs, signal).catch(() => {}); // the loop ends
      waitMs = intervalMs;
      if (signal.aborted) return;
      try {
        const path = await this.#save();
        log.info({ path }, 'snapshot saved');
      } catch (error) {
        log.error({ directory, error: messageOf(error) }, 'the snapshot that was due could not be saved');
      }
    }
  }

  async #untilFirstMs(): Promise<number> {
    const { clock, intervalMs } = this.#options;
    const saved = await this.#saved().catch(() => []); // what is wrong with the folder is told when one is saved
    const last = saved.at(-1);
    const [, year, month, day, hour, minute, second] = (last && fileName.exec(last)) || [];
    const agoMs = clock.now() - Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    return agoMs >= 0 ? Math.max(0, intervalMs - agoMs) : intervalMs; // also when there is none, or a clock went back
  }

  /** The names of those there are, oldest first. */
  async #saved(): Promise<string[]> {
    const names = await readdir(this.#options.directory).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    });
    return names.filter((name) => fileName.test(name)).sort();
  }

  async #save(): Promise<string> {
    const { store, save, directory, clock, retention } = this.#options;
    const { header } = await store.status();
    const time = new Date(clock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const path = join(directory, `snapshot-${time}-${header.revision}.db`);
    await save(path);
    for (const name of (await this.#saved()).slice(0, -retention)) await rm(join(directory, name));
    return path;
  }
}
