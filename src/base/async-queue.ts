/**
 * An unbounded queue between one producer and one consumer: the producer pushes without waiting, the consumer
 * iterates. Ends when closed (what was pushed before is still delivered) or fails with the given error.
 */
export class AsyncQueue<T> implements AsyncIterable<T> {
  #items: T[] = [];
  #head = 0;
  #waiting: (() => void) | undefined;
  #closed = false;
  #error: unknown;

  /** Adds an item; ignored after the queue closed. */
  push(item: T): void {
    if (this.#closed) return;
    this.#items.push(item);
    this.#wake();
  }

  /** Ends the iteration after the items already there; with an error the iteration then throws it. */
  close(error?: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#error = error;
    this.#wake();
  }

  /** Takes the next item if one is there already; for a consumer that does not iterate. */
  shift(): T | undefined {
    return this.#head < this.#items.length ? this.#take() : undefined;
  }

  /** Resolves when something is pushed, or the queue closes. */
  news(): Promise<void> {
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  /** Items pushed and not yet taken. */
  get size(): number {
    return this.#items.length - this.#head;
  }

  get closed(): boolean {
    return this.#closed;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    try {
      for (;;) {
        while (this.#head < this.#items.length) yield this.#take();
        if (this.#closed) break;
        await this.news();
      }
    } finally {
      this.#closed = true;
      this.#items = [];
      this.#head = 0;
    }
    if (this.#error !== undefined) throw this.#error;
  }

  #take(): T {
    const item = this.#items[this.#head++] as T; // the caller checked the bounds
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  }
}
