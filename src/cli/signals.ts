/** Aborts at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function terminationSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(1);
      stop.abort(new Error(`${name} received`));
    });
  }
  return stop.signal;
}
