import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MemberWatch } from '../member.ts';
import type { WatchEvent, WatchRequest, WatchResponse } from '../store.ts';
import { inRange, keyRange, type KeyRange } from './keys.ts';
import type { Mvcc } from './mvcc.ts';
import { News } from './news.ts';
import type { Change } from './record.ts';

/** Responses kept in memory for a watcher that reads slowly; beyond, it is told from the disk when it comes back. */
const bufferedResponses = 1024;
/** Revisions that a watcher behind reads from disk at a time, so that it does not hold the event loop. */
const catchUpRevisions = 512;

const nothing: readonly WatchEvent[] = [];

/** One watch: what of each revision concerns it, as far as it was not taken. */
export class Watcher implements MemberWatch {
  readonly #mvcc: Mvcc;
  readonly #request: WatchRequest;
  readonly #range: KeyRange;
  readonly #onEnd: () => void;
  readonly #buffer: WatchResponse[] = [];
  /** The next revision to tell of. */
  #next: number;
  #behind: boolean;
  #isReading = false;
  #failure: unknown;
  #progressWanted = false;
  #ended = false;
  #listener: (() => void) | undefined;

  constructor(mvcc: Mvcc, request: WatchRequest, onEnd: () => void) {
    this.#mvcc = mvcc;
    this.#request = request;
    this.#range = keyRange(request.key, request.rangeEnd);
    this.#next = request.startRevision || mvcc.durable + 1;
    this.#behind = this.#next <= mvcc.durable;
    this.#onEnd = onEnd;
  }

  get isSynced(): boolean {
    return !this.#behind && !this.#isInFuture && this.#buffer.length === 0;
  }

  /** A revision is durable. */
  offer(news: News): void {
    const { revision } = news;
    if (this.#behind) return;
    // Only of a watch that begins in the future is something told that comes before its next revision.
    if (revision < this.#next) return revision === this.#next - 1 ? this.#tell() : undefined;
    const events = this.#eventsIn(news);
    if (!events || (events.length > 0 && this.#buffer.length >= bufferedResponses)) return this.#fallBehind();
    this.#next = revision + 1;
    if (events.length === 0) return;
    this.#buffer.push({ header: { revision }, events });
    this.#tell();
  }

  take(): WatchResponse | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    const buffered = this.#buffer.shift();
    if (buffered) return buffered;
    if (!this.#behind) return this.#takeProgress();
    this.#catchUp();
    return undefined;
  }

  onNews(listener: () => void): void {
    this.#listener = listener;
  }

  cancel(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd();
    this.#tell();
  }

  requestProgress(): void {
    this.#progressWanted = true;
    this.#tell();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WatchResponse, void> {
    try {
      while (!this.#ended) {
        const response = this.take();
        if (response) yield response;
        else await new Promise<void>((resolve) => this.onNews(resolve));
        if (response?.canceled) return;
      }
    } finally {
      this.cancel();
    }
  }

  get #isInFuture(): boolean {
    return this.#next > this.#mvcc.durable + 1;
  }

  #tell(): void {
    this.#listener?.();
  }

  #fallBehind(): void {
    this.#behind = true;
    this.#tell();
  }

  /** There is none of a watch that has not begun (etcd's `progressIfSync`). */
  #takeProgress(): WatchResponse | undefined {
    if (!this.#progressWanted || this.#isInFuture) return undefined;
    this.#progressWanted = false;
    return { header: { revision: this.#mvcc.durable }, events: [] };
  }

  /** Reads on in the past until there is something to take, and tells. */
  #catchUp(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#readPast().then(
      () => this.#caughtUp(),
      (error: unknown) => this.#caughtUp(error),
    );
  }

  #caughtUp(failure?: unknown): void {
    this.#isReading = false;
    this.#failure = failure;
    this.#tell();
  }

  async #readPast(): Promise<void> {
    while (this.#behind && this.#buffer.length === 0 && !this.#ended) {
      await this.#mvcc.reading(() => this.#readStretch());
      if (this.#buffer.length === 0) await nextTurn();
    }
  }

  #readStretch(): void {
    if (this.#next < this.#mvcc.compacted) return this.#endAsCompacted();
    const end = Math.min(this.#next + catchUpRevisions - 1, this.#mvcc.durable);
    const past: WatchResponse[] = [];
    for (let revision = this.#next; revision <= end; revision++) {
      const events = this.#eventsOf(new News(this.#mvcc, revision, this.#mvcc.changesOf(revision)));
      if (events.length > 0) past.push({ header: { revision }, events });
    }
    this.#buffer.push(...past);
    this.#next = end + 1;
    this.#behind = end < this.#mvcc.durable;
  }

  #endAsCompacted(): void {
    const { durable: revision, compacted: compactRevision } = this.#mvcc;
    this.#behind = false;
    this.#onEnd();
    this.#buffer.push({ header: { revision }, events: [], canceled: true, compactRevision });
  }

  /** Undefined when what was before cannot be read now: who catches up tries again, and is told if that is for good. */
  #eventsIn(news: News): readonly WatchEvent[] | undefined {
    try {
      return this.#eventsOf(news);
    } catch {
      return undefined;
    }
  }

  #eventsOf(news: News): readonly WatchEvent[] {
    const { prevKv = false } = this.#request;
    const { changes } = news;
    if (!prevKv && changes.every((change) => this.#concerns(change))) return news.all();
    if (!changes.some((change) => this.#concerns(change))) return nothing; // as most news is to most watchers
    return changes.flatMap((change, at) => (this.#concerns(change) ? news.event(at, change, prevKv) : []));
  }

  #concerns(change: Change | undefined): change is Change {
    if (!change || !inRange(this.#range, change.key)) return false;
    return !this.#request.filters?.includes(change.version === 0 ? 'noDelete' : 'noPut');
  }
}
