import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '#base';

let temporaryNumber = 0;

/**
 * What the runtime knows, one file a thing, so that a new process knows it too. A record is replaced as a whole. It is not
 * forced to the disk: after a crash of the machine nothing of what it tells runs any more, and a torn record is dropped.
 */
export class RecordStore<T extends { readonly id: string }> {
  readonly #directory: string;
  readonly #log: Logger;
  readonly #records = new Map<string, T>();

  constructor(directory: string, log: Logger) {
    this.#directory = directory;
    this.#log = log;
  }

  /** Reads what an earlier process left. */
  async load(): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    for (const name of await readdir(this.#directory)) {
      const file = join(this.#directory, name);
      if (!name.endsWith('.json')) await rm(file, { force: true, recursive: true });
      else await this.#loadFile(file);
    }
  }

  async #loadFile(file: string): Promise<void> {
    try {
      const record = JSON.parse(await readFile(file, 'utf8')) as T; // written by put alone
      this.#records.set(record.id, record);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#log.warn({ file }, 'a torn record is dropped');
      await rm(file, { force: true });
    }
  }

  get(id: string): T | undefined {
    return this.#records.get(id);
  }

  /** The record of an ID or of its unambiguous beginning. */
  find(id: string): T | undefined {
    const exact = this.#records.get(id);
    if (exact || id === '') return exact;
    const matches = [...this.#records.keys()].filter((key) => key.startsWith(id));
    return matches.length === 1 ? this.#records.get(matches[0] ?? '') : undefined;
  }

  list(): T[] {
    return [...this.#records.values()];
  }

  /** Known at once, on disk when the promise resolves. */
  async put(record: T): Promise<void> {
    this.#records.set(record.id, record);
    const temporary = join(this.#directory, `${record.id}.${temporaryNumber++}.tmp`);
    await writeFile(temporary, JSON.stringify(record));
    await rename(temporary, this.#file(record.id));
    if (!this.#records.has(record.id)) await rm(this.#file(record.id), { force: true }); // deleted meanwhile
  }

  /** Changes some fields of a record that is still there. */
  async update(id: string, change: Partial<T>): Promise<void> {
    const record = this.#records.get(id);
    if (record) await this.put({ ...record, ...change });
  }

  async delete(id: string): Promise<void> {
    this.#records.delete(id);
    await rm(this.#file(id), { force: true });
  }

  #file(id: string): string {
    return join(this.#directory, `${id}.json`);
  }
}
