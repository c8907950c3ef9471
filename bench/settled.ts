import { systemClock } from '#base';

const lookMs = 2_000;
const quietLooks = 5;

/** A process's memory in bytes once it has not become less for ten seconds; undefined where it cannot be known. */
export async function settled(
  memoryBytes: () => Promise<number | undefined>,
  signal: AbortSignal,
): Promise<number | undefined> {
  let least = await memoryBytes();
  if (least === undefined) return undefined;
  for (let quiet = 0; quiet < quietLooks; quiet++) {
    await systemClock.sleep(lookMs, signal);
    const now = (await memoryBytes()) ?? least;
    if (now < least * 0.99) quiet = -1;
    least = Math.min(least, now);
  }
  return least;
}
