import type { Clock } from '#base';
import type { KeyValue, ResponseOp } from '#etcd';
import { alreadyExists, isEqualJson, splitKey, tooLarge, type KubeObject, type Resource } from '#machinery';
import type { ObjectStore } from '../encryption/index.ts';
import { encodeValue, OwnWrite, StoredObject, type WatchCache } from '../watch-cache/index.ts';
import { LeasePool } from './lease-pool.ts';
import type { Reservation } from './strategy.ts';

/** The largest object, as upstream bounds the body of a request. */
const maxValueBytes = 3 * 1024 * 1024;

/** What a decision makes of an object. */
export type Change =
  | { readonly kind: 'write'; readonly object: KubeObject; readonly reservation?: Reservation | undefined }
  /** `answer` is the last state that the caller is told, where that is not the stored one. */
  | { readonly kind: 'delete'; readonly answer?: KubeObject }
  | { readonly kind: 'keep' };

export interface ChangeResult {
  /** The object after the change; of a deleted one its last state. */
  readonly stored: StoredObject;
  readonly outcome: 'created' | 'written' | 'deleted' | 'kept';
}

type Decide = (current: StoredObject | undefined) => Promise<Change> | Change;

export interface StorageOptions {
  store: ObjectStore;
  cache: WatchCache;
  resource: Resource;
  prefix: string;
  clock: Clock;
  ttlSeconds?: number | undefined;
}

/** The objects of one resource in the store, one by one; keys are `ns/name` or `name`. */
export class ObjectStorage {
  readonly #options: StorageOptions;
  readonly #leases: LeasePool | undefined;

  constructor(options: StorageOptions) {
    this.#options = options;
    const { store, clock, ttlSeconds } = options;
    this.#leases = ttlSeconds === undefined ? undefined : new LeasePool({ store, clock, ttlSeconds });
  }

  /** The newest version that was acknowledged to anybody. */
  async read(key: string): Promise<StoredObject | undefined> {
    const { store, cache } = this.#options;
    const bytes = this.#bytes(key);
    const newest = await store.range({ key: bytes, keysOnly: true });
    const revision = newest.kvs[0]?.modRevision;
    if (revision === undefined) return undefined;
    const cached = cache.get(key);
    if (cached?.resourceVersion === revision) return cached;
    const { kvs } = await store.range({ key: bytes });
    return this.#storedOf(key, kvs[0]);
  }

  /** Writes an object that is not there. Throws AlreadyExists. */
  async create(key: string, object: KubeObject, dryRun: boolean): Promise<StoredObject> {
    const write = newWrite(object);
    const taken = (): Error => alreadyExists(this.#options.resource, splitKey(key).name);
    if (dryRun) {
      if (await this.read(key)) throw taken();
      return write.storedAt(0);
    }
    const result = await this.#put(key, write, undefined);
    if (!result.written) throw taken();
    return result.stored;
  }

  /**
   * Decides on the object as it is and does it, unless somebody else changed it meanwhile: then decides again. The
   * first decision may be taken on what the cache has; what follows from a stale object (also an error) does not stand.
   */
  async change(key: string, decide: Decide, dryRun: boolean): Promise<ChangeResult> {
    let current = this.#options.cache.get(key);
    let isFresh = current === undefined;
    if (isFresh) current = await this.read(key);
    for (;;) {
      const attempt = await this.#attempt(key, current, decide, dryRun);
      if (attempt.kind === 'done') return attempt.result;
      if (attempt.kind === 'lost') {
        current = attempt.current;
        isFresh = true;
        continue;
      }
      if (!isFresh) {
        const newest = await this.read(key);
        isFresh = true;
        if (newest?.resourceVersion !== current?.resourceVersion) {
          current = newest;
          continue;
        }
      }
      if (attempt.kind === 'failed') throw attempt.error;
      return attempt.result;
    }
  }

  async #attempt(key: string, current: StoredObject | undefined, decide: Decide, dryRun: boolean): Promise<Attempt> {
    let change: Change;
    try {
      change = await decide(current);
    } catch (error) {
      return { kind: 'failed', error };
    }
    if (change.kind === 'write') return this.#write(key, current, change, dryRun);
    if (!current) throw new Error(`decided to ${change.kind} ${key}, which is not there`);
    if (change.kind === 'keep') return { kind: 'unchanged', result: { stored: current, outcome: 'kept' } };
    const last = change.answer ? new StoredObject(current.resourceVersion, undefined, change.answer) : current;
    return this.#delete(key, current, last, dryRun);
  }

