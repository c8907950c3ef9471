import type { CacheEvent } from './cache-event.ts';

/** The newest changes, for watches that start a little in the past. */
export class History {
  #events: CacheEvent[] = [];
  /** Everything after this revision is here. */
  #floor: number;
  readonly #capacity: number;

  constructor(floor: number, capacity: number) {
    this.#floor = floor;
    this.#capacity = capacity;
  }

  add(event: CacheEvent): void {
    this.#events.push(event);
    // Cut in halves, so that adding stays cheap.
    if (this.#events.length >= this.#capacity * 2) this.#dropOldest(this.#events.length - this.#capacity);
  }

  /** All changes after a revision; undefined when some of them are forgotten. */
  since(revision: number): readonly CacheEvent[] | undefined {
    if (revision < this.#floor) return undefined;
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle]?.revision ?? 0) > revision) high = middle;
      else low = middle + 1;
    }
    return this.#events.slice(low);
  }

  #dropOldest(count: number): void {
    this.#floor = this.#events[count - 1]?.revision ?? this.#floor;
    this.#events = this.#events.slice(count);
  }
}
