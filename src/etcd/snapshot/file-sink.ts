import type { FileHandle } from 'node:fs/promises';
import type { PageSink } from '../bbolt/writer.ts';

const bufferBytes = 256 * 1024;

/** Writes pages to a file in larger pieces, as long as each follows the one before. */
export class FileSink implements PageSink {
  readonly #file: FileHandle;
  #pages: Buffer[] = [];
  #start = 0;
  #size = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(bytes: Buffer, position: number): Promise<void> {
    if (position !== this.#start + this.#size) {
      await this.flush();
      this.#start = position;
    }
    this.#pages.push(bytes);
    this.#size += bytes.length;
    if (this.#size >= bufferBytes) await this.flush();
  }

  /** Writes what has gathered. */
  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.#pages);
    const start = this.#start;
    this.#pages = [];
    this.#start += bytes.length;
    this.#size = 0;
    for (let done = 0; done < bytes.length;) {
      done += (await this.#file.write(bytes, done, bytes.length - done, start + done)).bytesWritten;
    }
  }
}
