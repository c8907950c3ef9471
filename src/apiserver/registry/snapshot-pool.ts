import type { Clock } from '#base';
import type { Snapshot } from '../watch-cache/index.ts';

const keptMs = 300_000;
const maxSnapshots = 64;

/** Snapshots that lists with a limit are still paging through, so that all pages show one revision. */
export class SnapshotPool {
  readonly #clock: Clock;
  readonly #kept = new Map<string, { snapshot: Snapshot; until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Keeps a snapshot for the pages to come. */
  keep(snapshot: Snapshot): void {
    const now = this.#clock.now();
    const id = idOf(snapshot);
    this.#kept.delete(id); // set again below, as the youngest
    for (const [other, { until }] of this.#kept) {
      if (until > now && this.#kept.size < maxSnapshots) break;
      this.#kept.delete(other);
    }
    this.#kept.set(id, { snapshot, until: now + keptMs });
  }

  /** What was at a revision of the keys with a prefix: of all keys, or of just these. */
  at(revision: number, within: string): Snapshot | undefined {
    const kept = this.#kept.get(idOf({ revision, within: '' })) ?? this.#kept.get(idOf({ revision, within }));
    return kept?.snapshot;
  }

  /** Forgets all of them: the lists go on from what the store has. */
  clear(): void {
    this.#kept.clear();
  }
}

function idOf({ revision, within }: Pick<Snapshot, 'revision' | 'within'>): string {
  return `${revision} ${within}`;
}
