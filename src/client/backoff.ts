import type { Clock, Random } from '#base';

interface BackoffOptions {
  clock: Clock;
  initialMs: number;
  maxMs: number;
  factor?: number;
  /** Adds up to this share of the delay; needs `random`. */
  jitter?: number;
  random?: Random;
  /** After so long without a failure the next delay is the initial one again. */
  resetMs?: number;
}

/** Delays that grow while failures follow one another (client-go's `wait.Backoff` manager). */
export class Backoff {
  readonly #options: Required<Omit<BackoffOptions, 'random'>> & { random?: Random };
  #nextMs: number;
  #lastFailure = -Infinity;

  constructor(options: BackoffOptions) {
    this.#options = { factor: 2, jitter: 0, resetMs: 120_000, ...options };
    this.#nextMs = options.initialMs;
  }

  /** Counts a failure and returns how long to wait, in milliseconds. */
  failed(): number {
    const { clock, initialMs, maxMs, factor, jitter, random, resetMs } = this.#options;
    const now = clock.elapsed();
    if (now - this.#lastFailure > resetMs) this.#nextMs = initialMs;
    this.#lastFailure = now;
    const delay = this.#nextMs;
    this.#nextMs = Math.min(delay * factor, maxMs);
    return delay * (1 + jitter * (random?.next() ?? 0));
  }

  reset(): void {
    this.#nextMs = this.#options.initialMs;
  }
}
