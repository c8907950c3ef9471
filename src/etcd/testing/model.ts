import type { EtcdErrorCode } from '../errors.ts';
import type {
  Compare,
  DeleteRangeRequest,
  PutRequest,
  RangeRequest,
  RequestOp,
  TxnRequest,
  WatchEvent,
  WatchRequest,
} from '../store.ts';
import { hasDuplicateKeys } from './duplicate-keys.ts';

/** A key as the model knows it, and as the answers of engines are told for comparison. */
export interface ModelKv {
  key: string;
  value: string;
  create: number;
  mod: number;
  version: number;
  lease: string;
}

/** The answer to one operation, without the headers. */
export type ModelResponse =
  | { range: { kvs: (ModelKv | string)[]; more: boolean; count: number } }
  | { put: { prevKv?: ModelKv } }
  | { deleteRange: { deleted: number; prevKvs: ModelKv[] } }
  | { txn: { succeeded: boolean; responses: ModelResponse[] } };

/** What a transaction answers: at which revision, and what; or why not. */
export type ModelResult =
  | { revision: number; succeeded: boolean; responses: ModelResponse[] }
  | { error: EtcdErrorCode };

export interface ModelEvent {
  type: WatchEvent['type'];
  kv: ModelKv;
  prevKv?: ModelKv;
}

type RangeAnswer = Extract<ModelResponse, { range: unknown }>['range'];
type State = Map<string, ModelKv>;

/** Refused: the state is as it was. */
class Refused {
  readonly code: EtcdErrorCode;
  constructor(code: EtcdErrorCode) {
    this.code = code;
  }
}

/**
 * etcd's key space restated as a small state machine: one map for each revision, and the list of events. It judges the
 * engines: the same history must give the same answers, the same contents at every revision, and the same events.
 */
export class StoreModel {
  revision = 1;
  compacted = 0;
  readonly events: ModelEvent[] = [];
  readonly #history: State[] = [new Map(), new Map()];
  readonly #leases = new Set<string>();

