import { EtcdError } from '../errors.ts';

/** Whether a revision can still be read. */
type IsReadable = (revision: number) => Promise<boolean>;

/**
 * Up to where a cluster has been compacted. No call of etcd tells it but the hash of everything; but whether a revision
 * is readable does, and it only grows: what is known from before, and one question, suffice when nothing happened since.
 */
export class CompactRevision {
  readonly #isReadable: IsReadable;
  #known = 0;

  constructor(isReadable: IsReadable) {
    this.#isReadable = isReadable;
  }

  /** The lowest revision that can be read, and 0 where nothing was compacted; `newest` can be read. */
  async upTo(newest: number): Promise<number> {
    if (await this.#isReadable(Math.max(1, this.#known))) return this.#known;
    let gone = Math.max(1, this.#known);
    let readable = newest;
    while (readable - gone > 1) {
      const middle = Math.floor((gone + readable) / 2);
      if (await this.#isReadable(middle)) readable = middle;
      else gone = middle;
    }
    return (this.#known = Math.max(this.#known, readable));
  }
}

/** Asks by reading at a revision. */
export async function isReadable(read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    if (error instanceof EtcdError && error.code === 'ErrCompacted') return false;
    throw error;
  }
}
