import { EtcdError } from '../errors.ts';
import type {
  Compare,
  DeleteRangeRequest,
  DeleteRangeResponse,
  KeyValue,
  PutRequest,
  PutResponse,
  RangeRequest,
  RangeResponse,
  RequestOp,
  ResponseOp,
  TxnRequest,
  TxnResponse,
} from '../store.ts';
import { holds } from './compare.ts';
import { inRange, keyRange, toKeyString, type KeyRange, type KeyString } from './keys.ts';
import type { Mvcc } from './mvcc.ts';
import { findAt, rangeOver, type Found } from './range.ts';
import type { Change } from './record.ts';

/** The branch that a transaction takes, and those of the transactions within it. */
interface Decision {
  succeeded: boolean;
  nested: (Decision | undefined)[];
}

/**
 * One transaction against the store as it is in memory now. All conditions, also those of nested transactions, are
 * decided before the first change (etcd `server/etcdserver/txn.compareToPath`). Changes are gathered; a later operation
 * sees the earlier ones.
 */
export class Transaction {
  readonly changes: Change[] = [];
  readonly #mvcc: Mvcc;
  readonly #hasLease: (id: bigint) => boolean;
  readonly #isLonePut: boolean;
  readonly #revision: number;

  constructor(mvcc: Mvcc, hasLease: (id: bigint) => boolean, isLonePut = false) {
    this.#mvcc = mvcc;
    this.#hasLease = hasLease;
    this.#isLonePut = isLonePut;
    this.#revision = mvcc.newest;
  }

  run(request: TxnRequest): TxnResponse {
    checkDuplicatePuts(request);
    const decision = this.#decide(request);
    this.#check(request, decision);
    return this.#apply(request, decision);
  }

