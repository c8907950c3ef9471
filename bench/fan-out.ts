import { systemClock } from '#base';
import type { Watching } from './watching.ts';

const everyMs = 10;

/** What is written, and who watches it. */
export interface FanOutOptions {
  watching: Watching;
  /** How many events each watcher has been told before. */
  before: number;
  events: number;
  /** Makes a change, which every watcher is told of; the first has number 1. */
  write: (event: number) => Promise<unknown>;
  signal: AbortSignal;
}

/** A hundred changes a second; the milliseconds from sending each until the last watcher had it. */
export async function fanOut({ watching, before, events, write, signal }: FanOutOptions): Promise<number[]> {
  const took: number[] = [];
  const changes: Promise<unknown>[] = [];
  const start = performance.now();
  for (let event = 1; event <= events; event++) {
    await systemClock.sleep(Math.max(0, start + event * everyMs - performance.now()), signal);
    const sent = performance.now();
    const told = watching.reached(before + event).then(() => took.push(performance.now() - sent));
    const change = Promise.all([write(event), told]);
    change.catch(() => {}); // thrown below, once the others are under way
    changes.push(change);
  }
  await Promise.all(changes);
  return took;
}
