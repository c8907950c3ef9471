import type { Clock } from '#base';
import type { Snapshot } from '../watch-cache/index.ts';

const keptMs = 300_000;
const maxSnapshots = 64;

/** Snapshots that lists with a limit are still paging through, so that all pages show one revision. */
export class SnapshotPool {
  readonly #clock: Clock;
  readonly #kept = new Map<number, { snapshot: Snapshot; until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Keeps a snapshot for the pages to come. */
  keep(snapshot: Snapshot): void {
    const now = this.#clock.now();
    this.#kept.delete(snapshot.revision); // set again below, as the youngest
    for (const [revision, { until }] of this.#kept) {
      if (until > now && this.#kept.size < maxSnapshots) break;
      this.#kept.delete(revision);
    }
    this.#kept.set(snapshot.revision, { snapshot, until: now + keptMs });
  }

  at(revision: number): Snapshot | undefined {
    return this.#kept.get(revision)?.snapshot;
  }

  /** Forgets all of them: the lists go on from what the store has. */
  clear(): void {
    this.#kept.clear();
  }
}
