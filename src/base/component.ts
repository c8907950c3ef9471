/** The one shape of every part of Kedge: something that runs until it is told to stop. */
export interface Component {
  /** Runs until the signal aborts; resolves when everything it started has stopped. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Runs components side by side. The first that fails aborts the others; the returned promise resolves
 * (or rejects with that first failure) only when all of them have stopped.
 */
export async function runAll(components: readonly Component[], signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const all = AbortSignal.any([signal, stop.signal]);
  const results = await Promise.allSettled(
    components.map((component) =>
      component.run(all).catch((error: unknown) => {
        stop.abort(error);
        throw error;
      }),
    ),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
