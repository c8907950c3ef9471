import { open, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbeddedStore, type Store } from '#etcd';
import { silentLogger, systemClock, systemRandom } from '#base';
import type { Figure, Measurement } from './figure.ts';
import { load } from './load.ts';

const valueBytes = 2048;
const seconds = 5;

/**
 * The store by itself, in this process: puts of 2 kB to keys of their own, answered when they are durable, with 1, 64 and
 * 256 under way at any time, five seconds each. Beside it what the disk gives at best: 4 kB written and flushed, one
 * after another, which is the floor of a single put.
 */
export const etcd: Measurement = {
  name: 'etcd',
  async *run({ directory, signal }) {
    const home = await mkdtemp(join(directory, 'kedge-bench-'));
    try {
      yield await flushes(home);
      await using store = await openEmbeddedStore({
        directory: join(home, 'store'),
        clock: systemClock,
        random: systemRandom,
        log: silentLogger,
      });
      for (const inFlight of [1, 64, 256]) yield* puts(store, inFlight, signal);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
};

async function flushes(home: string): Promise<Figure> {
  const file = await open(join(home, 'flush'), 'w');
  const samples: number[] = [];
  try {
    for (let n = 0; n < 200; n++) {
      const start = performance.now();
      await file.write(Buffer.alloc(4096, n), 0, 4096, 0);
      await file.datasync();
      samples.push(performance.now() - start);
    }
  } finally {
    await file.close();
  }
  return { name: 'disk: 4 kB written and flushed', unit: 'ms', better: 'less', samples };
}

async function* puts(store: Store, inFlight: number, signal: AbortSignal): AsyncIterable<Figure> {
  const key = (n: number): Buffer => Buffer.from(`/registry/bench/${inFlight}/${String(n).padStart(9, '0')}`);
  const value = Buffer.alloc(valueBytes, 'x');
  const { perSecond, latenciesMs } = await load({ inFlight, ms: seconds * 1000, signal }, (n) =>
    store.put({ key: key(n), value }),
  );
  yield { name: `puts, ${inFlight} in flight`, unit: '/s', better: 'more', samples: perSecond };
  yield { name: `a put, ${inFlight} in flight`, unit: 'ms', better: 'less', samples: latenciesMs };
}
