import { systemClock } from '#base';
import type { Figure } from '../figure.ts';
import { filled, type Subject } from './subject.ts';

const lookMs = 2_000;
const quietLooks = 5;

/**
 * What the server keeps of each of the pods that `fill` makes, garbage that it gives up within a while not counted. It has
 * to have made as many before: a server that is new to the work grows by far more than it keeps.
 */
export async function* memoryOf(subject: Subject, fill: () => Promise<unknown>): AsyncGenerator<Figure> {
  const before = await settled(subject);
  if (before === undefined) return;
  await fill();
  const after = (await settled(subject)) ?? before;
  const samples = [(after - before) / filled / 1e3];
  yield { name: 'memory for each of 10,000 more pods', unit: 'kB', better: 'less', samples };
}

/** The server's memory once it has not become less for ten seconds. */
export async function settled(subject: Subject): Promise<number | undefined> {
  let least = await subject.memoryBytes();
  if (least === undefined) return undefined;
  for (let quiet = 0; quiet < quietLooks; quiet++) {
    await systemClock.sleep(lookMs, subject.options.signal);
    const now = (await subject.memoryBytes()) ?? least;
    if (now < least * 0.99) quiet = -1;
    least = Math.min(least, now);
  }
  return least;
}
