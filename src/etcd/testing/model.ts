import type { RequestOp, TxnRequest, WatchEvent } from '../store.ts';

/** A key of the model: what etcd knows of it. */
interface Entry {
  value: string;
  create: number;
  mod: number;
  version: number;
}

/** What a transaction of the model answered. */
export interface ModelResult {
  succeeded: boolean;
  revision: number;
}

/**
 * etcd's key space restated as a small state machine: one map, one revision, and the list of events. It judges the
 * engines: the same history must give the same answers, the same contents at every revision, and the same events.
 */
export class StoreModel {
  revision = 1;
  readonly events: { revision: number; type: WatchEvent['type']; key: string; value: string }[] = [];
  readonly #history: Map<string, Entry>[] = [new Map(), new Map()];

  /** The contents at a revision, as `key=value@mod/create/version`. */
  contents(revision = this.revision): string[] {
    const entries = [...(this.#history[revision] ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    return entries.map(([key, entry]) => `${key}=${entry.value}@${entry.mod}/${entry.create}/${entry.version}`);
  }

  txn(request: TxnRequest): ModelResult {
    const state = new Map(this.#history[this.revision]);
    const succeeded = request.compare.every((compare) => {
      const entry = state.get(text(compare.key));
      if (compare.target !== 'mod') throw new Error('the model only compares mod revisions');
      return compare.result === '=' && (entry?.mod ?? 0) === compare.value;
    });
    const next = this.revision + 1;
    const before = this.events.length;
    for (const op of succeeded ? request.success : request.failure) this.#apply(state, op, next);
    if (this.events.length > before) {
      this.revision = next;
      this.#history[next] = state;
    }
    return { succeeded, revision: this.revision };
  }

  #apply(state: Map<string, Entry>, op: RequestOp, revision: number): void {
    if ('put' in op) {
      const key = text(op.put.key);
      const old = state.get(key);
      const value = text(op.put.value);
      state.set(key, { value, create: old?.create ?? revision, mod: revision, version: (old?.version ?? 0) + 1 });
      this.events.push({ revision, type: 'put', key, value });
    }
    if ('deleteRange' in op) {
      const start = text(op.deleteRange.key);
      const end = op.deleteRange.rangeEnd && text(op.deleteRange.rangeEnd);
      const doomed = [...state.keys()].filter((key) => (end ? key >= start && key < end : key === start)).sort();
      for (const key of doomed) {
        state.delete(key);
        this.events.push({ revision, type: 'delete', key, value: '' });
      }
    }
  }
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