  /** The revision that a response's header carries: that of the transaction once it has changed something. */
  get #headerRevision(): number {
    return this.changes.length > 0 ? this.#revision + 1 : this.#revision;
  }

  #decide(request: TxnRequest): Decision {
    const succeeded = request.compare.every((compare) => this.#holds(compare));
    const ops = succeeded ? request.success : request.failure;
    return { succeeded, nested: ops.map((op) => ('txn' in op ? this.#decide(op.txn) : undefined)) };
  }

  #holds(compare: Compare): boolean {
    const range = keyRange(compare.key, compare.rangeEnd);
    const { found } = this.#mvcc.scan(range, this.#revision);
    const kvs = found.map(([key, version]) => this.#mvcc.read(key, version, compare.target !== 'value'));
    return kvs.length === 0 ? holds(compare, undefined) : kvs.every((kv) => holds(compare, kv));
  }

  /** What can be refused is refused before the first change. */
  #check(request: TxnRequest, decision: Decision): void {
    for (const [at, op] of (decision.succeeded ? request.success : request.failure).entries()) {
      const nested = decision.nested[at];
      if ('put' in op) this.#checkPut(op.put);
      else if ('range' in op) this.#mvcc.readable(op.range.revision, this.#revision);
      else if ('txn' in op && nested) this.#check(op.txn, nested);
    }
  }

  #checkPut(put: PutRequest): void {
    if (put.key.length === 0) throw new EtcdError('ErrEmptyKey');
    if (put.ignoreValue && put.value.length > 0) throw new EtcdError('ErrValueProvided');
    if (put.ignoreLease && put.lease) throw new EtcdError('ErrLeaseProvided');
    // In this order, as etcd's `checkPut`; its `Put` looks for the lease first (`etcdserver/txn/txn.go`).
    if (this.#isLonePut) this.#checkLease(put);
    if ((put.ignoreValue || put.ignoreLease) && !this.#find(toKeyString(put.key), true))
      throw new EtcdError('ErrKeyNotFound');
    this.#checkLease(put);
  }

  #checkLease({ lease }: PutRequest): void {
    if (lease && !this.#hasLease(lease)) throw new EtcdError('ErrLeaseNotFound');
  }

  #apply(request: TxnRequest, decision: Decision): TxnResponse {
    const ops = decision.succeeded ? request.success : request.failure;
    const responses = ops.map((op, at) => this.#applyOp(op, decision.nested[at]));
    return { header: { revision: this.#headerRevision }, succeeded: decision.succeeded, responses };
  }

  #applyOp(op: RequestOp, nested: Decision | undefined): ResponseOp {
    if ('range' in op) return { range: this.#range(op.range) };
    if ('put' in op) return { put: this.#put(op.put) };
    if ('deleteRange' in op) return { deleteRange: this.#deleteRange(op.deleteRange) };
    if (!nested) throw new Error('a nested transaction was not decided');
    return { txn: this.#apply(op.txn, nested) };
  }

  #range(request: RangeRequest): RangeResponse {
    const found = request.revision ? findAt(this.#mvcc, request, request.revision) : this.#findNow(request);
    return rangeOver(request, found, this.#headerRevision);
  }

  #findNow(request: RangeRequest): Found {
    const kvs = this.#scanNow(request);
    return { count: kvs.length, readers: kvs.map((kv) => () => kv) };
  }

  #put(request: PutRequest): PutResponse {
    const key = toKeyString(request.key);
    // What is replaced is on the disk, and mostly nobody asks for it.
    const previous = this.#find(key, !request.ignoreValue && !request.prevKv);
    this.changes.push({
      key,
      create: previous?.createRevision ?? this.#revision + 1,
      version: (previous?.version ?? 0) + 1,
      lease: request.ignoreLease ? (previous?.lease ?? 0n) : (request.lease ?? 0n),
      value: request.ignoreValue ? (previous?.value ?? request.value) : request.value,
    });
    const header = { revision: this.#headerRevision };
    return request.prevKv && previous ? { header, prevKv: previous } : { header };
  }

  #deleteRange(request: DeleteRangeRequest): DeleteRangeResponse {
    const doomed = this.#scanNow(request);
    for (const kv of doomed) {
      this.changes.push({ key: toKeyString(kv.key), create: 0, version: 0, lease: 0n, value: new Uint8Array() });
    }
    const header = { revision: this.#headerRevision };
    return { header, deleted: doomed.length, prevKvs: request.prevKv ? doomed : [] };
  }

  /** The key as it is now, this transaction's own changes included; with `keysOnly` perhaps without its value. */
  #find(key: KeyString, keysOnly = false): KeyValue | undefined {
    const own = this.changes.findLast((change) => change.key === key);
    if (own) return own.version === 0 ? undefined : toKeyValue(own, this.#revision + 1);
    const version = this.#mvcc.index.at(key, this.#revision);
    return version && this.#mvcc.read(key, version, keysOnly);
  }

  #scanNow(request: { key: Uint8Array; rangeEnd?: Uint8Array }): KeyValue[] {
    const range = keyRange(request.key, request.rangeEnd);
    const keys = new Set(this.#mvcc.scan(range, this.#revision).found.map(([key]) => key));
    for (const change of this.changes) if (inRange(range, change.key)) keys.add(change.key);
    return [...keys].sort().flatMap((key) => this.#find(key) ?? []);
  }
}

function toKeyValue(change: Change, revision: number): KeyValue {
  const { create, version, lease, value } = change;
  return {
    key: Buffer.from(change.key, 'latin1'),
    value,
    createRevision: create,
    modRevision: revision,
    version,
    lease,
  };
}

/** No key may be put twice, nor put and deleted, on one path of a transaction (etcd `v3rpc/key.go`, `checkIntervals`). */
function checkDuplicatePuts(request: TxnRequest): void {
  for (const branch of [request.success, request.failure])
    if (branch.length > 1 || branch.some(isTxn)) checkBranch(branch);
}

function isTxn(op: RequestOp): boolean {
  return 'txn' in op;
}

/** Upstream looks at what earlier operations delete when a nested transaction puts, and not the other way round. */
function checkBranch(ops: readonly RequestOp[]): { puts: Set<KeyString>; deletes: KeyRange[] } {
  const touched = { puts: new Set<KeyString>(), deletes: ops.flatMap(deletedBy) };
  for (const op of ops) {
    if (!('txn' in op)) continue;
    const branches = [checkBranch(op.txn.success), checkBranch(op.txn.failure)];
    for (const key of new Set(branches.flatMap(({ puts }) => [...puts]))) addPut(touched, key);
    touched.deletes.push(...branches.flatMap(({ deletes }) => deletes));
  }
  for (const op of ops) if ('put' in op) addPut(touched, toKeyString(op.put.key));
  return touched;
}

/** Upstream takes the end `\0` for a key like any other here: nothing lies before it. */
function deletedBy(op: RequestOp): KeyRange[] {
  if (!('deleteRange' in op)) return [];
  const range = keyRange(op.deleteRange.key, op.deleteRange.rangeEnd);
  return range.end === undefined ? [] : [range];
}

function addPut({ puts, deletes }: { puts: Set<KeyString>; deletes: readonly KeyRange[] }, key: KeyString): void {
  if (puts.has(key) || deletes.some((range) => inRange(range, key))) throw new EtcdError('ErrDuplicateKey');
  puts.add(key);
}
