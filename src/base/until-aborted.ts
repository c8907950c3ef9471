/**
 * Waits for work, or for the signal where that aborts first; fails as the work does. Leaves nothing behind: `Promise.race` with
 * one promise of the abort would keep something of each wait for as long as there is no abort.
 */
export async function untilAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const end = (): void => resolve();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  work.then(end, reject);
  try {
    await promise;
  } finally {
    signal.removeEventListener('abort', end);
  }
}
