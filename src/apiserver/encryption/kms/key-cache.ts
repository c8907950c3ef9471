import type { Clock } from '#base';
import type { Transformer } from '../transformer.ts';

const ttlMs = 24 * 60 * 60_000;

/** Keys that were opened, by the hash of their sealed form (`kmsv2/cache.go`). Those nobody set for a day go. */
export class KeyCache {
  readonly #clock: Clock;
  /** The longest set comes first. */
  readonly #keys = new Map<string, { opener: Pick<Transformer, 'fromStorage'>; untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#keys.size;
  }

  get(hash: string): Pick<Transformer, 'fromStorage'> | undefined {
    return this.#keys.get(hash)?.opener;
  }

  set(hash: string, opener: Pick<Transformer, 'fromStorage'>): void {
    const nowMs = this.#clock.elapsed();
    this.#keys.delete(hash);
    this.#keys.set(hash, { opener, untilMs: nowMs + ttlMs });
    for (const [old, { untilMs }] of this.#keys) {
      if (untilMs > nowMs) break;
      this.#keys.delete(old);
    }
  }
}
