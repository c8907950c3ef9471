import type { RpcCode } from '#wire';

/** etcd's own names, codes and words (`api/v3rpc/rpctypes/error.go`); its clients compare the words. */
const errors = {
  ErrEmptyKey: ['InvalidArgument', 'etcdserver: key is not provided'],
  ErrKeyNotFound: ['InvalidArgument', 'etcdserver: key not found'],
  ErrValueProvided: ['InvalidArgument', 'etcdserver: value is provided'],
  ErrLeaseProvided: ['InvalidArgument', 'etcdserver: lease is provided'],
  ErrTooManyOps: ['InvalidArgument', 'etcdserver: too many operations in txn request'],
  ErrDuplicateKey: ['InvalidArgument', 'etcdserver: duplicate key given in txn request'],
  ErrInvalidClientAPIVersion: ['InvalidArgument', 'etcdserver: invalid client api version'],
  ErrInvalidSortOption: ['InvalidArgument', 'etcdserver: invalid sort option'],
  ErrCompacted: ['OutOfRange', 'etcdserver: mvcc: required revision has been compacted'],
  ErrFutureRev: ['OutOfRange', 'etcdserver: mvcc: required revision is a future revision'],
  ErrNoSpace: ['ResourceExhausted', 'etcdserver: mvcc: database space exceeded'],
  ErrLeaseNotFound: ['NotFound', 'etcdserver: requested lease not found'],
  ErrLeaseExist: ['FailedPrecondition', 'etcdserver: lease already exists'],
  ErrLeaseTTLTooLarge: ['OutOfRange', 'etcdserver: too large lease TTL'],
  ErrWatchCanceled: ['Canceled', 'etcdserver: watch canceled'],
  ErrMemberExist: ['FailedPrecondition', 'etcdserver: member ID already exist'],
  ErrPeerURLExist: ['FailedPrecondition', 'etcdserver: Peer URLs already exists'],
  ErrMemberNotEnoughStarted: [
    'FailedPrecondition',
    'etcdserver: re-configuration failed due to not enough started members',
  ],
  ErrMemberBadURLs: ['InvalidArgument', 'etcdserver: given member URLs are invalid'],
  ErrMemberNotFound: ['NotFound', 'etcdserver: member not found'],
  ErrMemberNotLearner: ['FailedPrecondition', 'etcdserver: can only promote a learner member'],
  ErrLearnerNotReady: [
    'FailedPrecondition',
    'etcdserver: can only promote a learner member which is in sync with leader',
  ],
  ErrTooManyLearners: ['FailedPrecondition', 'etcdserver: too many learner members in cluster'],
  ErrClusterIDMismatch: ['FailedPrecondition', 'etcdserver: cluster ID mismatch'],
  ErrRequestTooLarge: ['InvalidArgument', 'etcdserver: request is too large'],
  ErrRequestTooManyRequests: ['ResourceExhausted', 'etcdserver: too many requests'],
  ErrRootUserNotExist: ['FailedPrecondition', 'etcdserver: root user does not exist'],
  ErrRootRoleNotExist: ['FailedPrecondition', 'etcdserver: root user does not have root role'],
  ErrUserAlreadyExist: ['FailedPrecondition', 'etcdserver: user name already exists'],
  ErrUserEmpty: ['InvalidArgument', 'etcdserver: user name is empty'],
  ErrUserNotFound: ['FailedPrecondition', 'etcdserver: user name not found'],
  ErrRoleAlreadyExist: ['FailedPrecondition', 'etcdserver: role name already exists'],
  ErrRoleNotFound: ['FailedPrecondition', 'etcdserver: role name not found'],
  ErrRoleEmpty: ['InvalidArgument', 'etcdserver: role name is empty'],
  ErrAuthFailed: ['InvalidArgument', 'etcdserver: authentication failed, invalid user ID or password'],
  ErrPermissionNotGiven: ['InvalidArgument', 'etcdserver: permission not given'],
  ErrPermissionDenied: ['PermissionDenied', 'etcdserver: permission denied'],
  ErrRoleNotGranted: ['FailedPrecondition', 'etcdserver: role is not granted to the user'],
  ErrPermissionNotGranted: ['FailedPrecondition', 'etcdserver: permission is not granted to the role'],
  ErrAuthNotEnabled: ['FailedPrecondition', 'etcdserver: authentication is not enabled'],
  ErrInvalidAuthToken: ['Unauthenticated', 'etcdserver: invalid auth token'],
  ErrInvalidAuthMgmt: ['InvalidArgument', 'etcdserver: invalid auth management'],
  ErrAuthOldRevision: ['InvalidArgument', 'etcdserver: revision of auth store is old'],
  ErrNoLeader: ['Unavailable', 'etcdserver: no leader'],
  ErrNotLeader: ['FailedPrecondition', 'etcdserver: not leader'],
  ErrLeaderChanged: ['Unavailable', 'etcdserver: leader changed'],
  ErrNotCapable: ['FailedPrecondition', 'etcdserver: not capable'],
  ErrStopped: ['Unavailable', 'etcdserver: server stopped'],
  ErrTimeout: ['Unavailable', 'etcdserver: request timed out'],
  ErrTimeoutDueToLeaderFail: ['Unavailable', 'etcdserver: request timed out, possibly due to previous leader failure'],
  ErrTimeoutDueToConnectionLost: ['Unavailable', 'etcdserver: request timed out, possibly due to connection lost'],
  ErrTimeoutWaitAppliedIndex: [
    'Unavailable',
    'etcdserver: request timed out, waiting for the applied index took too long',
  ],
  ErrUnhealthy: ['Unavailable', 'etcdserver: unhealthy cluster'],
  ErrCorrupt: ['DataLoss', 'etcdserver: corrupt cluster'],
  ErrNotSupportedForLearner: ['FailedPrecondition', 'etcdserver: rpc not supported for learner'],
  ErrBadLeaderTransferee: ['FailedPrecondition', 'etcdserver: bad leader transferee'],
  ErrWrongDowngradeVersionFormat: ['InvalidArgument', 'etcdserver: wrong downgrade target version format'],
  ErrInvalidDowngradeTargetVersion: ['InvalidArgument', 'etcdserver: invalid downgrade target version'],
  ErrClusterVersionUnavailable: ['FailedPrecondition', 'etcdserver: cluster version not found during downgrade'],
  ErrDowngradeInProcess: ['FailedPrecondition', 'etcdserver: cluster has a downgrade job in progress'],
  ErrNoInflightDowngrade: ['FailedPrecondition', 'etcdserver: no inflight downgrade job'],
  ErrCanceled: ['Canceled', 'etcdserver: request canceled'],
  ErrDeadlineExceeded: ['DeadlineExceeded', 'etcdserver: context deadline exceeded'],
  /** Ours: a write that the disk refused, which etcd would have ended at. */
  ErrWriteFailed: ['Internal', 'etcdserver: write failed'],
} as const satisfies Record<string, readonly [RpcCode, string]>;

