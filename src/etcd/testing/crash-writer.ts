/** The child of the crash test: writes as fast as it can and reports what was acknowledged, until it is killed. */
import { seededRandom, silentLogger, systemClock } from '#base';
import { openEmbeddedStore } from '../embedded/embedded-store.ts';

const [directory = '', round = ''] = process.argv.slice(2);
const store = await openEmbeddedStore({ directory, clock: systemClock, random: seededRandom(1), log: silentLogger });
let acknowledged = 0;
const writer = async (from: number): Promise<void> => {
  for (let n = from; n < 100_000; n += 32) {
    await store.put({ key: Buffer.from(`r${round}/${n}`), value: Buffer.alloc(1000) });
    process.send?.(acknowledged++);
  }
};
await Promise.all(Array.from({ length: 32 }, (_, at) => writer(at)));
