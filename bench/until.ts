import { messageOf, systemClock } from '#base';

/** Asks every few milliseconds until the answer is true; an answer that fails counts as "not yet". Throws after a minute. */
export async function until(what: string, signal: AbortSignal, ask: () => Promise<boolean>): Promise<void> {
  const end = systemClock.now() + 60_000;
  let why = 'it did not';
  while (systemClock.now() < end) {
    try {
      if (await ask()) return;
    } catch (error) {
      why = messageOf(error);
    }
    await systemClock.sleep(10, signal);
  }
  throw new Error(`${what} within a minute: ${why}`);
}
