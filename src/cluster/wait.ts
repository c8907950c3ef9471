import { messageOf, type Clock } from '#base';

/**
 * Asks `ready` again and again until it answers something; throws naming `what` after `withinMs`, with the last reason.
 * For conditions of other processes, which no watch tells.
 */
export async function waitUntil<T>(
  clock: Clock,
  what: string,
  withinMs: number,
  ready: () => Promise<T | undefined>,
  everyMs = 25,
): Promise<T> {
  const end = clock.elapsed() + withinMs;
  let reason = '';
  for (;;) {
    try {
      const result = await ready();
      if (result !== undefined) return result;
    } catch (error) {
      if (error instanceof Fatal) throw error.cause;
      reason = messageOf(error);
    }
    if (clock.elapsed() >= end)
      throw new Error(`${what} within ${withinMs / 1000} s: it did not happen${reason ? ` (${reason})` : ''}`);
    await clock.sleep(everyMs);
  }
}

/** Thrown by a condition that can no longer come true; its cause is what the caller hears. */
export class Fatal extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}
