import type { Clock, Timer } from '#base';

/**
 * Calls back for everything that has been running for too long. All have the same time, so one timer, for the one that
 * began first, does for all of them: a timer for each request would be made and thrown away thousands of times a second.
 */
export class Deadlines<T> {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #onLate: (one: T) => void;
  /** What runs, and until when it may: in the order of that. */
  readonly #running = new Map<T, number>();
  readonly #stopped: AbortSignal;
  #timer: Timer | undefined;

  constructor(options: { clock: Clock; timeoutMs: number; stopped: AbortSignal; onLate: (one: T) => void }) {
    this.#clock = options.clock;
    this.#timeoutMs = options.timeoutMs;
    this.#stopped = options.stopped;
    this.#onLate = options.onLate;
    this.#stopped.addEventListener('abort', () => this.#timer?.cancel(), { once: true });
  }

  begin(one: T): void {
    this.#running.set(one, this.#clock.elapsed() + this.#timeoutMs);
    if (!this.#timer) this.#arm(this.#timeoutMs);
  }

  end(one: T): void {
    this.#running.delete(one);
  }

  #arm(ms: number): void {
    if (this.#stopped.aborted) return;
    this.#timer = this.#clock.timer(ms, () => this.#look());
  }

  #look(): void {
    this.#timer = undefined;
    const now = this.#clock.elapsed();
    for (const [one, until] of this.#running) {
      if (until > now) return this.#arm(until - now);
      this.#running.delete(one);
      this.#onLate(one);
    }
  }
}