export type EtcdErrorCode = keyof typeof errors;

const codesByMessage = new Map<string, EtcdErrorCode>();
for (const code of Object.keys(errors) as EtcdErrorCode[]) codesByMessage.set(errors[code][1], code);

/** What the store refuses, by etcd's name and in etcd's words. */
export class EtcdError extends Error {
  readonly code: EtcdErrorCode;
  /** What we add to etcd's own words. */
  readonly detail: string | undefined;

  constructor(code: EtcdErrorCode, options: { detail?: string; cause?: unknown } = {}) {
    const [, message] = errors[code];
    super(options.detail ? `${message}: ${options.detail}` : message, { cause: options.cause });
    this.name = 'EtcdError';
    this.code = code;
    this.detail = options.detail;
  }

  /** etcd's own words, without what we add. */
  get words(): string {
    return errors[this.code][1];
  }

  /** The gRPC code that etcd sends with it. */
  get rpcCode(): RpcCode {
    return errors[this.code][0];
  }

  /** The error whose words an answer carries, with what may follow them after a colon; undefined when it is none of etcd's. */
  static from(text: string, cause?: unknown): EtcdError | undefined {
    const exact = codesByMessage.get(text);
    if (exact) return new EtcdError(exact, { cause });
    for (const [message, code] of codesByMessage) {
      if (text.startsWith(`${message}: `))
        return new EtcdError(code, { detail: text.slice(message.length + 2), cause });
    }
    return undefined;
  }
}
