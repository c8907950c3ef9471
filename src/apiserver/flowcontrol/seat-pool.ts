/** How many seats a level has: its own, those of them that it keeps in any case, and the most that it may ever take. */
export interface Limits {
  readonly nominal: number;
  readonly lower: number;
  readonly upper: number;
}

/** A level, as far as it shares seats with others. */
export interface Sharer {
  readonly limits: Limits;
  /** Seats taken now. */
  readonly taken: number;
  /** Whether anybody waits for a seat. */
  readonly isWanting: boolean;
  /** Lets those who wait start, as far as they may. */
  dispatch(): void;
}

/**
 * All seats of the server. Each level may always take those that it lends to nobody; up to its own number those that are
 * free; and beyond it what others lend and do not need, while nobody waits for what is his own.
 */
export class SeatPool {
  readonly total: number;
  #levels: readonly Sharer[] = [];

  constructor(total: number) {
    this.total = total;
  }

  share(levels: readonly Sharer[]): void {
    this.#levels = levels;
  }

  /** Whether this level may take so many seats more. */
  mayTake(level: Sharer, seats: number): boolean {
    const { nominal, lower, upper } = level.limits;
    const after = level.taken + seats;
    if (after <= lower) return true;
    // What is wider than a level has seats has it for itself.
    if (seats > upper) return level.taken === 0;
    if (after > upper || this.#taken() + seats > this.total) return false;
    return after <= nominal || (after - nominal <= this.#lent(level) && !this.#owes(level));
  }

  /** Seats have become free: those who wait for their own come first. */
  freed(): void {
    for (const level of this.#levels) if (level.isWanting && level.taken < level.limits.nominal) level.dispatch();
    for (const level of this.#levels) if (level.isWanting) level.dispatch();
  }

  /** What a level could take now. */
  limitOf(level: Sharer): number {
    const { nominal, upper } = level.limits;
    return Math.min(upper, nominal + Math.max(0, this.#lent(level)));
  }

  #taken(): number {
    return this.#levels.reduce((sum, { taken }) => sum + taken, 0);
  }

  /** What the others lend, less what they have borrowed themselves. */
  #lent(level: Sharer): number {
    let lent = 0;
    for (const one of this.#levels) {
      if (one === level) continue;
      const { nominal, lower } = one.limits;
      lent += nominal - Math.max(lower, one.taken);
    }
    return lent;
  }

  #owes(level: Sharer): boolean {
    return this.#levels.some((one) => one !== level && one.isWanting && one.taken < one.limits.nominal);
  }
}
