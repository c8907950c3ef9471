import type { PortBook } from '../port-book.ts';
import { PortSet } from '../port-set.ts';

/** Node ports without a store. */
export class MemoryPorts implements PortBook {
  readonly #taken: PortSet;
  readonly #first: number;

  constructor({ first, last }: { first: number; last: number }) {
    this.#first = first;
    this.#taken = new PortSet(last - first + 1);
  }

  /** What is taken, sorted. */
  get taken(): number[] {
    return [...this.#taken.values()].map((offset) => this.#first + offset);
  }

  async change<T>(decide: (taken: PortSet) => T): Promise<T> {
    return decide(this.#taken);
  }
}
