import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** How many pages are read at once: a tree was mostly written in the order of its pages. */
const windowPages = 64;

/** Reads a file by its pages. */
export class PageReader {
  readonly pageSize: number;
  /** How many pages the file has. */
  readonly count: number;
  readonly #file: FileHandle;
  readonly #window: Buffer;
  #first = 0;
  #held = 0;

  constructor(file: FileHandle, pageSize: number, fileBytes: number) {
    this.pageSize = pageSize;
    this.count = Math.floor(fileBytes / pageSize);
    this.#file = file;
    this.#window = Buffer.allocUnsafe(windowPages * pageSize);
  }

  /** One page. The next call may overwrite it. */
  page(number: number): Buffer {
    if (number < this.#first || number >= this.#first + this.#held) {
      const bytes = readSync(this.#file.fd, this.#window, 0, this.#window.length, number * this.pageSize);
      this.#first = number;
      this.#held = Math.floor(bytes / this.pageSize);
    }
    const start = (number - this.#first) * this.pageSize;
    return this.#window.subarray(start, start + this.pageSize);
  }

  /** Bytes that may reach over several pages. */
  bytes(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    readSync(this.#file.fd, bytes, 0, length, offset);
    return bytes;
  }
}
