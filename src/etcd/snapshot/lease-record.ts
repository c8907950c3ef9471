import { bigInt64, encode, int64, message } from '#wire';
import type { Entry } from '../bbolt/writer.ts';

/** A lease as etcd keeps it (`server/lease/leasepb/lease.proto`). */
export class LeaseRecord extends message({
  id: bigInt64(1),
  ttl: int64(2),
  remainingTtl: int64(3),
}) {}

/** The entry of a lease in etcd's `lease` bucket: under its number, big-endian. */
export function leaseEntry({ id, ttlSeconds }: { id: bigint; ttlSeconds: number }): Entry {
  const key = Buffer.alloc(8);
  key.writeBigInt64BE(id);
  return { key, value: encode(LeaseRecord, LeaseRecord.of({ id, ttl: ttlSeconds })) };
}
