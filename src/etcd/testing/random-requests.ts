import { randomInt, type Random } from '#base';
import type { Compare, PutRequest, RangeRequest, RequestOp, TxnRequest, WatchRequest } from '../store.ts';

const keyCount = 8;
/** Leases that a history knows from its start. */
export const leaseIds = [101n, 102n, 103n] as const;

/** Requests of every kind that etcd knows, over few keys, so that they meet. */
export class RandomRequests {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** `revision` is the newest; revisions that are asked for lie around it and in the past. */
  txn(revision: number, depth = 0): TxnRequest {
    const compare = Array.from({ length: this.#below(3) }, () => this.#compare(revision));
    const ops = (): RequestOp[] => Array.from({ length: this.#below(4) }, () => this.#op(revision, depth));
    return { compare, success: ops(), failure: ops() };
  }

  range(revision: number): RangeRequest {
    return {
      ...this.#keys(),
      ...this.#maybe(0.3, () => ({ limit: 1 + this.#below(4) })),
      ...this.#maybe(0.3, () => ({ revision: this.#below(revision + 2) })),
      ...this.#maybe(0.1, () => ({ countOnly: true })),
      ...this.#maybe(0.2, () => ({ keysOnly: true })),
      ...this.#maybe(0.3, () => ({ sort: this.#sort() })),
      ...this.#maybe(0.1, () => ({ minModRevision: this.#below(revision) })),
      ...this.#maybe(0.1, () => ({ maxModRevision: this.#below(revision) })),
      ...this.#maybe(0.1, () => ({ minCreateRevision: this.#below(revision) })),
      ...this.#maybe(0.1, () => ({ maxCreateRevision: this.#below(revision) })),
    };
  }

  watch(startRevision: number): WatchRequest {
    return {
      ...this.#keys(),
      startRevision,
      prevKv: this.#chance(0.5),
      ...this.#maybe(0.3, () => ({ filters: [this.#pick(['noPut', 'noDelete'] as const)] })),
    };
  }

  /** A number from 0 on. */
  #below(end: number): number {
    return randomInt(this.#random, end);
  }

  #chance(share: number): boolean {
    return this.#random.next() < share;
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#below(items.length)] as T; // there is one
  }

  #maybe<T extends object>(share: number, make: () => T): Partial<T> {
    return this.#chance(share) ? make() : {};
  }

  #key(): Buffer {
    return Buffer.from(`k${this.#below(keyCount)}`);
  }

  /** One key, some of them, or all from one on. */
  #keys(): { key: Uint8Array; rangeEnd?: Uint8Array } {
    const dice = this.#random.next();
    if (dice < 0.4) return { key: this.#key() };
    if (dice < 0.6) return { key: this.#key(), rangeEnd: Buffer.of(0) };
    return this.#interval();
  }

  #interval(): { key: Uint8Array; rangeEnd: Uint8Array } {
    const first = this.#below(keyCount);
    return { key: Buffer.from(`k${first}`), rangeEnd: Buffer.from(`k${first + 1 + this.#below(keyCount - first)}`) };
  }

  #sort(): NonNullable<RangeRequest['sort']> {
    const by = this.#pick(['key', 'version', 'create', 'mod', 'value'] as const);
    return { by, order: this.#pick(['ascend', 'descend'] as const) };
  }

  #compare(revision: number): Compare {
    const result = this.#pick(['=', '!=', '>', '<'] as const);
    const range = { ...this.#keys(), result };
    switch (this.#pick(['version', 'create', 'mod', 'lease', 'value'] as const)) {
      case 'version':
        return { ...range, target: 'version', value: this.#below(4) };
      case 'create':
        return { ...range, target: 'create', value: this.#revisionNear(revision) };
      case 'mod':
        return { ...range, target: 'mod', value: this.#revisionNear(revision) };
      case 'lease':
        return { ...range, target: 'lease', value: this.#chance(0.5) ? 0n : this.#pick(leaseIds) };
      case 'value':
        return { ...range, target: 'value', value: this.#value() };
    }
  }

  #revisionNear(revision: number): number {
    return this.#chance(0.3) ? 0 : Math.max(0, revision - this.#below(keyCount * 2));
  }

  /** Few values, so that some are equal. */
  #value(): Buffer {
    return Buffer.from(`v${this.#below(20)}`);
  }

  #op(revision: number, depth: number): RequestOp {
    const dice = this.#random.next();
    if (dice < 0.45) return { put: this.#put() };
    if (dice < 0.6) return { deleteRange: { ...this.#doomed(), prevKv: this.#chance(0.5) } };
    if (dice < 0.85 || depth > 1) return { range: this.range(revision) };
    return { txn: this.txn(revision, depth + 1) };
  }

  #doomed(): { key: Uint8Array; rangeEnd?: Uint8Array } {
    return this.#chance(0.7) ? { key: this.#key() } : this.#interval();
  }

  #put(): PutRequest {
    const [ignoreValue, ignoreLease] = [this.#chance(0.1), this.#chance(0.1)];
    return {
      key: this.#key(),
      value: ignoreValue ? Buffer.alloc(0) : this.#value(),
      ...(this.#chance(0.2) && !ignoreLease && { lease: this.#pick(leaseIds) }),
      prevKv: this.#chance(0.3),
      ignoreValue,
      ignoreLease,
    };
  }
}
