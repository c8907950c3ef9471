import { setImmediate as nextTurn } from 'node:timers/promises';
import type { KeyValue, Watch, WatchEvent, WatchRequest, WatchResponse } from '../store.ts';
import { inRange, keyRange, toKeyBytes, type KeyRange } from './keys.ts';
import type { Mvcc } from './mvcc.ts';
import type { Change } from './record.ts';

/** Responses kept in memory for a watcher that reads slowly; beyond, it is told from the disk when it comes back. */
const bufferedResponses = 1024;
/** Revisions that a watcher behind reads from disk at a time, so that it does not hold the event loop. */
const catchUpRevisions = 512;

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

  watch(request: WatchRequest): Watch {
    const watcher = new Watcher(this.#mvcc, request, () => this.#watchers.delete(watcher));
    this.#watchers.add(watcher);
    return watcher;
  }

  /** Called with each revision, in order, once it is durable. */
  publish(revision: number, changes: readonly Change[]): void {
    const news = new News(revision, changes);
    for (const watcher of this.#watchers) watcher.offer(news);
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.cancel();
  }
}

/** What a revision did, and what most who watch it are told: one object for all of them. */
class News {
  readonly revision: number;
  readonly changes: readonly Change[];
  #events: WatchEvent[] | undefined;

  constructor(revision: number, changes: readonly Change[]) {
    this.revision = revision;
    this.changes = changes;
  }

  /** All changes, without what was before. */
  get events(): WatchEvent[] {
    this.#events ??= this.changes.map((change) => eventOf(this.revision, change));
    return this.#events;
  }
}

class Watcher implements Watch {
  readonly #mvcc: Mvcc;
  readonly #request: WatchRequest;
  readonly #range: KeyRange;
  readonly #onEnd: () => void;
  #buffer: WatchResponse[] = [];
  /** The next revision to tell of. */
  #next: number;
  #behind: boolean;
  #progressWanted = false;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(mvcc: Mvcc, request: WatchRequest, onEnd: () => void) {
    this.#mvcc = mvcc;
    this.#request = request;
    this.#range = keyRange(request.key, request.rangeEnd);
    this.#next = request.startRevision || mvcc.durable + 1;
    this.#behind = this.#next <= mvcc.durable;
    this.#onEnd = onEnd;
  }

  offer(news: News): void {
    const { revision, changes } = news;
    if (this.#behind) return;
    if (revision < this.#next) return this.#wakeForProgress();
    if (!changes.some(({ key }) => inRange(this.#range, key))) return void (this.#next = revision + 1);
    const events = this.#wantsAll(changes) ? news.events : this.#eventsOf(revision, changes);
    if (events.length > 0 && this.#buffer.length >= bufferedResponses) {
      this.#behind = true;
      return;
    }
    this.#next = revision + 1;
    if (events.length > 0) this.#push({ header: { revision }, events });
  }

  cancel(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd();
    this.#wake?.();
  }

  requestProgress(): void {
    this.#progressWanted = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WatchResponse, void> {
    try {
      while (!this.#ended) {
        const response = await this.#mvcc.reading(() => this.#take());
        if (response) yield response;
        else if (this.#behind) await nextTurn();
        else await new Promise<void>((resolve) => (this.#wake = resolve));
        if (response?.canceled) return;
      }
    } finally {
      this.cancel();
    }
  }

  #push(response: WatchResponse): void {
    this.#buffer.push(response);
    this.#wake?.();
  }

  #take(): WatchResponse | undefined {
    const buffered = this.#buffer.shift();
    if (buffered) return buffered;
    return this.#behind ? this.#catchUp() : this.#takeProgress();
  }

  #wakeForProgress(): void {
    if (this.#progressWanted) this.#wake?.();
  }

  /** There is none of a watch that has not begun (etcd's `progressIfSync`). */
  #takeProgress(): WatchResponse | undefined {
    const isInFuture = this.#next > this.#mvcc.durable + 1;
    if (!this.#progressWanted || isInFuture) return undefined;
    this.#progressWanted = false;
    return { header: { revision: this.#mvcc.durable }, events: [] };
  }

  /** Reads the next stretch of the past into the buffer; returns its first response, if it has one. */
  #catchUp(): WatchResponse | undefined {
    if (this.#next < this.#mvcc.compacted) return this.#compacted();
    const end = Math.min(this.#next + catchUpRevisions - 1, this.#mvcc.durable);
    const past: WatchResponse[] = [];
    for (let revision = this.#next; revision <= end; revision++) {
      const events = this.#eventsOf(revision, this.#mvcc.changesOf(revision));
      if (events.length > 0) past.push({ header: { revision }, events });
    }
    this.#buffer.push(...past);
    this.#next = end + 1;
    this.#behind = end < this.#mvcc.durable;
    return this.#buffer.shift();
  }

  #compacted(): WatchResponse {
    this.#behind = false;
    return {
      header: { revision: this.#mvcc.durable },
      events: [],
      canceled: true,
      compactRevision: this.#mvcc.compacted,
    };
  }

  #eventsOf(revision: number, changes: readonly (Change | undefined)[]): WatchEvent[] {
    const events: WatchEvent[] = [];
    for (const change of changes) {
      if (change && inRange(this.#range, change.key) && this.#wants(change)) events.push(this.#event(revision, change));
    }
    return events;
  }

  #wantsAll(changes: readonly Change[]): boolean {
    const { filters = [], prevKv = false } = this.#request;
    return !prevKv && filters.length === 0 && changes.every(({ key }) => inRange(this.#range, key));
  }

  #wants(change: Change): boolean {
    return !this.#request.filters?.includes(change.version === 0 ? 'noDelete' : 'noPut');
  }

  #event(revision: number, change: Change): WatchEvent {
    const event = eventOf(revision, change);
    const previous = this.#request.prevKv ? this.#mvcc.previous(change.key, revision) : undefined;
    return previous ? { ...event, prevKv: previous } : event;
  }
}

function eventOf(revision: number, change: Change): WatchEvent {
  const kv: KeyValue = {
    key: toKeyBytes(change.key),
    value: change.value,
    createRevision: change.create,
    modRevision: revision,
    version: change.version,
    lease: change.lease,
  };
  return { type: change.version === 0 ? 'delete' : 'put', kv };
}
