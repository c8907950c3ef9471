import type { WatchItem } from '../registry/rest.ts';
import type { StoredObject } from './stored.ts';

export type Matches = (stored: StoredObject) => boolean;

/**
 * One change of one object, shared by all watchers: so is each of the items that it may become for a watcher, and with
 * it the encoded frame that the edge hangs on an item.
 */
export class CacheEvent {
  readonly revision: number;
  /** `ns/name`, or `name` without namespaces. */
  readonly key: string;
  readonly current: StoredObject | undefined;
  readonly previous: StoredObject | undefined;
  #added: WatchItem | undefined;
  #modified: WatchItem | undefined;
  #deleted: WatchItem | undefined;

  constructor(facts: {
    revision: number;
    key: string;
    current: StoredObject | undefined;
    previous: StoredObject | undefined;
  }) {
    this.revision = facts.revision;
    this.key = facts.key;
    this.current = facts.current;
    this.previous = facts.previous;
  }

  /**
   * What the change is to a watcher that sees only what matches: entering is ADDED, leaving is DELETED, with the last
   * state that it saw under the new revision.
   */
  seenBy(matches: Matches): WatchItem | undefined {
    const now = this.current !== undefined && matches(this.current);
    const before = this.previous !== undefined && matches(this.previous);
    if (now && this.current) {
      if (before) return (this.#modified ??= { type: 'MODIFIED', stored: this.current });
      return (this.#added ??= { type: 'ADDED', stored: this.current });
    }
    if (!before || !this.previous) return undefined;
    return (this.#deleted ??= { type: 'DELETED', stored: this.previous.at(this.revision) });
  }
}
