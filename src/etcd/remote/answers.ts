import type { Infer } from '#wire';
import type * as rpc from '../rpc/index.ts';
import type { ResponseOpMessage, TxnResponseMessage } from '../rpc/index.ts';
import type {
  DeleteRangeResponse,
  KeyValue,
  PutResponse,
  RangeResponse,
  ResponseHeader,
  ResponseOp,
  TxnResponse,
  WatchEvent,
} from '../store.ts';

// etcd's messages as the store's answers. Of a header only the revision is anybody's business.

type Header = Infer<typeof rpc.ResponseHeader> | undefined;

/** The revision that an answer carries. The answers to a transaction's operations carry one, too. */
export function headerOf(header: Header): ResponseHeader {
  return { revision: header?.revision ?? 0 };
}

/** What a range found. */
export function rangeAnswer({ header, kvs, more, count }: rpc.RangeResponse): RangeResponse {
  return { header: headerOf(header), kvs, more, count };
}

/** What a put replaced, if that was asked for. */
export function putAnswer({ header, prevKv }: rpc.PutResponse): PutResponse {
  return prevKv ? { header: headerOf(header), prevKv } : { header: headerOf(header) };
}

/** How much was deleted. */
export function deleteRangeAnswer({ header, deleted, prevKvs }: rpc.DeleteRangeResponse): DeleteRangeResponse {
  return { header: headerOf(header), deleted, prevKvs };
}

/** The branch that was taken, and its answers. */
export function txnAnswer({ header, succeeded, responses }: TxnResponseMessage): TxnResponse {
  return { header: headerOf(header), succeeded, responses: responses.map(opAnswer) };
}

function opAnswer({ responseRange, responsePut, responseDeleteRange, responseTxn }: ResponseOpMessage): ResponseOp {
  if (responseRange) return { range: rangeAnswer(responseRange) };
  if (responsePut) return { put: putAnswer(responsePut) };
  if (responseDeleteRange) return { deleteRange: deleteRangeAnswer(responseDeleteRange) };
  if (responseTxn) return { txn: txnAnswer(responseTxn) };
  throw new Error('an operation of a transaction was not answered');
}

/** An event of a watch. */
export function eventOf({ type, kv, prevKv }: rpc.Event): WatchEvent {
  const event: WatchEvent = { type: type === 'PUT' ? 'put' : 'delete', kv: kv ?? nothing };
  return prevKv ? { ...event, prevKv } : event;
}

const nothing: KeyValue = {
  key: new Uint8Array(),
  value: new Uint8Array(),
  createRevision: 0,
  modRevision: 0,
  version: 0,
  lease: 0n,
};
