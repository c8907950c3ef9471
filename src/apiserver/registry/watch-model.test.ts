import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isStatusError } from '#machinery';
import type { ListOptions, RequestContext, WatchItem } from './rest.ts';
import { openStoreHarness, type StoreHarness } from './testing/store-harness.ts';

/** What one acknowledged write did: the model is their sequence. */
interface Change {
  revision: number;
  name: string;
  /** Whether the object matched the readers' selector; undefined where it was not there. */
  before: boolean | undefined;
  after: boolean | undefined;
}

/** The events that the model owes a reader behind a revision. */
function owed(history: readonly Change[], after: number, selects: (matched: boolean | undefined) => boolean): string[] {
  const ordered = history.filter(({ revision }) => revision > after).toSorted((a, b) => a.revision - b.revision);
  return ordered.flatMap(({ revision, name, before, after: now }) => {
    const [was, is] = [selects(before), selects(now)];
    if (!was && !is) return [];
    return [`${is ? (was ? 'MODIFIED' : 'ADDED') : 'DELETED'} ${name} ${revision}`];
  });
}

const everything = (matched: boolean | undefined): boolean => matched !== undefined;
const onlyOn = (matched: boolean | undefined): boolean => matched === true;

/** Writes one after another for each name, and all names at once; notes what was acknowledged. */
class Writers {
  readonly history: Change[] = [];
  readonly #harness: StoreHarness;
  readonly #states = new Map<string, boolean>();
  readonly #turns = new Map<string, Promise<void>>();
  #round = 0;
  #isFinished = false;

  constructor(harness: StoreHarness) {
    this.#harness = harness;
  }

