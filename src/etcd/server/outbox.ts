import { AsyncQueue } from '#base';

/** What waits to be sent to one client. Who tells it news waits while there is much, so that a slow client holds up itself. */
export class Outbox<T> implements AsyncIterable<T> {
  readonly #queue = new AsyncQueue<T>();
  readonly #limit: number;
  #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds without waiting. */
  push(item: T): void {
    this.#queue.push(item);
  }

  /** Undefined while less is waiting than the limit; else resolves once that is so, or the client has gone. */
  room(): Promise<void> | undefined {
    return this.#isFull ? this.#untilRoom() : undefined;
  }

  get #isFull(): boolean {
    return this.#queue.size >= this.#limit && !this.#queue.closed;
  }

  async #untilRoom(): Promise<void> {
    while (this.#isFull) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Ends the iteration after what is there already; with an error it then throws that. */
  close(error?: unknown): void {
    this.#queue.close(error);
    this.#wake(this.#waiting.length);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    try {
      for await (const item of this.#queue) {
        this.#wake(this.#limit - this.#queue.size);
        yield item;
      }
    } finally {
      this.close();
    }
  }

  /** Only as many as there is room for: of hundreds of watches on a stream all others would look in vain, each time. */
  #wake(count: number): void {
    if (count > 0) for (const wake of this.#waiting.splice(0, count)) wake();
  }
}
