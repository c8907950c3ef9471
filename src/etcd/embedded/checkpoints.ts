import { messageOf, type Clock, type Logger, type Timer } from '#base';
import type { DataFile } from './data-file/data-file.ts';
import type { WriteAheadLog } from './log/write-ahead-log.ts';
import type { Overlay } from './overlay.ts';
import { checkSpace, freeBytes } from './space.ts';

/** As etcd commits its backend (`--backend-batch-interval`). */
const intervalMs = 100;
const retryMs = 1000;
/** What waits at most for the interval to be over: a commit of more would hold the event loop for too long. */
const enough = { bytes: 4 * 1024 * 1024, operations: 5000 };
/** What the log holds at most. Beyond, writes wait for a checkpoint, and fail with it. */
const maxLogBytes = 32 * 1024 * 1024;
/**
 * No write begins with less than this free: others on the same disk do not fill it before the write has come to its end.
 * What has been acknowledged may come into the data file with less.
 */
const reservedBytes = { write: 16 * 1024 * 1024, checkpoint: 8 * 1024 * 1024 };
/** For how much, and how long, one look at the disk holds: it takes a tenth of a single put. */
const lookHolds = { bytes: 1024 * 1024, ms: 50 };

export interface CheckpointOptions {
  directory: string;
  dataFile: DataFile;
  log: WriteAheadLog;
  overlay: Overlay;
  clock: Clock;
  logger: Logger;
}

/**
 * Brings what is in the log into the data file, many batches in one commit, and frees the log. One that fails is tried
 * again: nothing is lost meanwhile, the log has it.
 */
export class Checkpoints {
  readonly #options: CheckpointOptions;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #hasFailed = false;
  /** The last look at the disk that found room: when, and for how many further bytes it holds. */
  #look = { atMs: -Infinity, bytes: 0 };

  constructor(options: CheckpointOptions) {
    this.#options = options;
  }

  /** Something was written, or found in the log: it is brought over soon. */
  due(): void {
    if (this.#running) return; // it looks at its end
    const { bytes, operations } = this.#options.overlay.waiting;
    if (!this.#hasFailed && (bytes >= enough.bytes || operations >= enough.operations)) this.#runInBackground();
    else
      this.#timer ??= this.#options.clock.timer(this.#hasFailed ? retryMs : intervalMs, () => this.#runInBackground());
  }

  /**
   * Resolves when the disk has room for a batch and for all that is in the log before it. Throws `ErrNoSpace` when it has
   * not, and `ErrWriteFailed` when the log is full and cannot be brought over.
   */
  async room(batchBytes: number): Promise<void> {
    const { directory, overlay, clock } = this.#options;
    const isFull = overlay.bytes >= maxLogBytes;
    const nowMs = clock.elapsed();
    this.#look.bytes -= batchBytes;
    if (!isFull && this.#look.bytes >= 0 && nowMs < this.#look.atMs + lookHolds.ms) return;
    const needed = (): number => reservedBytes.write + 2 * (overlay.bytes + batchBytes);
    if (isFull || freeBytes(directory) < needed()) {
      this.#look.bytes = -Infinity;
      await this.run();
      checkSpace(directory, needed());
    }
    this.#look = { atMs: nowMs, bytes: lookHolds.bytes };
  }

  /** Resolves when everything that has been written is in the data file; throws why it is not. */
  async run(): Promise<void> {
    await this.#running?.catch(() => {}); // told to who began it
    await (this.#running ??= this.#checkpoint().finally(() => {
      this.#running = undefined;
      if (!this.#options.overlay.isEmpty) this.due();
    }));
  }

  /** Brings everything over for the last time; tells whether that was possible. */
  async close(): Promise<boolean> {
    await this.run().catch((error: unknown) => this.#tell(error));
    this.stop();
    return this.#options.overlay.isEmpty;
  }

  /** Nothing is brought over from now on. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #runInBackground(): void {
    this.run().catch((error: unknown) => this.#tell(error));
  }

  async #checkpoint(): Promise<void> {
    const { directory, dataFile, log, overlay } = this.#options;
    this.stop();
    if (overlay.isEmpty) return;
    this.#hasFailed = true; // unless it comes to its end
    checkSpace(directory, reservedBytes.checkpoint + 2 * overlay.bytes);
    const layer = overlay.leave();
    await dataFile.commit(layer.toBatch());
    overlay.left();
    await log.free(layer.meta.sequence ?? 0);
    this.#hasFailed = false;
  }

  #tell(error: unknown): void {
    const { directory, logger } = this.#options;
    logger.error({ directory, error: messageOf(error) }, 'the log could not be brought into the data file');
  }
}
