import type { Figure } from '../figure.ts';
import { settled } from '../settled.ts';
import { filled, type Subject } from './subject.ts';

/**
 * What the server keeps of each of the pods that `fill` makes, garbage that it gives up within a while not counted. It has
 * to have made as many before: a server that is new to the work grows by far more than it keeps.
 */
export async function* memoryOf(subject: Subject, fill: () => Promise<unknown>): AsyncGenerator<Figure> {
  const memory = (): Promise<number | undefined> => settled(() => subject.memoryBytes(), subject.options.signal);
  const before = await memory();
  if (before === undefined) return;
  await fill();
  const after = (await memory()) ?? before;
  const samples = [(after - before) / filled / 1e3];
  yield { name: 'memory for each of 10,000 more pods', unit: 'kB', better: 'less', samples };
}
