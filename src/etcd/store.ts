/** One version of a key, as etcd's `mvccpb.KeyValue`. */
export interface KeyValue {
  key: Uint8Array;
  value: Uint8Array;
  /** The revision at which the key came to life. */
  createRevision: number;
  /** The revision of this version. */
  modRevision: number;
  /** 1 at creation, one more at each change; a deletion starts over. */
  version: number;
  /** The lease the key hangs on; 0n for none. */
  lease: bigint;
}

export interface ResponseHeader {
  /** The store's revision when the request was answered. */
  revision: number;
}

export interface RangeRequest {
  key: Uint8Array;
  /** Absent: the one key. `\0`: every key from `key` on. Else the half-open interval [key, rangeEnd). */
  rangeEnd?: Uint8Array;
  /** 0 or less for all. */
  limit?: number;
  /** 0 for the newest, as are revisions below, which in a transaction are gone. */
  revision?: number;
  keysOnly?: boolean;
  countOnly?: boolean;
  /** Serve what this member has, without asking the others. The embedded engine has nobody to ask. */
  serializable?: boolean;
  sort?: { by: 'key' | 'version' | 'create' | 'mod' | 'value'; order: 'ascend' | 'descend' };
  minModRevision?: number;
  maxModRevision?: number;
  minCreateRevision?: number;
  maxCreateRevision?: number;
}

export interface RangeResponse {
  header: ResponseHeader;
  kvs: KeyValue[];
  /** There is more than the limit let through. */
  more: boolean;
  /** All keys in the range, whatever the limit. */
  count: number;
}

export interface PutRequest {
  key: Uint8Array;
  value: Uint8Array;
  lease?: bigint;
  prevKv?: boolean;
  /** Keep the value (or the lease) that the key has; the key must exist. */
  ignoreValue?: boolean;
  ignoreLease?: boolean;
}

export interface PutResponse {
  header: ResponseHeader;
  prevKv?: KeyValue;
}

export interface DeleteRangeRequest {
  key: Uint8Array;
  rangeEnd?: Uint8Array;
  prevKv?: boolean;
}

export interface DeleteRangeResponse {
  header: ResponseHeader;
  deleted: number;
  prevKvs: KeyValue[];
}

/** A condition on one key or, with `rangeEnd`, on every key of a range. */
export type Compare = { key: Uint8Array; rangeEnd?: Uint8Array; result: '=' | '!=' | '>' | '<' } & (
  | { target: 'version' | 'create' | 'mod'; value: number }
  | { target: 'lease'; value: bigint }
  | { target: 'value'; value: Uint8Array }
);

export type RequestOp =
  | { range: RangeRequest }
  | { put: PutRequest }
  | { deleteRange: DeleteRangeRequest }
  | { txn: TxnRequest };

export interface TxnRequest {
  compare: Compare[];
  success: RequestOp[];
  failure: RequestOp[];
}

export type ResponseOp =
  | { range: RangeResponse }
  | { put: PutResponse }
  | { deleteRange: DeleteRangeResponse }
  | { txn: TxnResponse };

export interface TxnResponse {
  header: ResponseHeader;
  succeeded: boolean;
  responses: ResponseOp[];
}

export interface WatchRequest {
  key: Uint8Array;
  rangeEnd?: Uint8Array;
  /** The first revision to tell of; 0 or absent: from now on. */
  startRevision?: number;
  prevKv?: boolean;
  /** Leave out the puts or the deletes. */
  filters?: ('noPut' | 'noDelete')[];
}

export interface WatchEvent {
  type: 'put' | 'delete';
  /** Of a deletion only key and modRevision. */
  kv: KeyValue;
  prevKv?: KeyValue;
}

export interface WatchResponse {
  header: ResponseHeader;
  /** All of one revision stand in one response. Empty: progress, everything up to the header's revision was told. */
  events: readonly WatchEvent[];
  /** Set when the watch ended because its start is compacted: the lowest revision that can still be watched. */
  compactRevision?: number;
  canceled?: boolean;
}

/** A running watch. Iterating it ends when it is cancelled, or after a response with `canceled`. */
export interface Watch extends AsyncIterable<WatchResponse> {
  cancel(): void;
  /** Asks for an empty response once everything up to the store's present revision was told. */
  requestProgress(): void;
}

export interface CompactRequest {
  revision: number;
}

export interface LeaseGrantRequest {
  /** 0n or absent: the store picks one. */
  id?: bigint;
  ttlSeconds: number;
}

export interface LeaseStatus {
  id: bigint;
  /** Seconds left; -1 when there is no such lease. */
  ttlSeconds: number;
  grantedTtlSeconds: number;
  keys: Uint8Array[];
}

export interface StoreStatus {
  header: ResponseHeader;
  /** Bytes of the data file, and of what is in use in it. */
  dbSizeBytes: number;
  dbSizeInUseBytes: number;
  compactRevision: number;
}

/**
 * A store with the semantics of etcd v3 (https://etcd.io/docs/v3.6/learning/api/). All methods throw `EtcdError`.
 * A write resolves when it is durable; what a range or a watch shows is durable.
 */
export interface Store extends AsyncDisposable {
  range(request: RangeRequest): Promise<RangeResponse>;
  put(request: PutRequest): Promise<PutResponse>;
  deleteRange(request: DeleteRangeRequest): Promise<DeleteRangeResponse>;
  txn(request: TxnRequest): Promise<TxnResponse>;
  watch(request: WatchRequest): Watch;
  /** False where members are so old that they cannot be asked for progress without a lie: then nobody is told any. */
  readonly tellsProgress: boolean;
  compact(request: CompactRequest): Promise<{ header: ResponseHeader }>;
  leaseGrant(request: LeaseGrantRequest): Promise<{ header: ResponseHeader; id: bigint; ttlSeconds: number }>;
  leaseRevoke(id: bigint): Promise<{ header: ResponseHeader }>;
  /** Starts the lease's time anew; the seconds it has now. */
  leaseKeepAlive(id: bigint): Promise<{ header: ResponseHeader; ttlSeconds: number }>;
  leaseTimeToLive(id: bigint): Promise<LeaseStatus>;
  leases(): Promise<bigint[]>;
  status(): Promise<StoreStatus>;
  /** Waits for the writes under way, ends all watches and closes the files. */
  close(): Promise<void>;
}
