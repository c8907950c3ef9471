import type { Clock } from '#base';

/** Tokens that refill with time, up to `burst`; may go into debt, so that whoever takes one knows when its turn is. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  constructor({ clock, perSecond, burst }: { clock: Clock; perSecond: number; burst: number }) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = clock.elapsed();
  }

  /** Takes a token if one is there. */
  tryTake(): boolean {
    this.#refill();
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  /** Takes a token now or later; returns in how many milliseconds it is there. */
  reserveMs(): number {
    this.#refill();
    this.#tokens--;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#perSecond) * 1000;
  }

  #refill(): void {
    const now = this.#clock.elapsed();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
  }
}

/** How long a failed item waits: doubling for each item, and a common limit for all (client-go's default limiter). */
export class ItemRateLimiter<K> {
  readonly #failures = new Map<K, number>();
  readonly #bucket: TokenBucket;
  readonly #baseMs: number;
  readonly #maxMs: number;

  constructor({ clock, baseMs = 5, maxMs = 1_000_000 }: { clock: Clock; baseMs?: number; maxMs?: number }) {
    this.#bucket = new TokenBucket({ clock, perSecond: 10, burst: 100 });
    this.#baseMs = baseMs;
    this.#maxMs = maxMs;
  }

  /** Counts a failure of the item and returns how long it waits, in milliseconds. */
  failed(item: K): number {
    const failures = this.retries(item);
    this.#failures.set(item, failures + 1);
    return Math.max(Math.min(this.#baseMs * 2 ** failures, this.#maxMs), this.#bucket.reserveMs());
  }

  retries(item: K): number {
    return this.#failures.get(item) ?? 0;
  }

  forget(item: K): void {
    this.#failures.delete(item);
  }
}
