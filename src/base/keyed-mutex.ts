/** Runs work one after the other for each key, and side by side for different keys. */
export class KeyedMutex {
  #tails = new Map<string, Promise<unknown>>();

  /** Runs `work` when all earlier work of this key has ended, well or not; returns its result. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    const tail = mine.catch(() => {}); // the caller sees the error; the next in line only waits
    this.#tails.set(key, tail);
    try {
      return await mine;
    } finally {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }
}
