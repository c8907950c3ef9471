import { bigInt64, bytes, decode, double, encode, int64, list, message, optional, string } from '#wire';
import type { Bucket } from '../../member.ts';
import type { Batch, DiskRecord } from '../environment.ts';

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

/** In parts; most of it is the records, which are taken as they are. */
export function encodeBatch(batch: Batch): Uint8Array[] {
  const parts = batch.records.flatMap((logged) => [headOf(logged), logged.record]);
  parts.push(encodeOthers(batch));
  return parts;
}

/** What stands before a record: number and length of the `LoggedRecord`, its revision, number and length of the record. */
function headOf({ revision, record }: DiskRecord): Uint8Array {
  const within: number[] = [];
  pushVarint(within, 0x08, revision);
  pushVarint(within, 0x12, record.length);
  const head: number[] = [];
  pushVarint(head, 0x0a, within.length + record.length);
  return new Uint8Array(head.concat(within));
}

/** Adds a field's tag, and a number as protobuf writes it, seven bits a byte. */
function pushVarint(bytes: number[], tag: number, value: number): void {
  bytes.push(tag);
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
}

function encodeOthers({ removed = [], leases = [], buckets = [], compactRevision, revision }: Batch): Uint8Array {
  return encode(LoggedBatch, {
    records: [],
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
