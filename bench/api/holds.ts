import { Worker } from 'node:worker_threads';
import type { Access } from '../kubeconfig.ts';
import { until } from '../until.ts';

/** What the thread that sends PINGs is given. */
export interface PingerData {
  access: Access;
  /** One number: the longest wait since it was last set to 0, in milliseconds. */
  longestMs: Float64Array;
}

/**
 * How long the server let an arrival wait: a thread of its own sends it an HTTP/2 PING every few milliseconds, which a
 * server of one thread answers when its event loop is free. It is also what the machine's other work made it wait.
 */
export class Holds implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #longestMs: Float64Array;

  private constructor(worker: Worker, longestMs: Float64Array) {
    this.#worker = worker;
    this.#longestMs = longestMs;
  }

  static async watch(access: Access, signal: AbortSignal): Promise<Holds> {
    const longestMs = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT));
    const workerData: PingerData = { access, longestMs };
    const worker = new Worker(new URL('pinger.ts', import.meta.url), { workerData });
    const failed = Promise.withResolvers<never>();
    worker.on('error', failed.reject);
    const holds = new Holds(worker, longestMs);
    const begun = until('a PING should be answered', signal, () => Promise.resolve(holds.take() > 0));
    await Promise.race([begun, failed.promise]);
    failed.promise.catch(() => {}); // once the server is gone, so is its pinger
    return holds;
  }

  /** The longest wait since the last time this was asked, in milliseconds. */
  take(): number {
    const [longest = 0] = this.#longestMs;
    this.#longestMs[0] = 0;
    return longest;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}