  /** Does all or nothing. */
  txn(request: TxnRequest): ModelResult {
    return this.#change((change) => {
      if (hasDuplicateKeys(request)) throw new Refused('ErrDuplicateKey');
      change.check(request);
      return change.txn(request);
    });
  }

  range(request: RangeRequest): ModelResponse | { error: EtcdErrorCode } {
    return refusedOr(() => ({ range: this.#rangeOf(this.#stateAt(request), request) }));
  }

  compact(revision: number): { error: EtcdErrorCode } | undefined {
    if (revision <= this.compacted) return { error: 'ErrCompacted' };
    if (revision > this.revision) return { error: 'ErrFutureRev' };
    this.compacted = revision;
    return undefined;
  }

  grant(id: bigint): { error: EtcdErrorCode } | undefined {
    if (this.#leases.has(String(id))) return { error: 'ErrLeaseExist' };
    this.#leases.add(String(id));
    return undefined;
  }

  /** Deletes the keys of a lease, in one revision. */
  revoke(id: bigint): { error: EtcdErrorCode } | { revision: number } {
    if (!this.#leases.delete(String(id))) return { error: 'ErrLeaseNotFound' };
    const keys = this.leaseKeys(id);
    if (keys.length === 0) return { revision: this.revision };
    const deletes = keys.map((key) => ({ deleteRange: { key: Buffer.from(key) } }));
    const result = this.txn({ compare: [], success: deletes, failure: [] });
    return 'error' in result ? result : { revision: result.revision };
  }

  leaseKeys(id: bigint): string[] {
    const kvs = [...this.#newest.values()].filter(({ lease }) => lease === String(id));
    return kvs.map(({ key }) => key).sort();
  }

  /** What a watch hears, by revision. What was before is only known as far as it was not compacted. */
  eventsOf(request: WatchRequest): ModelEvent[][] {
    const { startRevision = 0, filters = [], prevKv } = request;
    const heard = this.events.filter(({ type, kv }) => {
      const isLeftOut = filters.includes(type === 'put' ? 'noPut' : 'noDelete');
      return kv.mod >= startRevision && isIn(request, kv.key) && !isLeftOut;
    });
    const told = heard.map((event): ModelEvent => {
      const isKnown = prevKv && event.kv.mod - 1 >= this.compacted;
      return isKnown ? event : { type: event.type, kv: event.kv };
    });
    return [...Map.groupBy(told, ({ kv }) => kv.mod).values()];
  }

  get #newest(): State {
    return this.#history[this.revision] ?? new Map();
  }

  #change(work: (change: Change) => { succeeded: boolean; responses: ModelResponse[] }): ModelResult {
    return refusedOr(() => {
      const change = new Change({
        state: new Map(this.#newest),
        before: this.#newest,
        next: this.revision + 1,
        leases: this.#leases,
        range: (state, request) => this.#rangeOf(request.revision ? this.#stateAt(request) : state, request),
      });
      const answer = work(change);
      if (change.events.length > 0) {
        this.events.push(...change.events);
        this.#history[++this.revision] = change.state;
      }
      return { revision: this.revision, ...answer };
    });
  }

  #stateAt({ revision }: RangeRequest): State {
    if (!revision) return this.#newest;
    if (revision > this.revision) throw new Refused('ErrFutureRev');
    if (revision < this.compacted) throw new Refused('ErrCompacted');
    return this.#history[revision] ?? new Map();
  }

  #rangeOf(state: State, request: RangeRequest): RangeAnswer {
    const found = inOrder(state).filter(({ key }) => isIn(request, key));
    const count = found.length;
    if (request.countOnly) return { kvs: [], more: false, count };
    const passing = found.filter((kv) => passes(kv, request));
    const { sort, limit = 0 } = request;
    if (sort) passing.sort((a, b) => (sort.order === 'descend' ? -1 : 1) * order(sort.by, a, b));
    const kvs = passing.slice(0, limit || Infinity);
    const more = limit > 0 && passing.length > limit;
    return { kvs: kvs.map((kv) => shown(kv, request)), more, count };
  }
}

/** A transaction on its way. */
class Change {
  readonly state: State;
  readonly events: ModelEvent[] = [];
  readonly #before: State;
  readonly #next: number;
  readonly #leases: ReadonlySet<string>;
  readonly #range: (state: State, request: RangeRequest) => RangeAnswer;

  constructor(options: {
    state: State;
    before: State;
    next: number;
    leases: ReadonlySet<string>;
    range: (state: State, request: RangeRequest) => RangeAnswer;
  }) {
    this.state = options.state;
    this.#before = options.before;
    this.#next = options.next;
    this.#leases = options.leases;
    this.#range = options.range;
  }

  /** What must hold of all that will be done, before any of it is (`etcdserver/txn/txn.go`). */
  check(request: TxnRequest): void {
    for (const op of this.#taken(request)) {
      if ('txn' in op) this.check(op.txn);
      if ('range' in op && op.range.revision) this.#range(this.state, op.range);
      if ('put' in op) this.#checkPut(op.put);
    }
  }

  txn(request: TxnRequest): { succeeded: boolean; responses: ModelResponse[] } {
    const succeeded = this.#holds(request.compare);
    return { succeeded, responses: this.#taken(request).map((op) => this.#do(op)) };
  }

  /** Conditions, of nested transactions too, are judged on what was before all of it. */
  #taken(request: TxnRequest): RequestOp[] {
    return this.#holds(request.compare) ? request.success : request.failure;
  }

  #holds(compares: readonly Compare[]): boolean {
    return compares.every((compare) => {
      const found = inOrder(this.#before).filter(({ key }) => isIn(compare, key));
      if (found.length > 0) return found.every((kv) => holds(compare, kv));
      return compare.target !== 'value' && holds(compare, missing);
    });
  }

  #checkPut({ key, ignoreValue, ignoreLease, lease }: PutRequest): void {
    if ((ignoreValue || ignoreLease) && !this.#before.has(text(key))) throw new Refused('ErrKeyNotFound');
    if (lease && !this.#leases.has(String(lease))) throw new Refused('ErrLeaseNotFound');
  }

  #do(op: RequestOp): ModelResponse {
    if ('range' in op) return { range: this.#range(this.state, op.range) };
    if ('put' in op) return { put: this.#put(op.put) };
    if ('deleteRange' in op) return { deleteRange: this.#deleteRange(op.deleteRange) };
    return { txn: this.txn(op.txn) };
  }

  #put(request: PutRequest): { prevKv?: ModelKv } {
    const key = text(request.key);
    const old = this.state.get(key);
    const kv: ModelKv = {
      key,
      value: request.ignoreValue && old ? old.value : text(request.value),
      create: old?.create ?? this.#next,
      mod: this.#next,
      version: (old?.version ?? 0) + 1,
      lease: request.ignoreLease && old ? old.lease : String(request.lease ?? 0n),
    };
    this.state.set(key, kv);
    this.events.push({ type: 'put', kv, ...(old && { prevKv: old }) });
    return request.prevKv && old ? { prevKv: old } : {};
  }

  #deleteRange(request: DeleteRangeRequest): { deleted: number; prevKvs: ModelKv[] } {
    const doomed = inOrder(this.state).filter(({ key }) => isIn(request, key));
    for (const old of doomed) {
      this.state.delete(old.key);
      const kv = { ...missing, key: old.key, mod: this.#next };
      this.events.push({ type: 'delete', kv, prevKv: old });
    }
    return { deleted: doomed.length, prevKvs: request.prevKv ? doomed : [] };
  }
}

const missing: ModelKv = { key: '', value: '', create: 0, mod: 0, version: 0, lease: '0' };

function refusedOr<T>(work: () => T): T | { error: EtcdErrorCode } {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refused) return { error: error.code };
    throw error;
  }
}

function inOrder(state: State): ModelKv[] {
  return [...state.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function isIn({ key, rangeEnd }: { key: Uint8Array; rangeEnd?: Uint8Array }, name: string): boolean {
  if (!rangeEnd || rangeEnd.length === 0) return name === text(key);
  return name >= text(key) && (text(rangeEnd) === '\0' || name < text(rangeEnd));
}

function passes(kv: ModelKv, request: RangeRequest): boolean {
  const { minModRevision = 0, maxModRevision = 0, minCreateRevision = 0, maxCreateRevision = 0 } = request;
  const isYoungEnough = kv.mod >= minModRevision && kv.create >= minCreateRevision;
  return isYoungEnough && kv.mod <= (maxModRevision || Infinity) && kv.create <= (maxCreateRevision || Infinity);
}

function order(by: 'key' | 'version' | 'create' | 'mod' | 'value', a: ModelKv, b: ModelKv): number {
  const [x, y] = [a[by], b[by]];
  return x < y ? -1 : Number(x > y);
}

/** etcd does not say in which order those come that are equal in what it sorts by: then only that is compared. */
function shown(kv: ModelKv, { sort, keysOnly }: RangeRequest): ModelKv | string {
  if (sort && sort.by !== 'key') return String(keysOnly && sort.by === 'value' ? '' : kv[sort.by]);
  return keysOnly ? { ...kv, value: '' } : kv;
}

function holds(compare: Compare, kv: ModelKv): boolean {
  const actual = compare.target === 'lease' ? BigInt(kv.lease) : kv[compare.target];
  const wanted = compare.target === 'value' ? text(compare.value) : compare.value;
  if (compare.result === '=') return actual === wanted;
  if (compare.result === '!=') return actual !== wanted;
  return compare.result === '>' ? actual > wanted : actual < wanted;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
