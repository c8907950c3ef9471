import type { MemberWatch } from '../member.ts';
import type { WatchRequest } from '../store.ts';
import type { Mvcc } from './mvcc.ts';
import { News } from './news.ts';
import type { Change } from './record.ts';
import { Watcher } from './watcher.ts';

/**
 * Tells watchers what became durable. A watcher is either *synced* (news is pushed to its buffer) or *behind* (it
 * started in the past, or read too slowly): then it reads from the disk as fast as its consumer asks, until it is synced.
 * A slow consumer costs a bounded buffer and never delays a write.
 */
export class WatchHub {
  readonly #mvcc: Mvcc;
  readonly #watchers = new Set<Watcher>();

  constructor(mvcc: Mvcc) {
    this.#mvcc = mvcc;
  }

  watch(request: WatchRequest): MemberWatch {
    const watcher = new Watcher(this.#mvcc, request, () => this.#watchers.delete(watcher));
    this.#watchers.add(watcher);
    return watcher;
  }

  /** Called with each revision, in order, once it is durable. */
  publish(revision: number, changes: readonly Change[]): void {
    if (this.#watchers.size === 0) return;
    const news = new News(this.#mvcc, revision, changes);
    for (const watcher of this.#watchers) watcher.offer(news);
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.cancel();
  }
}
