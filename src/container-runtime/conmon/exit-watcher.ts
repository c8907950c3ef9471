import { watch, type FSWatcher } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, type Clock, type Logger } from '#base';

/** How a container ended, as its monitor wrote it down. */
export interface Exit {
  id: string;
  code: number;
  atMs: number;
}

export interface ExitWatcherOptions {
  directory: string;
  clock: Clock;
  log: Logger;
  onExit: (exit: Exit) => void;
  /** Whether the end of this container is not known yet. */
  isAwaited: (id: string) => boolean;
}

/** How often the folder is looked through for what its watch did not tell of. */
const searchMs = 10_000;

/**
 * The folder into which every monitor writes its container's exit code. It is watched; what was written while nobody watched
 * is read at the start. Now and then it is looked through as well: the kernel drops news that it cannot queue, and a process
 * that has no file left to open cannot read.
 */
export class ExitWatcher {
  readonly directory: string;
  readonly #options: ExitWatcherOptions;
  readonly #log: Logger;
  #watcher: FSWatcher | undefined;

  constructor(options: ExitWatcherOptions) {
    this.directory = options.directory;
    this.#options = options;
    this.#log = options.log;
  }

  /** Watches from now on, and tells of the exits that are there. */
  async start(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    this.#watcher = watch(this.directory, (_, name) => void this.#look(name));
    this.#watcher.on('error', (error) => this.#log.error({ error }, 'the exit folder cannot be watched'));
    for (const name of await readdir(this.directory)) await this.#look(name);
  }

  /** Looks for what was missed until the signal aborts; then watches no more. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#options.clock.sleep(searchMs, signal).catch(() => {});
      if (!signal.aborted) await this.#search();
    }
    this.#watcher?.close();
  }

  /** The exit of a container, if it is written. */
  async read(id: string): Promise<Exit | undefined> {
    const file = join(this.directory, id);
    try {
      const [text, status] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
      return text.trim() === '' ? undefined : { id, code: Number(text), atMs: Math.round(status.mtimeMs) };
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  async forget(id: string): Promise<void> {
    await rm(join(this.directory, id), { force: true });
  }

  async #search(): Promise<void> {
    try {
      for (const name of await readdir(this.directory)) if (this.#options.isAwaited(name)) await this.#look(name);
    } catch (error) {
      this.#log.error({ error }, 'the exit folder cannot be read');
    }
  }

  /** Only whole files bear the name of a container; while one is written its name has a suffix. */
  async #look(name: string | null): Promise<void> {
    if (!name || !/^[0-9a-f]{64}$/.test(name)) return;
    try {
      const exit = await this.read(name);
      if (exit) this.#options.onExit(exit);
    } catch (error) {
      this.#log.error({ error, container: name }, 'an exit file cannot be read');
    }
  }
}
