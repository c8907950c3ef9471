/** etcd's own messages (`api/v3rpc/rpctypes/error.go`), which its clients compare. */
const messages = {
  ErrEmptyKey: 'etcdserver: key is not provided',
  ErrKeyNotFound: 'etcdserver: key not found',
  ErrValueProvided: 'etcdserver: value is provided',
  ErrLeaseProvided: 'etcdserver: lease is provided',
  ErrDuplicateKey: 'etcdserver: duplicate key given in txn request',
  ErrCompacted: 'etcdserver: mvcc: required revision has been compacted',
  ErrFutureRev: 'etcdserver: mvcc: required revision is a future revision',
  ErrNoSpace: 'etcdserver: mvcc: database space exceeded',
  ErrCorrupt: 'etcdserver: corrupt cluster',
  ErrLeaseNotFound: 'etcdserver: requested lease not found',
  ErrLeaseExist: 'etcdserver: lease already exists',
  ErrLeaseTTLTooLarge: 'etcdserver: too large lease TTL',
  ErrStopped: 'etcdserver: server stopped',
  ErrWriteFailed: 'etcdserver: write failed',
} as const;

export type EtcdErrorCode = keyof typeof messages;

/** What the store refuses, by etcd's name and in etcd's words. */
export class EtcdError extends Error {
  readonly code: EtcdErrorCode;
  /** What we add to etcd's own words. */
  readonly detail: string | undefined;

  constructor(code: EtcdErrorCode, options: { detail?: string; cause?: unknown } = {}) {
    super(options.detail ? `${messages[code]}: ${options.detail}` : messages[code], { cause: options.cause });
    this.name = 'EtcdError';
    this.code = code;
    this.detail = options.detail;
  }
}
