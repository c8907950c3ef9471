import type { Clock, Component, Logger } from '#base';
import type { Store } from '#etcd';
import { Keeper } from './keeper.ts';

export interface CompactionOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long what was can be read. Default: 5 minutes, as upstream. */
  readonly historyMs?: number;
  /** Hears that what only revisions before this one show is gone. */
  readonly compacted: (revision: number) => void;
}

export const defaultHistoryMs = 300_000;
const timesInHistory = 10;
/** Little at once: everyone waits while the store drops it. */
const revisionsAtOnce = 1000;

/**
 * Lets the store forget what was, some time after it was: it would grow without end (`storage/etcd3/compact.go`).
 * A list that is still being paged through, or a watch that wants to start further back, is answered 410 from then on.
 */
export function compaction(options: CompactionOptions): Component {
  const { clock, log, historyMs = defaultHistoryMs } = options;
  const compactor = new Compactor({ ...options, historyMs });
  const reconcile = (): Promise<void> => compactor.round();
  return new Keeper({ name: 'compaction', reconcile, intervalMs: historyMs / timesInHistory, clock, log });
}

/** The key that API servers agree with, upstream's too; its value is up to where was compacted when it was written. */
const key = Buffer.from('compact_rev_key');

/** The key as it was seen. */
interface Note {
  readonly revision: number;
  readonly atMs: number;
  readonly isOwn: boolean;
}

/**
 * Of several API servers on one store one compacts: who wrote the key last, and writes it again once in the history's
 * time. When it has not been written for twice as long, another does.
 */
class Compactor {
  readonly #options: CompactionOptions & { readonly historyMs: number };
  readonly #seen: { revision: number; atMs: number }[] = [];
  #note: Note;
  #done = 0;

  constructor(options: CompactionOptions & { readonly historyMs: number }) {
    this.#options = options;
    this.#note = { revision: 0, atMs: -Infinity, isOwn: false };
  }

  async round(): Promise<void> {
    const { store, clock } = this.#options;
    const { header, kvs } = await store.range({ key });
    this.#look(kvs[0]?.modRevision ?? 0, Number(Buffer.from(kvs[0]?.value ?? []).toString()));
    this.#seen.push({ revision: header.revision, atMs: clock.elapsed() });
    const revision = this.#old();
    // The key itself is no news, or a quiet store would never come to rest.
    if (revision <= this.#done || revision === this.#note.revision) return;
    if (await this.#isOurs(revision)) await this.#compact(revision);
  }

  #look(revision: number, compacted: number): void {
    if (revision === this.#note.revision) return;
    this.#note = { revision, atMs: this.#options.clock.elapsed(), isOwn: false };
    if (compacted > 0) this.#options.compacted(compacted);
  }

  /** The newest revision that is old enough; 0 when none is known. */
  #old(): number {
    const { clock, historyMs } = this.#options;
    const count = 1 + this.#seen.findLastIndex(({ atMs }) => atMs <= clock.elapsed() - historyMs);
    return this.#seen.splice(0, count).at(-1)?.revision ?? 0;
  }

  /** Whether it is this server that compacts: as long as it says so and nobody else does. */
  async #isOurs(revision: number): Promise<boolean> {
    const { store, clock, historyMs } = this.#options;
    const { isOwn, atMs } = this.#note;
    const ageMs = clock.elapsed() - atMs;
    if (isOwn ? ageMs < historyMs : ageMs < 2 * historyMs && this.#note.revision > 0) return isOwn;
    const { succeeded, header } = await store.txn({
      compare: [{ key, target: 'mod', result: '=', value: this.#note.revision }],
      success: [{ put: { key, value: Buffer.from(String(revision)) } }],
      failure: [],
    });
    if (succeeded) this.#note = { revision: header.revision, atMs: clock.elapsed(), isOwn: true };
    return succeeded;
  }

  async #compact(revision: number): Promise<void> {
    const { store, compacted } = this.#options;
    const { compactRevision } = await store.status();
    for (let done = compactRevision; done < revision;) {
      done = Math.min(done + revisionsAtOnce, revision);
      await store.compact({ revision: done });
    }
    this.#done = revision;
    compacted(revision);
  }
}
