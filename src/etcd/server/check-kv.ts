import type { Infer } from '#wire';
import { EtcdError } from '../errors.ts';
import type * as rpc from '../rpc/index.ts';

type RangeRequest = Infer<typeof rpc.RangeRequest>;
type PutRequest = Infer<typeof rpc.PutRequest>;
type DeleteRangeRequest = Infer<typeof rpc.DeleteRangeRequest>;

// What etcd looks at before anything else (`server/etcdserver/api/v3rpc/key.go`), in its order.

export function checkRange({ key, sortOrder, sortTarget }: RangeRequest): void {
  if (key.length === 0) throw new EtcdError('ErrEmptyKey');
  if (sortOrder === 'INVALID' || sortTarget === 'INVALID') throw new EtcdError('ErrInvalidSortOption');
}

export function checkPut({ key, value, lease, ignoreValue, ignoreLease }: PutRequest): void {
  if (key.length === 0) throw new EtcdError('ErrEmptyKey');
  if (ignoreValue && value.length > 0) throw new EtcdError('ErrValueProvided');
  if (ignoreLease && lease !== 0n) throw new EtcdError('ErrLeaseProvided');
}

export function checkDelete({ key }: DeleteRangeRequest): void {
  if (key.length === 0) throw new EtcdError('ErrEmptyKey');
}

/** Checks a transaction; those within it may hold what it leaves of the operations. */
export function checkTxn({ compare, success, failure }: rpc.TxnRequestMessage, maxOps: number): void {
  const ops = Math.max(compare.length, success.length, failure.length);
  if (ops > maxOps) throw new EtcdError('ErrTooManyOps');
  if (compare.some(({ key }) => key.length === 0)) throw new EtcdError('ErrEmptyKey');
  for (const op of success) checkOp(op, maxOps - ops);
  for (const op of failure) checkOp(op, maxOps - ops);
}

function checkOp(op: rpc.RequestOpMessage, maxOps: number): void {
  if (op.requestRange) checkRange(op.requestRange);
  else if (op.requestPut) checkPut(op.requestPut);
  else if (op.requestDeleteRange) checkDelete(op.requestDeleteRange);
  else if (op.requestTxn) checkTxn(op.requestTxn, maxOps);
  else throw new EtcdError('ErrKeyNotFound');
}
