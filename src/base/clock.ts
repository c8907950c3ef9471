/** A pending call that `Clock.timer` made. */
export interface Timer {
  /** Takes the call back; does nothing when it has already been made. */
  cancel(): void;
}

/** Where all time comes from. No component reads the system's clock by itself, so that tests can own time. */
export interface Clock {
  /** Milliseconds since 1970, as `Date.now()`. */
  now(): number;
  /** Milliseconds since some moment in the past. Never goes back, whatever somebody does to the time of day: for durations. */
  elapsed(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `call` once after `ms` milliseconds. */
  timer(ms: number, call: () => void): Timer;
}

/** `setTimeout` overflows past 2^31-1 ms and would then fire at once. */
const maxTimeoutMs = 2 ** 31 - 1;

class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  elapsed(): number {
    return performance.now();
  }

  timer(ms: number, call: () => void): Timer {
    const handle = setTimeout(call, Math.min(Math.max(ms, 0), maxTimeoutMs));
    return { cancel: () => clearTimeout(handle) };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepWith(this, ms, signal);
  }
}

/** `Clock.sleep` in terms of `Clock.timer`: shared by all clocks. */
export function sleepWith(clock: Pick<Clock, 'timer'>, ms: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (signal?.aborted) return Promise.reject(abortReason(signal));
  const onAbort = (): void => {
    timer.cancel();
    reject(abortReason(signal));
  };
  const timer = clock.timer(ms, () => {
    signal?.removeEventListener('abort', onAbort);
    resolve();
  });
  signal?.addEventListener('abort', onAbort, { once: true });
  return promise;
}

function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}

/** The clock of the machine. */
export const systemClock: Clock = new SystemClock();
