import type { Clock } from './clock.ts';

/**
 * Spreads work that comes all at once over turns of the event loop: what comes when a turn has been long enough goes on in
 * a later one, in the order in which it came. In between the thread hears of what else has arrived.
 */
export class Pace {
  readonly #clock: Pick<Clock, 'elapsed'>;
  readonly #turnMs: number;
  readonly #waiting: (() => void)[] = [];
  /** When the turn began; undefined before anything came in it. */
  #begunMs: number | undefined;

  constructor(options: { clock: Pick<Clock, 'elapsed'>; turnMs: number }) {
    this.#clock = options.clock;
    this.#turnMs = options.turnMs;
  }

  /** Nothing where the caller may go on at once, else a promise that resolves in the caller's turn. */
  next(): Promise<void> | undefined {
    if (this.#begunMs === undefined) this.#begin();
    if (this.#waiting.length === 0 && !this.#isLong) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  get #isLong(): boolean {
    return this.#begunMs !== undefined && this.#clock.elapsed() - this.#begunMs >= this.#turnMs;
  }

  #begin(): void {
    this.#begunMs = this.#clock.elapsed();
    setImmediate(() => void this.#nextTurn());
  }

  async #nextTurn(): Promise<void> {
    this.#begunMs = undefined;
    if (this.#waiting.length === 0) return;
    this.#begin();
    while (this.#waiting.length > 0 && !this.#isLong) {
      this.#waiting.shift()?.();
      await Promise.resolve(); // it goes on before the clock is asked again
    }
  }
}
