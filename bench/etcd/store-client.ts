import type { Begun } from '../watching.ts';

/** The work that is measured, whoever is asked for it. All reject when it was not done. */
export interface StoreClient extends AsyncDisposable {
  put(key: Buffer, value: Buffer): Promise<void>;
  /** Writes several keys in one transaction. */
  putAll(keys: readonly Buffer[], value: Buffer): Promise<void>;
  /** As Kubernetes updates: writes the key if it still is of this revision (0: not there), else reads it. The new revision. */
  putIf(key: Buffer, value: Buffer, modRevision: number): Promise<number>;
  /** Reads one key, which is there; `serializable` allows the member to answer without asking others. */
  get(key: Buffer, serializable: boolean): Promise<void>;
  /** Reads the keys of a prefix, all or so many; resolves with the number of keys that there are. */
  list(prefix: string, limit?: number): Promise<number>;
  /** Begins a watch of a prefix; `told` hears how many events came. */
  watch(prefix: string, told: (events: number) => void): StoreWatch;
  delete(prefix: string): Promise<void>;
}

export interface StoreWatch extends Begun {
  /** Resolves when nothing that is written from now on is missed. */
  ready: Promise<void>;
}

/** The half-open interval of keys that begin with a prefix. */
export function keysUnder(prefix: string): { key: Buffer; rangeEnd: Buffer } {
  const key = Buffer.from(prefix);
  const rangeEnd = Buffer.from(prefix);
  rangeEnd[rangeEnd.length - 1] = (rangeEnd.at(-1) ?? 0) + 1; // our prefixes end with "/"
  return { key, rangeEnd };
}
