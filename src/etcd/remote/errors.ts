import { messageOf } from '#base';
import { isRpcError } from '#wire';
import { EtcdError } from '../errors.ts';

/** How a call may be repeated: a read at will, a write only where it is certain that nobody did it. */
export type RetryPolicy = 'read' | 'anywhere' | 'write';

/** What a call failed with, in etcd's words where it has any. */
export function toEtcdError(error: unknown): EtcdError {
  if (error instanceof EtcdError) return error;
  const known = EtcdError.from(messageOf(error), error);
  if (known) return known;
  const detail = messageOf(error);
  if (isRpcError(error, 'Unavailable')) return new EtcdError('ErrTimeoutDueToConnectionLost', { detail, cause: error });
  if (isRpcError(error, 'DeadlineExceeded', 'Canceled')) return new EtcdError('ErrTimeout', { detail, cause: error });
  if (isRpcError(error, 'ResourceExhausted')) return new EtcdError('ErrRequestTooLarge', { detail, cause: error });
  return new EtcdError('ErrUnhealthy', { detail, cause: error });
}

/**
 * Whether another member may be asked (`client/v3/retry.go`). A read: whenever one was unavailable. A write: when a
 * member refused it for want of a leader, which it does before it looks at it (`v3rpc/interceptor.go`: every call says
 * that it needs one), or when Raft says that it dropped the proposal. Whatever else went wrong, it may have been done.
 */
export function mayRepeat(error: unknown, policy: RetryPolicy): boolean {
  const { code, rpcCode, detail } = toEtcdError(error);
  if (code === 'ErrNoLeader' || code === 'ErrNotSupportedForLearner') return true;
  if (code === 'ErrUnhealthy' && detail === 'raft proposal dropped') return true;
  return policy !== 'write' && rpcCode === 'Unavailable';
}
