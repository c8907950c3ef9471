import { watch, type FSWatcher } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, type Logger } from '#base';

/** How a container ended, as its monitor wrote it down. */
export interface Exit {
  id: string;
  code: number;
  atMs: number;
}

/**
 * The folder into which every monitor writes its container's exit code. It is watched, never polled; what was written
 * while nobody watched is read at the start.
 */
export class ExitWatcher {
  readonly directory: string;
  readonly #log: Logger;
  readonly #onExit: (exit: Exit) => void;
  #watcher: FSWatcher | undefined;

  constructor(options: { directory: string; log: Logger; onExit: (exit: Exit) => void }) {
    this.directory = options.directory;
    this.#log = options.log;
    this.#onExit = options.onExit;
  }

  /** Watches from now on, and tells of the exits that are there. */
  async start(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    this.#watcher = watch(this.directory, (_, name) => void this.#look(name));
    this.#watcher.on('error', (error) => this.#log.error({ error }, 'the exit folder cannot be watched'));
    for (const name of await readdir(this.directory)) await this.#look(name);
  }

  stop(): void {
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

  /** Only whole files bear the name of a container; while one is written its name has a suffix. */
  async #look(name: string | null): Promise<void> {
    if (!name || !/^[0-9a-f]{64}$/.test(name)) return;
    try {
      const exit = await this.read(name);
      if (exit) this.#onExit(exit);
    } catch (error) {
      this.#log.error({ error, container: name }, 'an exit file cannot be read');
    }
  }
}