  write(name: string, wish: 'on' | 'off' | 'delete'): Promise<void> {
    const turn = (this.#turns.get(name) ?? Promise.resolve()).then(() => this.#write(name, wish));
    this.#turns.set(name, turn);
    return turn;
  }

  async settled(): Promise<void> {
    await Promise.all(this.#turns.values());
  }

  /** All writes have been made. */
  finish(): void {
    this.#isFinished = true;
  }

  get written(): number {
    return this.#isFinished ? Infinity : this.history.length;
  }

  async #write(name: string, wish: 'on' | 'off' | 'delete'): Promise<void> {
    const { rest, context } = this.#harness;
    const before = this.#states.get(name);
    if (wish === 'delete') {
      if (before === undefined) return;
      const { stored } = await rest.delete(context, 'a', name);
      this.#states.delete(name);
      this.history.push({ revision: stored.resourceVersion, name, before, after: undefined });
      return;
    }
    const after = wish === 'on';
    const body = { metadata: { name, labels: { on: after ? 'yes' : 'no' } }, spec: { size: ++this.#round } };
    const stored =
      before === undefined
        ? await rest.create(context, 'a', body)
        : (await rest.update(context, 'a', name, body)).stored;
    this.#states.set(name, after);
    this.history.push({ revision: stored.resourceVersion, name, before, after });
  }
}

interface Habits {
  /** After how many events the connection breaks. */
  breaks: number;
  /** How many writes happen before it is back: more than the cache remembers, and the store must tell. */
  away: number;
  /** How many there were; without end once there are no more to come. */
  written: () => number;
}

/** A client that loses its connection again and again, and picks up where it was. */
class Reader {
  readonly seen: string[] = [];
  readonly from: number;
  readonly #harness: StoreHarness;
  readonly #options: ListOptions;
  readonly #habits: Habits;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #failure: unknown;
  #last: number;

  constructor(harness: StoreHarness, options: ListOptions, from: number, habits: Habits) {
    this.#harness = harness;
    this.#options = options;
    this.#habits = habits;
    this.from = from;
    this.#last = from;
    this.#running = this.#run().catch((error: unknown) => void (this.#failure = error));
  }

  /** Resolves when the reader has heard of a revision; rejects when it was told what it should not be. */
  async reached(revision: number): Promise<void> {
    while (this.#last < revision && this.#failure === undefined) await new Promise(setImmediate);
    this.#stop.abort();
    await this.#running;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #run(): Promise<void> {
    const { written, away } = this.#habits;
    while (!this.#stop.signal.aborted) {
      await this.#connect();
      const back = written() + away;
      while (written() < back && !this.#stop.signal.aborted) await new Promise(setImmediate);
    }
  }

  async #connect(): Promise<void> {
    const broken = new AbortController();
    const { rest, context } = this.#harness;
    const signal = AbortSignal.any([context.signal, this.#stop.signal, broken.signal]);
    const mine: RequestContext = { ...context, signal };
    let heard = 0;
    const stream = rest.watch(mine, 'a', { ...this.#options, resourceVersion: String(this.#last) });
    await stream.forEach((item) => {
      if (broken.signal.aborted) return undefined; // it came when nobody listened any more
      this.#take(item);
      if (++heard === this.#habits.breaks) broken.abort();
      // Some readers are slow now and then: what comes meanwhile must wait in order.
      return heard % 3 === 0 ? new Promise((resolve) => void setImmediate(resolve)) : undefined;
    });
  }

  #take({ type, stored }: WatchItem): void {
    assert.ok(stored.resourceVersion > this.#last, `${stored.resourceVersion} behind ${this.#last}`);
    this.#last = stored.resourceVersion;
    this.seen.push(`${type} ${stored.object.metadata.name} ${stored.resourceVersion}`);
  }
}

/** An event that is lost is waited for in vain. */
const patience = { timeout: 120_000 };

const wishes = fc.tuple(fc.nat(3), fc.constantFrom('on', 'off', 'delete' as const));

test(
  'with broken connections, slow readers and a short memory, nothing is skipped, repeated or out of order',
  patience,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(wishes, { minLength: 30, maxLength: 80 }),
        fc.array(fc.tuple(fc.nat(79), fc.integer({ min: 1, max: 9 }), fc.nat(20), fc.boolean()), {
          minLength: 1,
          maxLength: 5,
        }),
        async (writes, readers) => {
          await using harness = await openStoreHarness({ historyCapacity: 4 });
          const { rest, context } = harness;
          const writers = new Writers(harness);
          const running: { reader: Reader; selects: (matched: boolean | undefined) => boolean }[] = [];
          for (const [at, [name, wish]] of writes.entries()) {
            for (const [start, breaks, away, selective] of readers) {
              if (start !== at) continue;
              const { resourceVersion } = await rest.list(context, 'a', {});
              const options = selective ? { labelSelector: 'on=yes' } : {};
              const habits = { breaks, away, written: () => writers.written };
              const reader = new Reader(harness, options, Number(resourceVersion), habits);
              running.push({ reader, selects: selective ? onlyOn : everything });
            }
            void writers.write(`w${name}`, wish);
            if (at % 7 === 0) await writers.settled();
          }
          await writers.settled();
          writers.finish();
          const marker = await rest.create(context, 'a', { metadata: { name: 'marker', labels: { on: 'yes' } } });
          for (const { reader, selects } of running) {
            await reader.reached(marker.resourceVersion);
            const expected = owed(writers.history, reader.from, selects);
            assert.deepEqual(reader.seen, [...expected, `ADDED marker ${marker.resourceVersion}`]);
          }
        },
      ),
      { numRuns: 25, seed: 7, endOnFailure: true },
    );
  },
);

test('a watch from a revision that is yet to come begins behind it', patience, async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  const { resourceVersion } = await rest.list(context, 'a', {});
  const ahead = Number(resourceVersion) + 2;
  const stop = new AbortController();
  const seen: number[] = [];
  const mine = { ...context, signal: AbortSignal.any([context.signal, stop.signal]) };
  const watching = rest.watch(mine, 'a', { resourceVersion: String(ahead) }).forEach(({ stored }) => {
    seen.push(stored.resourceVersion);
    return undefined;
  });
  for (let at = 1; at <= 4; at++) await rest.create(context, 'a', { metadata: { name: `w${at}` } });
  while (seen.length < 2) await new Promise(setImmediate);
  stop.abort();
  await watching;
  assert.deepEqual(seen, [ahead + 1, ahead + 2]);
});

test('pages of a list show one state of the model, whatever is written between them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(wishes, { minLength: 10, maxLength: 40 }),
      fc.integer({ min: 1, max: 3 }),
      fc.boolean(),
      async (writes, limit, forgets) => {
        await using harness = await openStoreHarness();
        const { rest, context } = harness;
        const writers = new Writers(harness);
        const half = writes.length >> 1;
        for (const [name, wish] of writes.slice(0, half)) await writers.write(`w${name}`, wish);
        const whole = await rest.list(context, 'a', {});
        let page = await rest.list(context, 'a', { limit });
        const pages = [page];
        for (const [name, wish] of writes.slice(half)) {
          void writers.write(`w${name}`, wish);
          if (!page.continue) continue;
          // As after a restart: the state comes from the store.
          if (forgets) rest.parts.snapshots.clear();
          page = await rest.list(context, 'a', { limit, continue: page.continue });
          pages.push(page);
        }
        while (page.continue) {
          page = await rest.list(context, 'a', { limit, continue: page.continue });
          pages.push(page);
        }
        await writers.settled();
        const shown = pages.flatMap(({ items }) => items.map(({ resourceVersion }) => resourceVersion));
        const there = whole.items.map(({ resourceVersion }) => resourceVersion);
        assert.deepEqual(shown, there);
        let left = there.length;
        for (const { items, remainingItemCount } of pages) {
          left -= items.length;
          assert.equal(remainingItemCount ?? 0, left);
        }
      },
    ),
    { numRuns: 25, seed: 11, endOnFailure: true },
  );
});

test('a reader that fails is told so, and the cache goes on', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  const { resourceVersion } = await rest.list(context, 'a', {});
  const failing = rest.watch(context, 'a', { resourceVersion }).forEach(() => {
    throw new Error('cannot take it');
  });
  const told = assert.rejects(failing, /cannot take it/);
  await new Promise(setImmediate);
  await rest.create(context, 'a', { metadata: { name: 'one' } });
  await told;
  const { items } = await rest.list(context, 'a', {});
  assert.equal(items.length, 1);
  await assert.rejects(rest.get(context, 'a', 'two'), (error) => isStatusError(error, 'NotFound'));
});
