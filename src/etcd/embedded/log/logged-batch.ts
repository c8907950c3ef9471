import { bigInt64, bytes, decode, double, encode, int64, list, message, optional, string } from '#wire';
import type { Bucket } from '../../member.ts';
import type { Batch } from '../environment.ts';

/** A revision and its record. */
class LoggedRecord extends message({
  revision: int64(1),
  record: bytes(2),
}) {}

/** A lease; without seconds it has ended. */
class LoggedLease extends message({
  id: bigInt64(1),
  ttlSeconds: optional(double(2)),
}) {}

/** An entry of a bucket; without a value it is gone. */
class LoggedBucketChange extends message({
  bucket: string(1),
  key: string(2),
  value: optional(bytes(3)),
}) {}

/** A batch as the payload of a record of the log. */
class LoggedBatch extends message({
  records: list(1, LoggedRecord),
  removed: list(2, int64),
  leases: list(3, LoggedLease),
  buckets: list(4, LoggedBucketChange),
  compactRevision: optional(int64(5)),
  revision: optional(int64(6)),
}) {}

export function encodeBatch(batch: Batch): Uint8Array {
  const { records, removed = [], leases = [], buckets = [], compactRevision, revision } = batch;
  return encode(LoggedBatch, {
    records: [...records],
    removed: [...removed],
    leases: [...leases],
    buckets: [...buckets],
    compactRevision,
    revision,
  });
}

export function decodeBatch(payload: Uint8Array): Batch {
  const { buckets, ...batch } = decode(LoggedBatch, payload);
  const inBuckets = buckets.map((change) => ({ ...change, bucket: change.bucket as Bucket })); // encodeBatch wrote it
  return { ...batch, buckets: inBuckets };
}
