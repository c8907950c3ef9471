import { systemClock, type Clock } from '#base';

/** Ctrl-C reaches a process from the terminal, and once more from each parent that hands it on. */
const sameMs = 1000;

/** Aborts at the first SIGINT or SIGTERM; another one, some time later, ends the process at once. */
export function terminationSignal(clock: Clock = systemClock): AbortSignal {
  const stop = new AbortController();
  let firstMs = 0;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (!stop.signal.aborted) {
        firstMs = clock.elapsed();
        stop.abort(new Error(`${name} received`));
      } else if (clock.elapsed() - firstMs > sameMs) process.exit(1);
    });
  }
  return stop.signal;
}
