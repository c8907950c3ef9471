import type { CallContext, HandlersOf, Infer } from '#wire';
import { EtcdError } from '../errors.ts';
import type * as rpc from '../rpc/index.ts';
import type { kvService } from '../rpc/services.ts';
import type { Caller } from './auth/auth-store.ts';
import { checkDelete, checkPut, checkRange, checkTxn } from './check-kv.ts';
import { fromOp, toRange, toTxn } from './convert-kv.ts';
import { callerOf, checkStillValid, type Parts } from './parts.ts';

type Answer<M> = Promise<Infer<M>>;

/** What etcd measures with a write: the number that it gets, its kind and its length (`raft_internal.proto`). */
const envelopeBytes = 17;

/**
 * Keys and values over gRPC. The order of checks is etcd's: the request itself, who calls, its size, what the caller
 * may, and then what the store says. From the check of what a caller may to the store's decision nothing else runs.
 */
export class KvHandlers implements HandlersOf<typeof kvService> {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async range(request: Infer<typeof rpc.RangeRequest>, call: CallContext): Answer<typeof rpc.RangeResponse> {
    checkRange(request);
    const { member, auth, identity } = this.#parts;
    const caller = callerOf(this.#parts, call);
    auth.checkRange(caller, request.key, request.rangeEnd);
    const response = await member.range(toRange(request));
    checkStillValid(this.#parts, caller);
    return { ...response, header: identity.header(response.header.revision) };
  }

  async put(request: Infer<typeof rpc.PutRequest>, call: CallContext): Answer<typeof rpc.PutResponse> {
    checkPut(request);
    const { member, auth, identity } = this.#parts;
    const caller = this.#writer(call);
    if (auth.enabled) {
      const leaseKeys = await this.#leaseKeys(caller, request.lease);
      auth.checkWrite(caller, request.key);
      for (const key of leaseKeys) auth.checkWrite(caller, key);
      if (request.prevKv) auth.checkRange(caller, request.key);
    }
    const { header, prevKv } = await member.put(request);
    return prevKv ? { header: identity.header(header.revision), prevKv } : { header: identity.header(header.revision) };
  }

  async deleteRange(
    request: Infer<typeof rpc.DeleteRangeRequest>,
    call: CallContext,
  ): Answer<typeof rpc.DeleteRangeResponse> {
    checkDelete(request);
    const { member, auth, identity } = this.#parts;
    const caller = this.#writer(call);
    auth.checkWrite(caller, request.key, request.rangeEnd);
    if (request.prevKv) auth.checkRange(caller, request.key, request.rangeEnd);
    const response = await member.deleteRange(request);
    return { ...response, header: identity.header(response.header.revision) };
  }

  async txn(request: rpc.TxnRequestMessage, call: CallContext): Promise<rpc.TxnResponseMessage> {
    const { member, identity, limits } = this.#parts;
    checkTxn(request, limits.maxTxnOps);
    const caller = isReadOnly(request) ? callerOf(this.#parts, call) : this.#writer(call);
    this.#checkTxn(caller, request);
    const { header, succeeded, responses } = await member.txn(toTxn(request));
    return { header: identity.header(header.revision), succeeded, responses: responses.map(fromOp) };
  }

  async compact(
    { revision }: Infer<typeof rpc.CompactionRequest>,
    call: CallContext,
  ): Answer<typeof rpc.CompactionResponse> {
    this.#writer(call);
    const { header } = await this.#parts.member.compact({ revision });
    return { header: this.#parts.identity.header(header.revision) };
  }

  #writer(call: CallContext): Caller | undefined {
    const caller = callerOf(this.#parts, call);
    if (call.requestBytes + envelopeBytes > this.#parts.limits.maxRequestBytes)
      throw new EtcdError('ErrRequestTooLarge');
    return caller;
  }

  /** Who may not write all keys of a lease could not revoke it, and may hang no further key on it. */
  async #leaseKeys(caller: Caller | undefined, id: bigint): Promise<Uint8Array[]> {
    const { auth, member } = this.#parts;
    return id === 0n || auth.isAdmin(caller) ? [] : (await member.leaseTimeToLive(id)).keys;
  }

  #checkTxn(caller: Caller | undefined, { compare, success, failure }: rpc.TxnRequestMessage): void {
    const { auth } = this.#parts;
    if (!auth.enabled) return;
    for (const { key, rangeEnd } of compare) auth.checkRange(caller, key, rangeEnd);
    for (const op of [...success, ...failure]) this.#checkOp(caller, op);
  }

  #checkOp(caller: Caller | undefined, op: rpc.RequestOpMessage): void {
    const { auth } = this.#parts;
    const { requestRange: range, requestPut: put, requestDeleteRange: deletion, requestTxn: txn } = op;
    if (range) auth.checkRange(caller, range.key, range.rangeEnd);
    if (put) auth.checkWrite(caller, put.key);
    if (deletion?.prevKv) auth.checkRange(caller, deletion.key, deletion.rangeEnd);
    if (deletion) auth.checkWrite(caller, deletion.key, deletion.rangeEnd);
    // etcd 3.6 looks no deeper, so that a nested transaction gets around its permissions; ours does.
    if (txn) this.#checkTxn(caller, txn);
  }
}

/** Whether a transaction is answered without a write, and may therefore be larger than one (`txn.IsTxnReadonly`). */
function isReadOnly({ success, failure }: rpc.TxnRequestMessage): boolean {
  return [...success, ...failure].every((op) => op.requestRange !== undefined);
}
