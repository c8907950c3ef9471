import type { Random } from '#base';
import { freeInBands, lowerBandOf } from './bands.ts';
import type { PortBook } from './port-book.ts';

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** The node ports of Services. */
export class PortAllocator {
  readonly range: PortRange;
  readonly #book: PortBook;
  readonly #random: Random;

  constructor({ range, book, random }: { range: PortRange; book: PortBook; random: Random }) {
    this.range = range;
    this.#book = book;
    this.#random = random;
  }

  /** Takes a port that a client named; the words say why it cannot be had. Whether it is free is not asked in a dry run. */
  async take(port: number, dryRun: boolean): Promise<string | undefined> {
    const { first, last } = this.range;
    if (!this.isInRange(port)) {
      return `provided port is not in the valid range. The range of valid ports is ${first}-${last}`;
    }
    if (dryRun || (await this.#book.change((taken) => taken.add(port - first)))) return undefined;
    return 'provided port is already allocated';
  }

  isInRange(port: number): boolean {
    return port >= this.range.first && port <= this.range.last;
  }

  /** A free port; undefined when all are taken. In a dry run one that looks like it. */
  async takeAny(dryRun: boolean): Promise<number | undefined> {
    const { first, last } = this.range;
    if (dryRun) return first;
    const size = last - first + 1;
    const bands = { size, lowerBand: lowerBandOf(size, { min: 16, max: 128 }), random: this.#random };
    const offset = await this.#book.change((taken) => {
      const free = freeInBands((one) => taken.has(one), bands);
      if (free !== undefined) taken.add(free);
      return free;
    });
    return offset === undefined ? undefined : first + offset;
  }

  async release(ports: readonly number[]): Promise<void> {
    const own = ports.filter((port) => this.isInRange(port));
    if (own.length === 0) return;
    await this.#book.change((taken) => {
      for (const port of own) taken.delete(port - this.range.first);
    });
  }

  /** Takes all ports that are held, but for those out of range; returns those that were free, and those of nobody. */
  async hold(held: ReadonlySet<number>): Promise<{ added: number[]; leaked: number[] }> {
    const { first } = this.range;
    const own = [...held].filter((port) => this.isInRange(port));
    return this.#book.change((taken) => ({
      added: own.filter((port) => taken.add(port - first)),
      leaked: [...taken.values()].map((offset) => first + offset).filter((port) => !held.has(port)),
    }));
  }
}
