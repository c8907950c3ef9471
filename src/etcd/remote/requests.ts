import type { Infer, Init } from '#wire';
import type * as rpc from '../rpc/index.ts';
import type { Compare, RangeRequest, RequestOp, TxnRequest, WatchRequest } from '../store.ts';
import type { RequestOpMessage, TxnRequestMessage } from '../rpc/index.ts';

// The store's requests as etcd's messages.

type SortTarget = Infer<typeof rpc.RangeRequest>['sortTarget'];

const sortTargets = {
  key: 'KEY',
  version: 'VERSION',
  create: 'CREATE',
  mod: 'MOD',
  value: 'VALUE',
} as const satisfies {
  [By in NonNullable<RangeRequest['sort']>['by']]: SortTarget;
};
const results = { '=': 'EQUAL', '!=': 'NOT_EQUAL', '>': 'GREATER', '<': 'LESS' } as const;
const filters = { noPut: 'NOPUT', noDelete: 'NODELETE' } as const;

/** A range as etcd is asked for it. */
export function rangeMessage({ sort, ...request }: RangeRequest): Init<rpc.RangeRequest> {
  if (!sort) return request;
  return {
    ...request,
    sortTarget: sortTargets[sort.by],
    sortOrder: sort.order === 'ascend' ? 'ASCEND' : 'DESCEND',
  };
}

/** A transaction as etcd is asked for it. */
export function txnMessage({ compare, success, failure }: TxnRequest): Init<TxnRequestMessage> {
  return { compare: compare.map(compareMessage), success: success.map(opMessage), failure: failure.map(opMessage) };
}

/** What begins a watch; `startRevision` 0 is from now on. Responses may come in fragments. */
export function watchMessage(
  { key, rangeEnd, prevKv, filters: left }: WatchRequest,
  watchId: number,
  startRevision: number,
): Init<rpc.WatchCreateRequest> {
  const filtered = (left ?? []).map((filter) => filters[filter]);
  return { key, rangeEnd, prevKv, filters: filtered, startRevision, watchId, fragment: true };
}

function compareMessage(compare: Compare): Init<rpc.Compare> {
  const { key, rangeEnd, result } = compare;
  const condition = { key, rangeEnd, result: results[result] };
  switch (compare.target) {
    case 'version':
      return { ...condition, target: 'VERSION', version: compare.value };
    case 'create':
      return { ...condition, target: 'CREATE', createRevision: compare.value };
    case 'mod':
      return { ...condition, target: 'MOD', modRevision: compare.value };
    case 'lease':
      return { ...condition, target: 'LEASE', lease: compare.value };
    case 'value':
      return { ...condition, target: 'VALUE', value: compare.value };
  }
}

function opMessage(op: RequestOp): Init<RequestOpMessage> {
  if ('range' in op) return { requestRange: rangeMessage(op.range) };
  if ('put' in op) return { requestPut: op.put };
  if ('deleteRange' in op) return { requestDeleteRange: op.deleteRange };
  return { requestTxn: txnMessage(op.txn) };
}
