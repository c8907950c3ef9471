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

const defaultHistoryMs = 300_000;
const timesInHistory = 10;
/** Little at once: everyone waits while the store drops it. */
const revisionsAtOnce = 1000;

/**
 * Lets the store forget what was, some time after it was: it would grow without end (`storage/etcd3/compact.go`).
 * A list that is still being paged through, or a watch that wants to start further back, is answered 410 from then on.
 */
export function compaction({
  store,
  clock,
  log,
  historyMs = defaultHistoryMs,
  compacted,
}: CompactionOptions): Component {
  const seen: { revision: number; atMs: number }[] = [];
  const reconcile = async (): Promise<void> => {
    const { header, compactRevision } = await store.status();
    seen.push({ revision: header.revision, atMs: clock.elapsed() });
    const count = 1 + seen.findLastIndex(({ atMs }) => atMs <= clock.elapsed() - historyMs);
    const revision = seen.splice(0, count).at(-1)?.revision;
    if (revision === undefined) return;
    // Another server may have gone further.
    for (let done = compactRevision; done < revision;) {
      done = Math.min(done + revisionsAtOnce, revision);
      await store.compact({ revision: done });
    }
    compacted(revision);
  };
  return new Keeper({ name: 'compaction', reconcile, intervalMs: historyMs / timesInHistory, clock, log });
}
