import { systemClock } from '#base';

/** Asks until the answer passes `check` (which throws when it does not); fails with the last reason after `withinMs`. */
export async function until<T>(ask: () => Promise<T>, check: (answer: T) => void, withinMs = 60_000): Promise<T> {
  const end = systemClock.now() + withinMs;
  for (;;) {
    try {
      const answer = await ask();
      check(answer);
      return answer;
    } catch (error) {
      if (systemClock.now() > end) throw error;
    }
    await systemClock.sleep(100);
  }
}