  async #write(
    key: string,
    current: StoredObject | undefined,
    { object, reservation }: Extract<Change, { kind: 'write' }>,
    dryRun: boolean,
  ): Promise<Attempt> {
    let written = false;
    try {
      if (current && isSame(object, current.object) && (dryRun || !(await this.#isStale(key)))) {
        return { kind: 'unchanged', result: { stored: current, outcome: 'kept' } };
      }
      const write = newWrite(object);
      const outcome = current ? 'written' : 'created';
      if (dryRun) return { kind: 'done', result: { stored: write.storedAt(current?.resourceVersion ?? 0), outcome } };
      const result = await this.#put(key, write, current);
      if (!result.written) return { kind: 'lost', current: result.current };
      written = true;
      return { kind: 'done', result: { stored: result.stored, outcome } };
    } finally {
      if (reservation) await reservation.settle(written);
    }
  }

  async #delete(key: string, current: StoredObject, last: StoredObject, dryRun: boolean): Promise<Attempt> {
    if (dryRun) return { kind: 'done', result: { stored: last, outcome: 'deleted' } };
    const bytes = this.#bytes(key);
    const answer = await this.#options.store.txn({
      compare: [{ key: bytes, target: 'mod', result: '=', value: current.resourceVersion }],
      success: [{ deleteRange: { key: bytes } }],
      failure: [{ range: { key: bytes } }],
    });
    if (!answer.succeeded) return { kind: 'lost', current: this.#storedOf(key, rangeOf(answer.responses)) };
    return { kind: 'done', result: { stored: last.at(answer.header.revision), outcome: 'deleted' } };
  }

  async #put(
    key: string,
    write: OwnWrite,
    current: StoredObject | undefined,
  ): Promise<{ written: true; stored: StoredObject } | { written: false; current: StoredObject | undefined }> {
    const bytes = this.#bytes(key);
    const lease = this.#leases && (await this.#leases.take());
    const { writes } = this.#options.cache;
    writes.expect(key, write);
    let written = false;
    try {
      const answer = await this.#options.store.txn({
        compare: [{ key: bytes, target: 'mod', result: '=', value: current?.resourceVersion ?? 0 }],
        success: [{ put: { key: bytes, value: write.value, ...(lease && { lease }) } }],
        failure: [{ range: { key: bytes } }],
      });
      written = answer.succeeded;
      if (written) return { written: true, stored: write.storedAt(answer.header.revision) };
      return { written: false, current: this.#storedOf(key, rangeOf(answer.responses)) };
    } finally {
      if (!written) writes.forget(key, write);
    }
  }

  /** Whether it lies there as it would not be written today: then a write that changes nothing is one, as upstream. */
  async #isStale(key: string): Promise<boolean> {
    return (await this.#options.store.isStale?.(this.#bytes(key))) ?? false;
  }

  /** The version as the cache has it, if it has: parsed once for all. */
  #storedOf(key: string, kv: KeyValue | undefined): StoredObject | undefined {
    if (!kv) return undefined;
    const cached = this.#options.cache.get(key);
    if (cached?.resourceVersion === kv.modRevision) return cached;
    return new StoredObject(kv.modRevision, Buffer.from(kv.value));
  }

  #bytes(key: string): Buffer {
    return Buffer.from(this.#options.prefix + key);
  }
}

type Attempt =
  | { kind: 'done'; result: ChangeResult }
  /** Nothing to do, if the object is what it was taken for. */
  | { kind: 'unchanged'; result: ChangeResult }
  | { kind: 'failed'; error: unknown }
  | { kind: 'lost'; current: StoredObject | undefined };

function newWrite(object: KubeObject): OwnWrite {
  const write = new OwnWrite(object, encodeValue(object));
  if (write.value.length > maxValueBytes) throw tooLarge(`limit is ${maxValueBytes}`);
  return write;
}

/** Whether a write would change nothing but the revision. */
function isSame(object: KubeObject, current: KubeObject): boolean {
  const { resourceVersion } = current.metadata;
  return isEqualJson({ ...object, metadata: { ...object.metadata, resourceVersion } }, current);
}

function rangeOf(responses: ResponseOp[]): KeyValue | undefined {
  const [first] = responses;
  return first && 'range' in first ? first.range.kvs[0] : undefined;
}
