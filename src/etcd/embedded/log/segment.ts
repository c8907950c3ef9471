import { constants, write } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFile } from '../sync-file.ts';

/** From here on a segment takes no further record; one record may reach beyond. */
export const segmentBytes = 8 * 1024 * 1024;

const zeros = Buffer.alloc(256 * 1024);

/**
 * A file of the log. What is appended is on the disk when that resolves (`O_DSYNC`: one call, one flush). Where zeros were
 * written before, a flush need not also write the file's length and place, which takes the disk twice as long.
 */
export class Segment {
  readonly path: string;
  /** The newest sequence that was written to it, or may have been. */
  lastSequence: number;
  /** Whether it has its whole size on the disk. */
  isPrepared: boolean;
  #file: FileHandle | undefined;
  #position = 0;

  constructor(path: string, found: { lastSequence: number; sizeBytes: number } = { lastSequence: 0, sizeBytes: 0 }) {
    this.path = path;
    this.lastSequence = found.lastSequence;
    this.isPrepared = found.sizeBytes >= segmentBytes;
  }

  /** Bytes that were appended. */
  get usedBytes(): number {
    return this.#position;
  }

  async append(record: Buffer, sequence: number): Promise<void> {
    const file = await this.#open();
    this.lastSequence = sequence;
    for (let done = 0; done < record.length;) {
      done += await writeSome(file.fd, record, done, this.#position + done);
    }
    this.#position += record.length;
  }

  /** The name of the file is on the disk before anything in it is relied upon. */
  async #open(): Promise<FileHandle> {
    if (this.#file) return this.#file;
    this.#file = await open(this.path, constants.O_RDWR | constants.O_CREAT | constants.O_DSYNC, 0o600);
    await syncFile(dirname(this.path));
    return this.#file;
  }

  /** Starts anew: nothing that it holds is needed any more. */
  rewind(): void {
    this.#position = 0;
  }

  /** Writes zeros in its whole size, so that nobody has to wait for it later. Throws when the signal aborts. */
  async prepare(signal: AbortSignal): Promise<void> {
    if (this.isPrepared) return;
    await using file = await open(this.path, 'w', 0o600);
    for (let position = 0; position < segmentBytes; position += zeros.length) {
      signal.throwIfAborted();
      await file.write(zeros, 0, zeros.length, position);
    }
    await file.datasync();
    await this.#open();
    this.isPrepared = true;
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
  }
}

/** `FileHandle.write` adds a twentieth to a single put. */
function writeSome(fd: number, bytes: Buffer, from: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, from, bytes.length - from, position, (error, written) => {
      if (error) reject(error);
      else resolve(written);
    });
  });
}
