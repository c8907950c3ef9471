interface Sample {
  total: number;
  at: number;
  rate: number | undefined;
}

/** Samples closer together than this say nothing: the last rate stands. */
const shortestNanoseconds = 1e9;

/** Makes rates of counters: how many nanoseconds of processor time a second took, between two looks. */
export class CpuRate {
  readonly #samples = new Map<string, Sample>();

  /** The rate since the look before, in nanoseconds a second; undefined at the first. Times in nanoseconds. */
  measure(key: string, total: number, at: number): number | undefined {
    const before = this.#samples.get(key);
    if (before && at - before.at < shortestNanoseconds) return before.rate;
    const rate = before && Math.max(0, Math.round(((total - before.total) / (at - before.at)) * 1e9));
    this.#samples.set(key, { total, at, rate });
    return rate;
  }

  forget(key: string): void {
    this.#samples.delete(key);
  }
}
