/** From how many samples on a 99th percentile says more than the worst one. */
const enoughForP99 = 100;

/** What is told of a set of samples. */
export interface Summary {
  runs: number;
  median: number;
  /** The 99th percentile on the bad side where there are enough samples, else the worst. */
  tail: number;
  tailIs: 'p99' | 'max' | 'min';
}

/** Sums samples up; `better` says which end is the bad one. Throws when there are none. */
export function summarize(samples: readonly number[], better: 'less' | 'more'): Summary {
  if (samples.length === 0) throw new Error('nothing was measured');
  const sorted = samples.toSorted((a, b) => (better === 'less' ? a - b : b - a));
  const worst = better === 'less' ? 'max' : 'min';
  const many = sorted.length >= enoughForP99;
  return {
    runs: sorted.length,
    median: percentile(sorted, 50),
    tail: percentile(sorted, many ? 99 : 100),
    tailIs: many ? 'p99' : worst,
  };
}

/** The value below which `percent` of sorted samples lie; between two samples it is interpolated. */
export function percentile(sorted: readonly number[], percent: number): number {
  const at = ((sorted.length - 1) * percent) / 100;
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
  return low + (high - low) * (at - Math.floor(at));
}
