import { randomInt, type Random } from '#base';

/**
 * Numbers 0 .. size-1, each given out once. Those that nobody names come from the upper band while it lasts, so that the
 * lower one stays free for those who do (KEP-3070, KEP-3668).
 */
export class BandAllocator {
  readonly #size: number;
  readonly #lowerBand: number;
  readonly #random: Random;
  readonly #taken = new Set<number>();

  constructor({ size, lowerBand, random }: { size: number; lowerBand: number; random: Random }) {
    this.#size = size;
    this.#lowerBand = lowerBand < size ? lowerBand : 0;
    this.#random = random;
  }

  /** False when it is taken already. */
  take(number: number): boolean {
    if (this.#taken.has(number)) return false;
    this.#taken.add(number);
    return true;
  }

  /** A free number; undefined when there is none. */
  takeAny(): number | undefined {
    return this.#takeWithin(this.#lowerBand, this.#size) ?? this.#takeWithin(0, this.#lowerBand);
  }

  /** All that are taken. */
  taken(): Iterable<number> {
    return this.#taken.values();
  }

  release(number: number): void {
    this.#taken.delete(number);
  }

  /** From a random place on, so that a number is not used again soon. */
  #takeWithin(from: number, to: number): number | undefined {
    const count = to - from;
    if (count <= 0) return undefined;
    const start = randomInt(this.#random, count);
    for (let step = 0; step < count; step++) {
      const number = from + ((start + step) % count);
      if (this.take(number)) return number;
    }
    return undefined;
  }
}

/** The size of the lower band: a sixteenth of the range, within bounds. */
export function lowerBandOf(size: number, bounds: { min: number; max: number }): number {
  if (size <= bounds.min) return 0;
  return Math.min(Math.max(bounds.min, Math.floor(size / 16)), bounds.max);
}
