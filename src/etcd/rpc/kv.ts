import {
  bigInt64,
  bigUint64,
  bool,
  bytes,
  enumeration,
  int64,
  list,
  message,
  nested,
  oneOf,
  optional,
  uint64,
  type Infer,
  type Message,
} from '#wire';

// Keys and values: etcd's `api/mvccpb/kv.proto` and the KV part of `api/etcdserverpb/rpc.proto`.

/** Who answered, and at which revision. */
export class ResponseHeader extends message({
  clusterId: bigUint64(1),
  memberId: bigUint64(2),
  revision: int64(3),
  raftTerm: uint64(4),
}) {}

/** One version of a key. */
export class KeyValue extends message({
  key: bytes(1),
  createRevision: int64(2),
  modRevision: int64(3),
  version: int64(4),
  value: bytes(5),
  lease: bigInt64(6),
}) {}

/** The order of what a range found. */
export const SortOrder = enumeration({ NONE: 0, ASCEND: 1, DESCEND: 2 }, 'INVALID');

/** What a range is sorted by. */
export const SortTarget = enumeration({ KEY: 0, VERSION: 1, CREATE: 2, MOD: 3, VALUE: 4 }, 'INVALID');

/** Asks for keys. */
export class RangeRequest extends message({
  key: bytes(1),
  rangeEnd: bytes(2),
  limit: int64(3),
  revision: int64(4),
  sortOrder: oneOf(5, SortOrder),
  sortTarget: oneOf(6, SortTarget),
  serializable: bool(7),
  keysOnly: bool(8),
  countOnly: bool(9),
  minModRevision: int64(10),
  maxModRevision: int64(11),
  minCreateRevision: int64(12),
  maxCreateRevision: int64(13),
}) {}

/** The keys. */
export class RangeResponse extends message({
  header: nested(1, ResponseHeader),
  kvs: list(2, KeyValue),
  more: bool(3),
  count: int64(4),
}) {}

/** Writes a key. */
export class PutRequest extends message({
  key: bytes(1),
  value: bytes(2),
  lease: bigInt64(3),
  prevKv: bool(4),
  ignoreValue: bool(5),
  ignoreLease: bool(6),
}) {}

/** The key was written. */
export class PutResponse extends message({
  header: nested(1, ResponseHeader),
  prevKv: nested(2, KeyValue),
}) {}

/** Deletes keys. */
export class DeleteRangeRequest extends message({
  key: bytes(1),
  rangeEnd: bytes(2),
  prevKv: bool(3),
}) {}

/** How many keys were deleted. */
export class DeleteRangeResponse extends message({
  header: nested(1, ResponseHeader),
  deleted: int64(2),
  prevKvs: list(3, KeyValue),
}) {}

/** How a comparison reads. */
export const CompareResult = enumeration({ EQUAL: 0, GREATER: 1, LESS: 2, NOT_EQUAL: 3 });

/** What of a key is compared. */
export const CompareTarget = enumeration({ VERSION: 0, CREATE: 1, MOD: 2, VALUE: 3, LEASE: 4 });

/** A condition of a transaction. The five targets are one `oneof`. */
export class Compare extends message({
  result: oneOf(1, CompareResult),
  target: oneOf(2, CompareTarget),
  key: bytes(3),
  version: optional(int64(4)),
  createRevision: optional(int64(5)),
  modRevision: optional(int64(6)),
  value: optional(bytes(7)),
  lease: optional(bigInt64(8)),
  rangeEnd: bytes(64),
}) {}

/** A transaction may hold transactions, so that its type is told before its fields. */
export interface TxnRequestMessage {
  compare: Infer<typeof Compare>[];
  success: RequestOpMessage[];
  failure: RequestOpMessage[];
}

/** One operation of a transaction: one of the four is there. */
export interface RequestOpMessage {
  requestRange?: Infer<typeof RangeRequest>;
  requestPut?: Infer<typeof PutRequest>;
  requestDeleteRange?: Infer<typeof DeleteRangeRequest>;
  requestTxn?: TxnRequestMessage;
}

/** The answer of a transaction. */
export interface TxnResponseMessage {
  header?: Infer<typeof ResponseHeader>;
  succeeded: boolean;
  responses: ResponseOpMessage[];
}

/** The answer of one operation. */
export interface ResponseOpMessage {
  responseRange?: Infer<typeof RangeResponse>;
  responsePut?: Infer<typeof PutResponse>;
  responseDeleteRange?: Infer<typeof DeleteRangeResponse>;
  responseTxn?: TxnResponseMessage;
}

class RequestOpFields extends message({
  requestRange: nested(1, RangeRequest),
  requestPut: nested(2, PutRequest),
  requestDeleteRange: nested(3, DeleteRangeRequest),
  requestTxn: nested<TxnRequestMessage>(4, () => TxnRequest),
}) {}

/** One operation of a transaction. */
export const RequestOp: Message<RequestOpMessage> = RequestOpFields;

class TxnRequestFields extends message({
  compare: list(1, Compare),
  success: list<RequestOpMessage>(2, () => RequestOp),
  failure: list<RequestOpMessage>(3, () => RequestOp),
}) {}

/** Conditions, and what to do when they hold and when they do not. */
export const TxnRequest: Message<TxnRequestMessage> = TxnRequestFields;

class ResponseOpFields extends message({
  responseRange: nested(1, RangeResponse),
  responsePut: nested(2, PutResponse),
  responseDeleteRange: nested(3, DeleteRangeResponse),
  responseTxn: nested<TxnResponseMessage>(4, () => TxnResponse),
}) {}

/** The answer of one operation. */
export const ResponseOp: Message<ResponseOpMessage> = ResponseOpFields;

class TxnResponseFields extends message({
  header: nested(1, ResponseHeader),
  succeeded: bool(2),
  responses: list<ResponseOpMessage>(3, () => ResponseOp),
}) {}

/** Which branch was taken, and the answers of its operations. */
export const TxnResponse: Message<TxnResponseMessage> = TxnResponseFields;

/** Forgets what only revisions before this one show. */
export class CompactionRequest extends message({
  revision: int64(1),
  physical: bool(2),
}) {}

/** The compaction is recorded; with `physical`, done. */
export class CompactionResponse extends message({
  header: nested(1, ResponseHeader),
}) {}
