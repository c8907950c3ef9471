import { messageOf } from '#base';
import type {
  KeyValue,
  PutRequest,
  RangeRequest,
  RangeResponse,
  RequestOp,
  ResponseOp,
  Store,
  TxnRequest,
  TxnResponse,
  Watch,
  WatchEvent,
  WatchRequest,
  WatchResponse,
} from '#etcd';
import { internalError } from '#machinery';
import { turns } from '../registry/turns.ts';
import { identity } from './identity.ts';
import { storedJson } from './stored-json.ts';
import type { Opened, Transformer } from './transformer.ts';

/** The store as the registry uses it for the objects of one resource. */
export interface ObjectStore extends Pick<Store, 'range' | 'txn' | 'watch' | 'tellsProgress' | 'leaseGrant'> {
  /** Whether what the store has under a key would be written otherwise today, and so should be. */
  isStale?(key: Uint8Array): Promise<boolean>;
}

/**
 * The store of one resource's objects: what is written goes through the rule that the resource has at that moment, and
 * what is read comes back through it, so that nobody behind it knows. Without a rule, values pass as they are, but for
 * those that some rule has sealed: of these, as of all that cannot be opened, an InternalError is thrown. The store's key
 * is what each value is bound to. What kube-apiserver wrote in protobuf comes back as JSON.
 */
export class EncryptedStore implements ObjectStore {
  readonly #store: ObjectStore;
  readonly #rule: () => Transformer | undefined;

  /** `rule` is asked each time: the configuration may be followed as it changes. */
  constructor({ store, rule }: { store: ObjectStore; rule: () => Transformer | undefined }) {
    this.#store = store;
    this.#rule = rule;
  }

  get tellsProgress(): boolean {
    return this.#store.tellsProgress;
  }

  range(request: RangeRequest): Promise<RangeResponse> {
    const answer = this.#store.range(request);
    if (request.keysOnly || request.countOnly) return answer;
    const isList = request.rangeEnd !== undefined;
    return answer.then((response) => {
      const rule = this.#rule() ?? ruleFor(response.kvs);
      return rule ? openRange(rule, response, isList) : response;
    });
  }

  async txn(request: TxnRequest): Promise<TxnResponse> {
    const rule = this.#rule();
    const answer = await this.#store.txn(rule ? await sealTxn(rule, request) : request);
    const opening = rule ?? ruleFor(kvsOf(answer.responses));
    return opening ? openTxn(opening, answer) : answer;
  }

