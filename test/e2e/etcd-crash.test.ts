/**
 * `kedge etcd` is killed under load, again and again, and its clients go on: 32 writers and a watch, through the same
 * client that API servers use. KEDGE_FAULT_KILLS says how often (docs/reliability.md has a whole run).
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { randomInt, silentLogger, systemClock, systemRandom } from '#base';
import { EtcdError, openRemoteStore, type Store } from '#etcd';
import { freePort } from '../support/free-port.ts';
import { Session } from '../support/session.ts';
import { root } from '../support/tools.ts';

const kills = Number(process.env['KEDGE_FAULT_KILLS'] ?? 5);
const writers = 32;
const everything = { key: Buffer.of(0), rangeEnd: Buffer.of(0) };

/** Writes until told to stop; each key once, a failed one is left. */
class Writers {
  readonly acknowledged = new Map<string, number>();
  readonly failures = new Set<string>();
  /** The newest revision that any answer has told; none may tell an older one to who asks later. */
  newest = 1;
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>;
  #count = 0;

  constructor(store: Store) {
    this.#running = Promise.all(Array.from({ length: writers }, () => this.#write(store)));
    this.#running.catch(() => this.#stop.abort()); // told to who waits
  }

  async #write(store: Store): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const key = `k${this.#count++}`;
      const before = this.newest;
      try {
        const { header } = await store.put({ key: Buffer.from(key), value: Buffer.alloc(500, key) });
        assert.ok(header.revision > before, 'revisions never go back');
        this.newest = Math.max(this.newest, header.revision);
        this.acknowledged.set(key, header.revision);
      } catch (error) {
        if (!(error instanceof EtcdError)) throw error;
        this.failures.add(error.code);
        await systemClock.sleep(20);
      }
    }
  }

  async until(count: number): Promise<void> {
    while (this.acknowledged.size < count) await Promise.race([systemClock.sleep(5), this.#running]);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

test(`${kills} kills: nothing acknowledged is lost, a watch tells every revision once and in order`, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kedge-crash-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  const start = async (): Promise<Session> => {
    // The program itself: bin/kedge.mjs starts it, and would be killed alone.
    const program = [process.execPath, join(root, 'dist/kedge.mjs')] as const;
    const flags = ['--data-dir', join(directory, 'data'), '--listen-client-urls', url];
    const server = new Session([...program, 'etcd', ...flags], { PATH: process.env['PATH'] ?? '', HOME: directory });
    await server.until(/etcd is served on/);
    return server;
  };
  let server = await start();
  try {
    const options = { endpoints: [url], clock: systemClock, random: systemRandom, log: silentLogger };
    await using store = await openRemoteStore(options);
    const told: [revision: number, key: string][] = [];
    const watch = store.watch({ ...everything, startRevision: 2 });
    const watching = (async () => {
      for await (const { events } of watch) for (const { kv } of events) told.push([kv.modRevision, textOf(kv.key)]);
    })();
    const load = new Writers(store);
    for (let round = 0; round < kills; round++) {
      await load.until(load.acknowledged.size + 1 + randomInt(systemRandom, 400));
      await server[Symbol.asyncDispose]();
      server = await start();
    }
    await load.until(load.acknowledged.size + 100);
    await load.stop();
    const { header, kvs } = await store.range(everything);
    while ((told.at(-1)?.[0] ?? 0) < header.revision) await Promise.race([systemClock.sleep(5), watching]);
    watch.cancel();
    await watching;
    const there = new Map(kvs.map(({ key, modRevision }) => [textOf(key), modRevision]));
    for (const [key, at] of load.acknowledged) assert.equal(there.get(key), at, `${key} was acknowledged`);
    for (const { key, value } of kvs) assert.deepEqual(Buffer.from(value), Buffer.alloc(500, key));
    assert.deepEqual(
      told,
      [...there].map(([key, revision]) => [revision, key]).sort(([a], [b]) => Number(a) - Number(b)),
    );
    assert.deepEqual(
      told.map(([revision]) => revision),
      Array.from(told, (_, at) => at + 2),
    );
  } finally {
    await server[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  }
});
