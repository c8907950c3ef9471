import type { Clock } from '#base';

interface Expected {
  creations: number;
  /** Which objects, since a deletion is seen twice: when it is marked and when it is done. */
  deletions: Set<string>;
  at: number;
}

/** Expectations that nobody fulfils in this time are dropped: better work on stale news than never again. */
const expiryMs = 5 * 60_000;

/**
 * What a controller has asked for and its informer has not shown yet. Until it has, the lister is known to be stale,
 * and creating or deleting by what it says would overshoot (`pkg/controller/controller_utils.go`).
 */
export class Expectations {
  readonly #clock: Clock;
  readonly #byKey = new Map<string, Expected>();

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock;
  }

  /** Whether the informer has caught up with all that was asked for under this key. */
  satisfied(key: string): boolean {
    const expected = this.#byKey.get(key);
    if (!expected) return true;
    return isFulfilled(expected) || this.#clock.elapsed() - expected.at > expiryMs;
  }

  expectCreations(key: string, count: number): void {
    this.#byKey.set(key, { creations: count, deletions: new Set(), at: this.#clock.elapsed() });
  }

  expectDeletions(key: string, uids: Iterable<string>): void {
    this.#byKey.set(key, { creations: 0, deletions: new Set(uids), at: this.#clock.elapsed() });
  }

  /** A creation was seen, or will never be (it failed). */
  creationObserved(key: string, count = 1): void {
    const expected = this.#byKey.get(key);
    if (expected) expected.creations -= count;
  }

  deletionObserved(key: string, uid: string): void {
    this.#byKey.get(key)?.deletions.delete(uid);
  }

  forget(key: string): void {
    this.#byKey.delete(key);
  }
}

function isFulfilled({ creations, deletions }: Expected): boolean {
  return creations <= 0 && deletions.size === 0;
}
