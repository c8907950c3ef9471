import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { hasCode, messageOf, type Clock, type Component, type Logger } from '#base';
import type { RuntimeService } from '#cri';

export interface LogRotationOptions {
  readonly runtime: Pick<RuntimeService, 'reopenContainerLog'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** The running containers and where they log. */
  readonly containers: () => readonly { readonly id: string; readonly logPath: string }[];
  readonly maxBytes?: number;
  readonly maxFiles?: number;
}

/** `containerLogMonitorInterval` upstream. */
const checkMs = 10_000;

/** Keeps container logs from filling the disk: at 10 MiB a log is put aside, five files are kept, older ones compressed. */
export class LogRotation implements Component {
  readonly #options: LogRotationOptions;

  constructor(options: LogRotationOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(checkMs, signal).catch(() => {});
      if (!signal.aborted) await this.check();
    }
  }

  /** Rotates what has grown too large. */
  async check(): Promise<void> {
    const { containers, log, maxBytes = 10 * 1024 * 1024 } = this.#options;
    for (const { id, logPath } of containers()) {
      try {
        if (logPath && (await stat(logPath)).size >= maxBytes) await this.#rotate(id, logPath);
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) log.warn({ container: id, error: messageOf(error) }, 'log could not be rotated');
      }
    }
  }

  async #rotate(id: string, path: string): Promise<void> {
    const { runtime, clock, maxFiles = 5 } = this.#options;
    const old = await rotatedFiles(path);
    // The current log and the one about to be put aside count too.
    for (const name of old.slice(0, Math.max(0, old.length - (maxFiles - 2)))) await rm(name, { force: true });
    for (const name of await rotatedFiles(path)) if (!name.endsWith('.gz')) await compress(name);
    const aside = `${path}.${timestamp(clock.now())}`;
    await rename(path, aside);
    try {
      await runtime.reopenContainerLog({ containerId: id });
    } catch (error) {
      await rename(aside, path); // so that the container goes on logging where readers look
      throw error;
    }
  }
}

/** The files put aside, oldest first: their names end in the time. */
async function rotatedFiles(path: string): Promise<string[]> {
  const prefix = `${basename(path)}.`;
  const names = await readdir(dirname(path));
  return names
    .filter((name) => name.startsWith(prefix) && !name.endsWith('.tmp'))
    .sort()
    .map((name) => join(dirname(path), name));
}

async function compress(path: string): Promise<void> {
  await pipeline(createReadStream(path), createGzip(), createWriteStream(`${path}.gz.tmp`));
  await rename(`${path}.gz.tmp`, `${path}.gz`);
  await rm(path);
}

/** `20060102-150405`. */
function timestamp(ms: number): string {
  const [date = '', time = ''] = new Date(ms).toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
}
