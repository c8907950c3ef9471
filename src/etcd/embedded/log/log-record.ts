import { crc32 } from 'node:zlib';
import type { Payload } from './logged-batch.ts';

/** Where a batch stands in the log. */
export interface LogPosition {
  /** The store that the log belongs to. */
  id: number;
  /** The batches of a store are counted, from its first one on. */
  sequence: number;
  /** Counts how often writing began anew: with each opening of the store, and after each write that failed. */
  epoch: number;
  /** The first sequence of the epoch: from there on, what earlier epochs have is void. */
  start: number;
}

/** A record that was found whole. */
export interface LogRecord extends LogPosition {
  payload: Buffer;
  /** With its padding. */
  bytes: number;
}

/**
 * A batch as it lies in the log:
 *
 *     u32 magic | u32 CRC-32 of all that follows | u32 length of the payload | f64 id | f64 sequence | f64 epoch | f64 start | payload
 *
 * Records fill whole pages. So a write never touches a page that has been acknowledged, the kernel need not read a page
 * to write it, and behind a damaged record the next one is found. A record tells by itself what it is: a segment has no
 * header that could be lost with all that it holds.
 */
export const logPageBytes = 4096;
const magic = 0x4c41574b; // KWAL
const headerBytes = 44;
const checkedFrom = 8;

export function encodeLogRecord(
  { id, sequence, epoch, start }: LogPosition,
  payload: Payload,
  bufferOf: (bytes: number) => Buffer,
): Buffer {
  const end = headerBytes + payload.bytes;
  const record = bufferOf(paddedBytes(end));
  record.writeUInt32LE(magic, 0);
  record.writeUInt32LE(payload.bytes, 8);
  record.writeDoubleLE(id, 12);
  record.writeDoubleLE(sequence, 20);
  record.writeDoubleLE(epoch, 28);
  record.writeDoubleLE(start, 36);
  payload.writeTo(record, headerBytes);
  record.fill(0, end);
  record.writeUInt32LE(crc32(record.subarray(checkedFrom, end)), 4);
  return record;
}

/** Every whole record of a segment's bytes. What is between them is damaged, torn, or was never written. */
export function* logRecordsIn(segment: Buffer): Generator<LogRecord> {
  for (let offset = 0; offset + headerBytes <= segment.length;) {
    const record = recordAt(segment, offset);
    if (record) yield record;
    offset += record?.bytes ?? logPageBytes;
  }
}

function recordAt(segment: Buffer, offset: number): LogRecord | undefined {
  if (segment.readUInt32LE(offset) !== magic) return undefined;
  const end = headerBytes + segment.readUInt32LE(offset + 8);
  const record = segment.subarray(offset, offset + end);
  if (record.length < end || record.readUInt32LE(4) !== crc32(record.subarray(checkedFrom))) return undefined;
  return {
    id: record.readDoubleLE(12),
    sequence: record.readDoubleLE(20),
    epoch: record.readDoubleLE(28),
    start: record.readDoubleLE(36),
    payload: record.subarray(headerBytes),
    bytes: paddedBytes(end),
  };
}

function paddedBytes(bytes: number): number {
  return Math.ceil(bytes / logPageBytes) * logPageBytes;
}
