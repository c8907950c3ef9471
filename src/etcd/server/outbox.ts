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

  /** Resolves once less is waiting than the limit, or the client has gone. */
  async room(): Promise<void> {
    while (this.#queue.size >= this.#limit && !this.#queue.closed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Ends the iteration after what is there already; with an error it then throws that. */
  close(error?: unknown): void {
    this.#queue.close(error);
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    try {
      for await (const item of this.#queue) {
        if (this.#queue.size < this.#limit) this.#wake();
        yield item;
      }
    } finally {
      this.close();
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
