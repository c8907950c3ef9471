import type { Random } from '#base';
import { BandAllocator, lowerBandOf } from './band-allocator.ts';

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** The node ports of Services. */
export class PortAllocator {
  readonly range: PortRange;
  readonly #band: BandAllocator;

  constructor(range: PortRange, random: Random) {
    this.range = range;
    const size = range.last - range.first + 1;
    this.#band = new BandAllocator({ size, lowerBand: lowerBandOf(size, { min: 16, max: 128 }), random });
  }

  /** Takes a port that a client named; the words say why it cannot be had. */
  take(port: number): string | undefined {
    const { first, last } = this.range;
    if (!this.isInRange(port)) {
      return `provided port is not in the valid range. The range of valid ports is ${first}-${last}`;
    }
    return this.#band.take(port - first) ? undefined : 'provided port is already allocated';
  }

  isInRange(port: number): boolean {
    return port >= this.range.first && port <= this.range.last;
  }

  /** All that are taken. */
  *taken(): Generator<number> {
    for (const offset of this.#band.taken()) yield this.range.first + offset;
  }

  /** A free port; undefined when all are taken. */
  takeAny(): number | undefined {
    const offset = this.#band.takeAny();
    return offset === undefined ? undefined : this.range.first + offset;
  }

  release(port: number): void {
    this.#band.release(port - this.range.first);
  }
}
