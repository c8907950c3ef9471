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

/** What is written of a batch: how long it is, and what writes it to a place in a buffer. */
export interface Payload {
  bytes: number;
  writeTo(buffer: Buffer, at: number): void;
}

const recordsTag = 0x0a;
const revisionTags = { ofRecord: 0x08, ofBatch: 0x30 };
const recordTag = 0x12;

/** The records and the revision are most of it, and mostly all: they are written by hand, without a buffer of their own. */
export function encodeBatch(batch: Batch): Payload {
  const others = hasOthers(batch) ? encodeOthers(batch) : undefined;
  const revision = batch.revision === undefined ? undefined : { tag: revisionTags.ofBatch, value: batch.revision };
  const bytes = batch.records.reduce((sum, logged) => sum + bytesOf(logged), 0);
  return {
    bytes: bytes + (revision ? 1 + varintBytes(revision.value) : 0) + (others?.length ?? 0),
    writeTo(buffer, at) {
      let end = at;
      for (const logged of batch.records) end = writeRecord(buffer, end, logged);
      if (revision) end = writeNumber(buffer, end, revision.tag, revision.value);
      if (others) buffer.set(others, end);
    },
  };
}

/** The bytes of a `LoggedRecord`, without its own tag and length. */
function bytesWithin({ revision, record }: DiskRecord): number {
  return 1 + varintBytes(revision) + 1 + varintBytes(record.length) + record.length;
}

function bytesOf(logged: DiskRecord): number {
  const within = bytesWithin(logged);
  return 1 + varintBytes(within) + within;
}

function writeRecord(buffer: Buffer, at: number, logged: DiskRecord): number {
  let end = writeNumber(buffer, at, recordsTag, bytesWithin(logged));
  end = writeNumber(buffer, end, revisionTags.ofRecord, logged.revision);
  end = writeNumber(buffer, end, recordTag, logged.record.length);
  buffer.set(logged.record, end);
  return end + logged.record.length;
}

/** Writes a field's tag, and a number as protobuf has it, seven bits a byte; returns where it ends. */
function writeNumber(buffer: Buffer, at: number, tag: number, value: number): number {
  let end = at;
  buffer[end++] = tag;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) buffer[end++] = (rest % 0x80) | 0x80;
  buffer[end++] = rest;
  return end;
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
}

function hasOthers({ removed = [], leases = [], buckets = [], compactRevision }: Batch): boolean {
  return removed.length + leases.length + buckets.length > 0 || compactRevision !== undefined;
}

function encodeOthers({ removed = [], leases = [], buckets = [], compactRevision }: Batch): Uint8Array {
  return encode(LoggedBatch, {
    records: [],
    removed: [...removed],
    leases: [...leases],
    buckets: [...buckets],
    compactRevision,
    revision: undefined,
  });
}

export function decodeBatch(payload: Uint8Array): Batch {
  const { buckets, ...batch } = decode(LoggedBatch, payload);
  const inBuckets = buckets.map((change) => ({ ...change, bucket: change.bucket as Bucket })); // encodeBatch wrote it
  return { ...batch, buckets: inBuckets };
}
