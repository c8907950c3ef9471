import type { KeyValue, WatchEvent } from '../store.ts';
import { toKeyBytes } from './keys.ts';
import type { Mvcc } from './mvcc.ts';
import type { Change } from './record.ts';

/** What a revision did. Its events are made once for all who are told of them, and so is what they are encoded to. */
export class News {
  readonly revision: number;
  /** Those that compaction dropped are undefined. */
  readonly changes: readonly (Change | undefined)[];
  readonly #mvcc: Mvcc;
  readonly #events: WatchEvent[] = [];
  readonly #eventsWithPrevious: WatchEvent[] = [];
  #all: WatchEvent[] | undefined;

  constructor(mvcc: Mvcc, revision: number, changes: readonly (Change | undefined)[]) {
    this.#mvcc = mvcc;
    this.revision = revision;
    this.changes = changes;
  }

  /** The event of a change, with what was before where that is wanted. */
  event(at: number, change: Change, prevKv: boolean): WatchEvent {
    const event = (this.#events[at] ??= eventOf(this.revision, change));
    return prevKv ? (this.#eventsWithPrevious[at] ??= this.#withPrevious(event, change)) : event;
  }

  /** All of them, without what was before. */
  all(): WatchEvent[] {
    this.#all ??= this.changes.flatMap((change, at) => (change ? this.event(at, change, false) : []));
    return this.#all;
  }

  #withPrevious(event: WatchEvent, { key }: Change): WatchEvent {
    const prevKv = this.#mvcc.previous(key, this.revision);
    return prevKv ? { ...event, prevKv } : event;
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
