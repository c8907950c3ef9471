import { watch } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { hasCode } from '#base';
import { formatTimestamp, parseLogLine, type LogLine } from './cri-log.ts';
import { splitLines, tailOffset } from './tail.ts';

export interface LogOptions {
  readonly follow?: boolean;
  readonly timestamps?: boolean;
  /** Only the last lines. */
  readonly tailLines?: number;
  /** Only what was written from this time on. */
  readonly sinceMs?: number;
  readonly limitBytes?: number;
  readonly stream?: 'stdout' | 'stderr';
}

export interface LogSource {
  readonly path: string;
  /** Aborts when the container has ended: then there is nothing to wait for. */
  readonly ended: AbortSignal;
  /** Aborts when the reader has gone. */
  readonly signal: AbortSignal;
}

/**
 * The log of a container, as `kubectl logs` shows it. With `follow` it goes on, over rotations of the file, until the
 * container has ended or the reader has gone.
 * @throws the file system's error when there is no such log
 */
export async function* readLogs(source: LogSource, options: LogOptions): AsyncGenerator<Buffer> {
  const format = new Formatter(options);
  for await (const text of readBytes(source, options)) {
    const chunk = format.lines(text);
    if (chunk.length > 0) yield chunk;
    if (format.full) return;
  }
}

/** Raw whole lines, from the wanted start, as they come. */
async function* readBytes({ path, ended, signal }: LogSource, options: LogOptions): AsyncGenerator<Buffer[]> {
  let file = await open(path, 'r');
  const changes = options.follow ? new Changes(path, [ended, signal]) : undefined;
  try {
    const { size } = await file.stat();
    const tailed = options.tailLines === undefined ? 0 : await tailOffset(file, size, options.tailLines);
    let reader = new LineReader(file, tailed);
    while (!signal.aborted) {
      const over = ended.aborted; // asked before the read: what was written before the end is still read
      yield* reader.available();
      if (!changes || over) return;
      const next = await openIfReplaced(path, file);
      if (next) {
        yield* reader.available();
        await file.close();
        file = next;
        reader = new LineReader(file, 0);
      } else {
        await changes.next();
      }
    }
  } finally {
    changes?.close();
    await file.close();
  }
}

/** The file that stands under the path now, when it is not this one: the log was rotated. */
async function openIfReplaced(path: string, file: FileHandle): Promise<FileHandle | undefined> {
  try {
    const [here, there] = await Promise.all([file.stat(), stat(path)]);
    return here.ino === there.ino ? undefined : await open(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined; // between the rename and the reopening
    throw error;
  }
}

/** Reads a growing file by whole lines. */
class LineReader {
  readonly #file: FileHandle;
  #offset: number;
  #rest: Buffer = Buffer.alloc(0);

  constructor(file: FileHandle, offset: number) {
    this.#file = file;
    this.#offset = offset;
  }

  async *available(): AsyncGenerator<Buffer[]> {
    for (;;) {
      const buffer = Buffer.alloc(64 * 1024);
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, this.#offset);
      if (bytesRead === 0) return;
      this.#offset += bytesRead;
      const { lines, rest } = splitLines(Buffer.concat([this.#rest, buffer.subarray(0, bytesRead)]));
      this.#rest = rest;
      if (lines.length > 0) yield lines;
    }
  }
}

/** Wakes when something happens to a file, or one of the signals aborts. */
class Changes {
  #pending = false;
  #wake: (() => void) | undefined;
  readonly #stop: () => void;

  constructor(path: string, signals: readonly AbortSignal[]) {
    const note = (): void => {
      this.#pending = true;
      this.#wake?.();
    };
    const name = basename(path);
    // The directory is watched, so that a rotation is seen too.
    const watcher = watch(dirname(path), { persistent: false }, (_type, file) => {
      if (file === null || file === name) note();
    });
    watcher.on('error', note);
    for (const signal of signals) signal.addEventListener('abort', note, { once: true });
    this.#stop = () => {
      watcher.close();
      for (const signal of signals) signal.removeEventListener('abort', note);
    };
  }

  async next(): Promise<void> {
    if (!this.#pending) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#pending = false;
    this.#wake = undefined;
  }

  close(): void {
    this.#stop();
  }
}

/** Turns raw lines into what the user asked to see. */
class Formatter {
  readonly #options: LogOptions;
  #left: number;
  #atLineStart = true;

  constructor(options: LogOptions) {
    this.#options = options;
    this.#left = options.limitBytes ?? Infinity;
  }

  /** Nothing more may be written. */
  get full(): boolean {
    return this.#left <= 0;
  }

  lines(raw: readonly Buffer[]): Buffer {
    const parts = raw.flatMap((line) => {
      const parsed = parseLogLine(line);
      return parsed && this.#wanted(parsed) ? this.#format(parsed) : [];
    });
    const all = Buffer.concat(parts);
    const kept = all.subarray(0, Math.min(all.length, this.#left));
    this.#left -= kept.length;
    return kept;
  }

  #wanted({ stream, timestamp }: LogLine): boolean {
    const { sinceMs, stream: only } = this.#options;
    if (only && stream !== only) return false;
    return sinceMs === undefined || Date.parse(timestamp) >= sinceMs;
  }

  #format({ timestamp, content, partial }: LogLine): Buffer[] {
    const prefix = this.#options.timestamps && this.#atLineStart ? [Buffer.from(`${formatTimestamp(timestamp)} `)] : [];
    this.#atLineStart = !partial;
    return [...prefix, content];
  }
}
