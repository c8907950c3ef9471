import type { Figure } from '../figure.ts';
import { load } from '../load.ts';
import type { Subject } from './subject.ts';

/** Bytes of a value, but where it is said. */
const valueBytes = 1_000;
const value = Buffer.alloc(valueBytes, 'x');

const rangeKeys = 10_000;
const warmUp = { inFlight: 64, ms: 2000 };

/** Puts a second that are wanted, by calls in flight. */
export type PutTargets = Readonly<Record<number, number>>;

/**
 * Puts of 1 kB to keys of their own, answered when they are durable. So many go before them that both sides run compiled
 * code: of those that come one by one, a whole measurement would be too few for that.
 */
export async function* puts(subject: Subject, targets: PutTargets): AsyncGenerator<Figure> {
  const key = subject.keys('warm-up');
  await load({ ...warmUp, signal: subject.options.signal }, (n) => subject.client.put(key(n), value));
  yield* putsOf(subject, 'puts', value, targets);
}

/** The same with 2 kB. */
export function largerPuts(subject: Subject): AsyncGenerator<Figure> {
  return putsOf(subject, 'puts of 2 kB', Buffer.alloc(2 * valueBytes, 'x'), {});
}

async function* putsOf(subject: Subject, what: string, value: Buffer, targets: PutTargets): AsyncGenerator<Figure> {
  for (const inFlight of [1, 64, 256]) {
    const key = subject.keys(`${what.replaceAll(' ', '-')}-${inFlight}`);
    yield* subject.load(what, inFlight, (n) => subject.client.put(key(n), value), targets[inFlight]);
  }
}

/** Reads of single keys of 10,000 that lie there, and of all of them. */
export async function* reads(subject: Subject): AsyncGenerator<Figure> {
  const { client } = subject;
  const key = subject.keys('reads');
  const push = { inFlight: 64, calls: rangeKeys, signal: subject.options.signal };
  await load(push, (n) => client.put(key(n), value));
  const any = (n: number): Buffer => key((n * 7919) % rangeKeys); // a prime step visits every key
  yield* subject.load('linearizable gets', 64, (n) => client.get(any(n), false));
  yield* subject.load('serializable gets', 64, (n) => client.get(any(n), true));
  yield* subject.timed('a range of 10,000 keys', async () => {
    const count = await client.list(`${subject.prefix}reads/`);
    if (count !== rangeKeys) throw new Error(`a range gave ${count} keys of ${rangeKeys}`);
  });
}

/** Updates as Kubernetes makes them, of 1,000 keys in turn, whose revisions are known as they are to an API server. */
export async function* transactions(subject: Subject): AsyncGenerator<Figure> {
  const key = subject.keys('transactions');
  const revisions: number[] = Array.from({ length: 1_000 }, () => 0);
  yield* subject.load('updates by revision', 64, async (n) => {
    const at = n % revisions.length;
    revisions[at] = await subject.client.putIf(key(at), value, revisions[at] ?? 0);
  });
}
