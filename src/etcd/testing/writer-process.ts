import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { News } from './writer.ts';

/** The process of `writer.ts`, and what it has told. */
export class WriterProcess {
  /** The revision of each key that was acknowledged. */
  readonly acknowledged = new Map<string, number>();
  readonly failures = new Set<string>();
  failed = 0;
  reads = { well: 0, wrong: 0 };
  maxWriteMs = 0;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  #wake: (() => void) | undefined;

  constructor(directory: string, name: string, valueBytes = 500) {
    this.#child = fork(fileURLToPath(new URL('./writer.ts', import.meta.url)), [directory, name, String(valueBytes)], {
      stdio: ['ignore', 'inherit', 'ignore', 'ipc'], // lmdb prints what we are told anyway
    });
    this.#exited = once(this.#child, 'exit');
    this.#child.on('message', (news) => this.#hear(news as News)); // nobody else sends there
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves once a condition on what was told holds. Throws when the process ends before. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      const news = new Promise<void>((resolve) => (this.#wake = resolve));
      const ended = await Promise.race([news.then(() => false), this.#exited.then(() => true)]);
      if (ended && !condition()) throw new Error('the writer has ended');
    }
  }

  /** Lets it end what it has begun, without closing the store. */
  async stop(): Promise<void> {
    this.#child.send('stop');
    await this.until(() => this.maxWriteMs > 0);
    await this.kill();
  }

  /** Ends it at once, as a power cut would; what it told before has been heard then. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  #hear(news: News): void {
    if ('acknowledged' in news) this.acknowledged.set(news.acknowledged.key, news.acknowledged.revision);
    else if ('failed' in news) {
      this.failed++;
      this.failures.add(news.failed);
    } else if ('read' in news) this.reads[news.read]++;
    else this.maxWriteMs = news.ended.maxWriteMs;
    this.#wake?.();
  }
}
