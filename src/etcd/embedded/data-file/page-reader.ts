import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** How many pages are read at once, at most. */
const windowPages = 64;

/**
 * Reads a file by its pages, the more at once the longer they are asked for one behind the other: a tree of small values was
 * mostly written in the order of its pages, and those of a tree of large ones lie far apart, between the values.
 */
export class PageReader {
  readonly pageSize: number;
  /** How many pages the file has. */
  readonly count: number;
  readonly #file: FileHandle;
  readonly #window: Buffer;
  #first = 0;
  #held = 0;
  /** How many pages the next read takes if it goes on where the last one ended. */
  #ahead = 1;

  constructor(file: FileHandle, pageSize: number, fileBytes: number) {
    this.pageSize = pageSize;
    this.count = Math.floor(fileBytes / pageSize);
    this.#file = file;
    this.#window = Buffer.allocUnsafe(windowPages * pageSize);
  }

  /** One page. The next call may overwrite it. */
  page(number: number): Buffer {
    if (number < this.#first || number >= this.#first + this.#held) this.#move(number);
    const start = (number - this.#first) * this.pageSize;
    return this.#window.subarray(start, start + this.pageSize);
  }

  #move(number: number): void {
    this.#ahead = number === this.#first + this.#held ? Math.min(2 * this.#ahead, windowPages) : 1;
    const bytes = readSync(this.#file.fd, this.#window, 0, this.#ahead * this.pageSize, number * this.pageSize);
    this.#first = number;
    this.#held = Math.floor(bytes / this.pageSize);
  }

  /** Bytes that may reach over several pages. */
  bytes(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    readSync(this.#file.fd, bytes, 0, length, offset);
    return bytes;
  }
}