  watch(request: WatchRequest): Watch {
    return new OpenedWatch(this.#store.watch(request), this.#rule);
  }

  leaseGrant(...request: Parameters<Store['leaseGrant']>): ReturnType<Store['leaseGrant']> {
    return this.#store.leaseGrant(...request);
  }

  async isStale(key: Uint8Array): Promise<boolean> {
    const rule = this.#rule();
    if (!rule) return false;
    const [kv] = (await this.#store.range({ key })).kvs;
    return kv !== undefined && (await read(rule, kv, false)).stale;
  }
}

/** A watch whose values are opened on their way. */
class OpenedWatch implements Watch {
  readonly #watch: Watch;
  readonly #rule: () => Transformer | undefined;

  constructor(watch: Watch, rule: () => Transformer | undefined) {
    this.#watch = watch;
    this.#rule = rule;
  }

  cancel(): void {
    this.#watch.cancel();
  }

  requestProgress(): void {
    this.#watch.requestProgress();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WatchResponse, void> {
    for await (const response of this.#watch) {
      const rule = this.#rule() ?? ruleFor(kvsOfEvents(response));
      yield rule ? await openEvents(rule, response) : response;
    }
  }
}

async function sealTxn(rule: Transformer, { compare, success, failure }: TxnRequest): Promise<TxnRequest> {
  return { compare, success: await sealOps(rule, success), failure: await sealOps(rule, failure) };
}

async function sealOps(rule: Transformer, ops: readonly RequestOp[]): Promise<RequestOp[]> {
  const sealed: RequestOp[] = [];
  for (const op of ops) {
    if ('put' in op) sealed.push({ put: { ...op.put, value: await seal(rule, op.put) } });
    else sealed.push('txn' in op ? { txn: await sealTxn(rule, op.txn) } : op);
  }
  return sealed;
}

async function seal(rule: Transformer, { key, value }: PutRequest): Promise<Buffer> {
  try {
    return await rule.toStorage(asBuffer(value), key);
  } catch (error) {
    throw internalError(messageOf(error));
  }
}

async function openRange(rule: Transformer, response: RangeResponse, isList: boolean): Promise<RangeResponse> {
  return { ...response, kvs: await openAll(rule, response.kvs, isList) };
}

async function openTxn(rule: Transformer, answer: TxnResponse): Promise<TxnResponse> {
  const responses: ResponseOp[] = [];
  for (const response of answer.responses) responses.push(await openOp(rule, response));
  return { ...answer, responses };
}

async function openOp(rule: Transformer, op: ResponseOp): Promise<ResponseOp> {
  if ('range' in op) return { range: await openRange(rule, op.range, false) };
  if ('txn' in op) return { txn: await openTxn(rule, op.txn) };
  if ('deleteRange' in op) {
    return { deleteRange: { ...op.deleteRange, prevKvs: await openAll(rule, op.deleteRange.prevKvs, false) } };
  }
  const { prevKv } = op.put;
  return prevKv ? { put: { ...op.put, prevKv: await open(rule, prevKv, false) } } : op;
}

async function openEvents(rule: Transformer, response: WatchResponse): Promise<WatchResponse> {
  const events: WatchEvent[] = [];
  for (const { type, kv, prevKv } of response.events) {
    const current = type === 'put' ? await open(rule, kv, true) : kv;
    events.push({ type, kv: current, ...(prevKv && { prevKv: await open(rule, prevKv, true) }) });
  }
  return { ...response, events };
}

/** One after the other: the key that a plugin opens for the first is there for the others. */
async function openAll(rule: Transformer, kvs: readonly KeyValue[], isList: boolean): Promise<KeyValue[]> {
  const all: KeyValue[] = [];
  for (const kv of kvs) {
    all.push(await open(rule, kv, isList));
    if (all.length % openedAtOnce === 0) await turns.next();
  }
  return all;
}

/** Values that are opened in one turn of the event loop: some 20 µs each. */
const openedAtOnce = 100;

async function open(rule: Transformer, kv: KeyValue, isList: boolean): Promise<KeyValue> {
  return { ...kv, value: (await read(rule, kv, isList)).value };
}

async function read(rule: Transformer, kv: KeyValue, isList: boolean): Promise<Opened> {
  try {
    const { value, stale } = await rule.fromStorage(asBuffer(kv.value), kv.key);
    return { value: storedJson(value), stale };
  } catch (error) {
    throw unreadable(kv, messageOf(error), isList);
  }
}

/** What JSON does not begin with: then it was sealed, or it is protobuf, and has to be looked at. */
const firstOfOthers = 'k'.charCodeAt(0);

/** What opens values that have no rule; undefined where all of them are what they should be. */
function ruleFor(kvs: Iterable<KeyValue>): Transformer | undefined {
  for (const { value } of kvs) if (value[0] === firstOfOthers) return identity;
  return undefined;
}

function* kvsOf(responses: readonly ResponseOp[]): Generator<KeyValue> {
  for (const op of responses) {
    if ('range' in op) yield* op.range.kvs;
    else if ('txn' in op) yield* kvsOf(op.txn.responses);
    else if ('deleteRange' in op) yield* op.deleteRange.prevKvs;
    else if (op.put.prevKv) yield op.put.prevKv;
  }
}

function* kvsOfEvents({ events }: WatchResponse): Generator<KeyValue> {
  for (const { kv, prevKv } of events) {
    yield kv;
    if (prevKv) yield prevKv;
  }
}

/** As `storage/etcd3/store.go` tells it: a list says of which object, since it is about many. */
function unreadable({ key }: KeyValue, why: string, isList: boolean): Error {
  return internalError(isList ? `unable to transform key ${JSON.stringify(asBuffer(key).toString())}: ${why}` : why);
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
