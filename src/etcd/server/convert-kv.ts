import type { EnumOf, Infer } from '#wire';
import type * as rpc from '../rpc/index.ts';
import type { CompareTarget, SortTarget } from '../rpc/index.ts';
import type { Compare, RangeRequest, RequestOp, ResponseHeader, ResponseOp, TxnRequest } from '../store.ts';
import type { Header } from './identity.ts';

// Between what goes over the wire and what the store takes. Puts, deletions and key-values look the same on both sides.

const sortBy = {
  KEY: 'key',
  VERSION: 'version',
  CREATE: 'create',
  MOD: 'mod',
  VALUE: 'value',
  INVALID: 'key', // refused before
} as const satisfies Record<EnumOf<typeof SortTarget>, string>;

/** A range as the store takes it. Sorting by something else than the key goes up unless told otherwise, as etcd's does. */
export function toRange(message: Infer<typeof rpc.RangeRequest>): RangeRequest {
  const { sortOrder, sortTarget, ...request } = message;
  if (sortTarget === 'KEY' && sortOrder !== 'DESCEND') return request;
  const order = sortOrder === 'DESCEND' ? 'descend' : 'ascend';
  return { ...request, sort: { by: sortBy[sortTarget], order } };
}

/** A transaction as the store takes it; checked before. */
export function toTxn({ compare, success, failure }: rpc.TxnRequestMessage): TxnRequest {
  return { compare: compare.map(toCompare), success: success.map(toOp), failure: failure.map(toOp) };
}

function toOp(op: rpc.RequestOpMessage): RequestOp {
  if (op.requestPut) return { put: op.requestPut };
  if (op.requestRange) return { range: toRange(op.requestRange) };
  if (op.requestDeleteRange) return { deleteRange: op.requestDeleteRange };
  return { txn: toTxn(op.requestTxn ?? { compare: [], success: [], failure: [] }) };
}

const results = { EQUAL: '=', GREATER: '>', LESS: '<', NOT_EQUAL: '!=' } as const;

function toCompare(message: Infer<typeof rpc.Compare>): Compare {
  const { key, rangeEnd } = message;
  return { key, rangeEnd, result: results[message.result], ...targets[message.target](message) };
}

type Target =
  | { target: 'version' | 'create' | 'mod'; value: number }
  | { target: 'lease'; value: bigint }
  | { target: 'value'; value: Uint8Array };

/** What is compared with; what was not sent is zero. */
const targets: Record<EnumOf<typeof CompareTarget>, (message: Infer<typeof rpc.Compare>) => Target> = {
  VERSION: ({ version }) => ({ target: 'version', value: version ?? 0 }),
  CREATE: ({ createRevision }) => ({ target: 'create', value: createRevision ?? 0 }),
  MOD: ({ modRevision }) => ({ target: 'mod', value: modRevision ?? 0 }),
  VALUE: ({ value }) => ({ target: 'value', value: value ?? new Uint8Array() }),
  LEASE: ({ lease }) => ({ target: 'lease', value: lease ?? 0n }),
};

/** The answer of one operation; within a transaction headers tell nothing but the revision, a nested one's not even that. */
export function fromOp(op: ResponseOp): rpc.ResponseOpMessage {
  if ('put' in op) return { responsePut: { ...op.put, header: bareHeader(op.put.header) } };
  if ('range' in op) return { responseRange: { ...op.range, header: bareHeader(op.range.header) } };
  if ('deleteRange' in op)
    return { responseDeleteRange: { ...op.deleteRange, header: bareHeader(op.deleteRange.header) } };
  const { succeeded, responses } = op.txn;
  return { responseTxn: { header: bareHeader({ revision: 0 }), succeeded, responses: responses.map(fromOp) } };
}

function bareHeader({ revision }: ResponseHeader): Header {
  return { clusterId: 0n, memberId: 0n, revision, raftTerm: 0 };
}
