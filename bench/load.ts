/** How hard and how long to push. It ends at whichever of `calls` and `ms` comes first. */
export interface LoadOptions {
  /** How many calls are under way at any time. */
  inFlight: number;
  calls?: number;
  ms?: number;
  signal: AbortSignal;
}

export interface LoadResult {
  /** Calls answered in each window after the first, a second: the first is for warming up. */
  perSecond: number[];
  /** How long each call took, those of the first window left out. */
  latenciesMs: number[];
  calls: number;
}

const windowMs = 500;

/**
 * A closed loop: `inFlight` callers, each of which calls again as soon as it has its answer. The first call that fails
 * ends the load, and is thrown once the others have their answers.
 */
export async function load(options: LoadOptions, call: (number: number) => Promise<unknown>): Promise<LoadResult> {
  const { inFlight, calls = Infinity, ms = Infinity, signal } = options;
  const start = performance.now();
  const ends: number[] = [];
  const took: number[] = [];
  const state = { next: 0, failed: false };
  const caller = async (): Promise<void> => {
    while (state.next < calls && !state.failed && performance.now() - start < ms) {
      signal.throwIfAborted();
      const begin = performance.now();
      await call(state.next++);
      const end = performance.now();
      ends.push(end - start);
      took.push(end - begin);
    }
  };
  const callers = Array.from({ length: inFlight }, () =>
    caller().catch((error: unknown) => {
      state.failed = true;
      throw error;
    }),
  );
  const outcomes = await Promise.allSettled(callers);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
  return summed(ends, took);
}

/** Rates of the whole windows; a load that was over within two windows gives its rate from beginning to end. */
function summed(ends: readonly number[], took: readonly number[]): LoadResult {
  const last = ends.at(-1) ?? 0;
  const windows = Array.from({ length: Math.floor(last / windowMs) }, () => 0);
  for (const end of ends) {
    const at = Math.floor(end / windowMs);
    if (at < windows.length) windows[at] = (windows[at] ?? 0) + 1;
  }
  const perSecond = windows.slice(1).map((count) => (count * 1000) / windowMs);
  const warm = took.filter((_, at) => (ends[at] ?? 0) >= windowMs);
  const whole = perSecond.length === 0;
  return {
    perSecond: whole ? [(ends.length * 1000) / last] : perSecond,
    latenciesMs: whole ? [...took] : warm,
    calls: ends.length,
  };
}
