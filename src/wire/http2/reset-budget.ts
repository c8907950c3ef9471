/** Calls that a client may begin and cancel at once, and how many more each second: each costs us, and it nothing. */
const burst = 10_000;
const perSecond = 1000;

/** How often a client may still cancel a call: who does nothing else keeps a server from all others. */
export class ResetBudget {
  readonly #elapsed: () => number;
  #left = burst;
  #atMs: number;

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
    this.#atMs = elapsed();
  }

  /** Takes one; false when there is none left. */
  spend(): boolean {
    const now = this.#elapsed();
    this.#left = Math.min(burst, this.#left + ((now - this.#atMs) / 1000) * perSecond);
    this.#atMs = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
