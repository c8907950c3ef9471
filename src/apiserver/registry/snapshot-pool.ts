import type { Snapshot } from '../watch-cache/index.ts';

const maxSnapshots = 64;

/** Snapshots that lists with a limit are still paging through, so that all pages show one revision. */
export class SnapshotPool {
  readonly #kept = new Map<string, Snapshot>();

  /** Keeps a snapshot for the pages to come. */
  keep(snapshot: Snapshot): void {
    const id = idOf(snapshot);
    this.#kept.delete(id); // set again below, as the youngest
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size >= maxSnapshots) this.#kept.delete(oldest);
    this.#kept.set(id, snapshot);
  }

  /** What was at a revision of the keys with a prefix: of all keys, or of just these. */
  at(revision: number, within: string): Snapshot | undefined {
    return this.#kept.get(idOf({ revision, within: '' })) ?? this.#kept.get(idOf({ revision, within }));
  }

  /** Forgets those of revisions before one: the store has, too. */
  compact(revision: number): void {
    for (const [id, snapshot] of this.#kept) if (snapshot.revision < revision) this.#kept.delete(id);
  }

  /** Forgets all of them: the lists go on from what the store has. */
  clear(): void {
    this.#kept.clear();
  }
}

function idOf({ revision, within }: Pick<Snapshot, 'revision' | 'within'>): string {
  return `${revision} ${within}`;
}
