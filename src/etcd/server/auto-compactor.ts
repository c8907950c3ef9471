import { messageOf, type Clock, type Component, type Logger } from '#base';
import { EtcdError } from '../errors.ts';
import type { Store } from '../store.ts';

/** What is kept of the past: all of a time, or a number of revisions. */
export type CompactionPolicy = { mode: 'periodic'; retentionMs: number } | { mode: 'revision'; retention: number };

const hourMs = 60 * 60 * 1000;
const revisionIntervalMs = 5 * 60 * 1000;
/** A period is looked at in so many steps. */
const stepsAPeriod = 10;

/** Forgets the past by itself, as etcd does (`server/etcdserver/api/v3compactor`). */
export class AutoCompactor implements Component {
  readonly #store: Store;
  readonly #policy: CompactionPolicy;
  readonly #clock: Clock;
  readonly #log: Logger;

  constructor(options: { store: Store; policy: CompactionPolicy; clock: Clock; log: Logger }) {
    this.#store = options.store;
    this.#policy = options.policy;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  async run(signal: AbortSignal): Promise<void> {
    try {
      if (this.#policy.mode === 'periodic') await this.#runPeriodic(this.#policy.retentionMs, signal);
      else await this.#runByRevision(this.#policy.retention, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Notes the revision ten times a period, at least every six minutes, and compacts at the one of a period ago. */
  async #runPeriodic(retentionMs: number, signal: AbortSignal): Promise<void> {
    const intervalMs = Math.min(retentionMs, hourMs);
    const stepMs = intervalMs / stepsAPeriod;
    const kept = Math.floor(retentionMs / stepMs) + 1;
    const revisions: number[] = [];
    let compacted = 0;
    let doneMs = this.#clock.elapsed();
    let waitMs = retentionMs;
    for (;;) {
      revisions.push(await this.#revision());
      if (revisions.length > kept) revisions.shift();
      await this.#clock.sleep(stepMs, signal);
      const [oldest = 0] = revisions;
      if (this.#clock.elapsed() - doneMs < waitMs || oldest === compacted) continue;
      waitMs = intervalMs;
      if (!(await this.#compact(oldest))) continue;
      compacted = oldest;
      doneMs = this.#clock.elapsed();
    }
  }

  async #runByRevision(retention: number, signal: AbortSignal): Promise<void> {
    let compacted = 0;
    for (;;) {
      await this.#clock.sleep(revisionIntervalMs, signal);
      const revision = (await this.#revision()) - retention;
      if (revision <= 0 || revision === compacted) continue;
      if (await this.#compact(revision)) compacted = revision;
    }
  }

  async #revision(): Promise<number> {
    const { header } = await this.#store.status();
    return header.revision;
  }

  /** Whether what is before the revision is gone, by us or by another. */
  async #compact(revision: number): Promise<boolean> {
    try {
      await this.#store.compact({ revision });
      this.#log.info({ revision }, 'compacted');
    } catch (error) {
      if (!(error instanceof EtcdError) || error.code !== 'ErrCompacted') {
        this.#log.warn({ revision, error: messageOf(error) }, 'compaction failed, and will be tried again');
        return false;
      }
    }
    return true;
  }
}
