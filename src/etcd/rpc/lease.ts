import { bigInt64, bool, bytes, int64, list, message, nested, string } from '#wire';
import { ResponseHeader } from './kv.ts';

// Leases: the Lease part of etcd's `api/etcdserverpb/rpc.proto`. Times are seconds.

/** Asks for a lease. */
export class LeaseGrantRequest extends message({
  ttl: int64(1),
  /** 0: the server picks one. */
  id: bigInt64(2),
}) {}

/** The lease that was granted. */
export class LeaseGrantResponse extends message({
  header: nested(1, ResponseHeader),
  id: bigInt64(2),
  ttl: int64(3),
  error: string(4),
}) {}

/** Ends a lease and deletes its keys. */
export class LeaseRevokeRequest extends message({
  id: bigInt64(1),
}) {}

/** The lease is gone. */
export class LeaseRevokeResponse extends message({
  header: nested(1, ResponseHeader),
}) {}

/** Starts the time of a lease anew. */
export class LeaseKeepAliveRequest extends message({
  id: bigInt64(1),
}) {}

/** The time that the lease has now; 0 when there is no such lease. */
export class LeaseKeepAliveResponse extends message({
  header: nested(1, ResponseHeader),
  id: bigInt64(2),
  ttl: int64(3),
}) {}

/** Asks how long a lease has. */
export class LeaseTimeToLiveRequest extends message({
  id: bigInt64(1),
  keys: bool(2),
}) {}

/** What is left of a lease; -1 when there is no such lease. */
export class LeaseTimeToLiveResponse extends message({
  header: nested(1, ResponseHeader),
  id: bigInt64(2),
  ttl: int64(3),
  grantedTtl: int64(4),
  keys: list(5, bytes),
}) {}

/** Asks for all leases. */
export class LeaseLeasesRequest extends message({}) {}

/** One lease. */
export class LeaseStatus extends message({
  id: bigInt64(1),
}) {}

/** All leases. */
export class LeaseLeasesResponse extends message({
  header: nested(1, ResponseHeader),
  leases: list(2, LeaseStatus),
}) {}
