import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Batch } from '../environment.ts';
import { checkSpace } from '../space.ts';
import { syncFile } from '../sync-file.ts';
import { encodeLogRecord } from './log-record.ts';
import { encodeBatch } from './logged-batch.ts';
import type { FoundLog, LoggedAt } from './read-log.ts';
import { ScratchBuffer } from './scratch-buffer.ts';
import { Segment, segmentBytes } from './segment.ts';

/** From here on the next segment is made ready. Who writes little needs none. */
const aheadBytes = 256 * 1024;
/** What is left free by segments that are made ahead. */
const roomBytes = 64 * 1024 * 1024;
const maxSpares = 2;

/**
 * What was written and is not in the data file yet, in a few files that are used in turn:
 *
 *     current   takes the next record
 *     full      hold records that the data file does not have yet
 *     spares    are ready to become the current one
 *
 * Once a checkpoint has what a full one holds, it is a spare. A segment in which a write failed is not written to again:
 * the kernel may have dropped what it could not write, and say so only once.
 */
export class WriteAheadLog {
  readonly #directory: string;
  readonly #id: number;
  readonly #stop = new AbortController();
  readonly #scratch = new ScratchBuffer();
  readonly #all: Set<Segment>;
  readonly #full: Segment[];
  readonly #spares: Segment[] = [];
  readonly #broken = new WeakSet<Segment>();
  #current: Segment | undefined;
  #preparing: Promise<void> | undefined;
  #sequence: number;
  #epoch: number;
  #start: number;

  /** Goes on behind what was found in a directory, which need not be there. Nothing is written before the first `append`. */
  constructor(directory: string, id: number, found: FoundLog) {
    this.#directory = directory;
    this.#id = id;
    this.#all = new Set(found.segments);
    this.#full = [...found.segments];
    this.#sequence = found.sequence;
    this.#epoch = found.epoch + 1;
    this.#start = found.sequence + 1;
  }

  /** Adds a batch; it is on the disk when this resolves. When it throws, `makeVoid` comes before anything else. */
  async append(batch: Batch): Promise<LoggedAt> {
    const sequence = this.#sequence + 1;
    const position = { id: this.#id, sequence, epoch: this.#epoch, start: this.#start };
    const record = encodeLogRecord(position, encodeBatch(batch), (bytes) => this.#scratch.take(bytes));
    const segment = await this.#writable();
    await segment.append(record, sequence);
    this.#sequence = sequence;
    if (this.#spares.length === 0 && segment.usedBytes >= aheadBytes) this.#preparing ??= this.#prepare();
    return { batch, sequence, bytes: record.length };
  }

  /**
   * A write that failed may be on the disk all the same. The next one has its sequence again, in a new epoch and another
   * segment; an empty batch does at once, if the disk takes anything: a crash now must not bring back what is refused.
   */
  async makeVoid(): Promise<LoggedAt | undefined> {
    await this.#abandonCurrent();
    try {
      return await this.append({ records: [] });
    } catch {
      await this.#abandonCurrent(); // the next write makes it void, or fails as well
      return undefined;
    }
  }

  /** The data file has everything up to a sequence. */
  async free(sequence: number): Promise<void> {
    for (const segment of this.#full.filter(({ lastSequence }) => lastSequence <= sequence)) {
      this.#full.splice(this.#full.indexOf(segment), 1);
      if (this.#broken.has(segment)) await this.#remove(segment);
      else await this.#keep(segment);
    }
  }

  /** Leaves the log as it is, for the next one who opens the store. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#preparing;
    for (const segment of this.#all) await segment.close();
  }

  /** Removes a log of which the data file has everything. */
  async remove(): Promise<void> {
    await this.close();
    if (this.#all.size === 0) return;
    await rm(this.#directory, { recursive: true });
    await syncFile(dirname(this.#directory));
  }

  /** The segment for the next record. One that is not prepared takes twice as long to write to, and is left soon. */
  async #writable(): Promise<Segment> {
    const current = this.#current;
    if (current && current.usedBytes < segmentBytes && (current.isPrepared || this.#spares.length === 0))
      return current;
    const next = this.#spares.shift() ?? (await this.#newInFolder());
    next.rewind();
    if (current) this.#full.push(current);
    return (this.#current = next);
  }

  async #abandonCurrent(): Promise<void> {
    this.#epoch++;
    this.#start = this.#sequence + 1;
    const segment = this.#current;
    this.#current = undefined;
    if (!segment) return;
    if (segment.usedBytes === 0) return this.#remove(segment);
    this.#broken.add(segment);
    this.#full.push(segment);
  }

  async #newInFolder(): Promise<Segment> {
    if (await mkdir(this.#directory, { recursive: true, mode: 0o700 })) await syncFile(dirname(this.#directory));
    return this.#new();
  }

  #new(): Segment {
    const taken = new Set(Array.from(this.#all, ({ path }) => path));
    const segment = new Segment(firstFree((number) => join(this.#directory, `${number}.wal`), taken));
    this.#all.add(segment);
    return segment;
  }

  async #remove(segment: Segment): Promise<void> {
    await segment.remove();
    this.#all.delete(segment);
  }

  /** Makes a spare. Without one, as on a disk that has no room, the log goes on in segments that grow. */
  async #prepare(): Promise<void> {
    const segment = this.#new();
    try {
      checkSpace(this.#directory, roomBytes);
      await segment.prepare(this.#stop.signal);
      await this.#keep(segment);
    } catch {
      await this.#remove(segment).catch(() => {}); // the next one who opens the store finds it empty
    } finally {
      this.#preparing = undefined;
    }
  }

  async #keep(segment: Segment): Promise<void> {
    if (segment.isPrepared && this.#spares.length < maxSpares) this.#spares.push(segment);
    else await this.#remove(segment);
  }
}

function firstFree(name: (number: number) => string, taken: ReadonlySet<string>): string {
  let number = 1;
  while (taken.has(name(number))) number++;
  return name(number);
}
