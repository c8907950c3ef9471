/**
 * Lets pieces of long work take turns. Of all who wait, one goes on in each turn of the event loop, in the order in which
 * they came: however many there are, what arrives meanwhile waits for one piece only.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];

  /** Resolves in the caller's turn, which is not the present one. */
  next(): Promise<void> {
    if (this.#waiting.length === 0) setImmediate(() => this.#release());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #release(): void {
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) setImmediate(() => this.#release());
  }
}
