/**
 * A process that a test kills or whose disk it disturbs: opens a store and writes as fast as it can, from 32 sides, while
 * it reads what it wrote. Tells its parent of every write that was acknowledged, and at the end how the rest went.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, seededRandom, silentLogger, systemClock } from '#base';
import { openEmbeddedStore } from '../embedded/embedded-store.ts';

/** What the writer tells its parent. */
export type News =
  | { acknowledged: { key: string; revision: number } }
  | { failed: string }
  | { read: 'well' | 'wrong' }
  | { ended: { maxWriteMs: number } };

const writers = 32;
const [directory = '', name = '', size = ''] = process.argv.slice(2);
const valueBytes = Number(size);
const tell = (news: News): void => void process.send?.(news);
const store = await openEmbeddedStore({ directory, clock: systemClock, random: seededRandom(1), log: silentLogger });

const stop = new AbortController();
let count = 0;
let maxWriteMs = 0;
let newest: string | undefined;
process.on('message', () => stop.abort());

async function write(): Promise<void> {
  const key = `${name}/${count++}`;
  const startMs = performance.now();
  try {
    const { header } = await store.put({ key: Buffer.from(key), value: Buffer.alloc(valueBytes, key) });
    newest = key;
    tell({ acknowledged: { key, revision: header.revision } });
  } catch (error) {
    tell({ failed: messageOf(error) });
    await delay(1);
  }
  maxWriteMs = Math.max(maxWriteMs, performance.now() - startMs);
}

async function readOn(): Promise<void> {
  while (!stop.signal.aborted) {
    await delay(1);
    if (newest === undefined) continue;
    const answer = await store.range({ key: Buffer.from(newest) }).catch(() => undefined);
    tell({ read: answer?.kvs[0]?.value.length === valueBytes ? 'well' : 'wrong' });
  }
}

async function writeOn(): Promise<void> {
  while (!stop.signal.aborted) await write();
}

await Promise.all([readOn(), ...Array.from({ length: writers }, writeOn)]);
tell({ ended: { maxWriteMs } });
