import { crc32 } from 'node:zlib';
import { EtcdError } from '../errors.ts';
import type { Version } from './key-index.ts';
import { toKeyString, type KeyString } from './keys.ts';

/** One change of a transaction: a put, or a deletion (version 0). */
export interface Change {
  key: KeyString;
  create: number;
  version: number;
  lease: bigint;
  value: Uint8Array;
}

/**
 * What one revision did, as it lies on disk under that revision: a CRC-32 of the revision and all that follows, and for
 * each change
 *
 *     u32 key length | u32 value length | f64 create | f64 version | u64 lease | key | value
 *
 * One record a revision, so that a transaction is on disk whole or not at all. Compaction blanks single changes of a
 * record (key length `gone`) so that the others keep their number.
 */
const checksumBytes = 4;
const headerBytes = 32;
const gone = 0xffffffff;

export function encodeRecord(
  revision: number,
  changes: readonly (Change | undefined)[],
  bufferOf: (bytes: number) => Buffer = (bytes) => Buffer.allocUnsafeSlow(bytes),
): Buffer {
  const record = bufferOf(changes.reduce((sum, change) => sum + bytesOf(change), checksumBytes));
  let offset = checksumBytes;
  for (const change of changes) offset = writeChange(record, offset, change);
  record.writeUInt32LE(checksum(revision, record), 0);
  return record;
}

function bytesOf(change: Change | undefined): number {
  return headerBytes + (change ? change.key.length + change.value.length : 0);
}

function writeChange(record: Buffer, offset: number, change: Change | undefined): number {
  if (!change) {
    record.fill(0, offset, offset + headerBytes);
    return record.writeUInt32LE(gone, offset) - 4 + headerBytes;
  }
  const { key, create, version, lease, value } = change;
  record.writeUInt32LE(key.length, offset);
  record.writeUInt32LE(value.length, offset + 4);
  record.writeDoubleLE(create, offset + 8);
  record.writeDoubleLE(version, offset + 16);
  writeLease(record, offset + 24, lease);
  record.write(key, offset + headerBytes, 'latin1');
  record.set(value, offset + headerBytes + key.length);
  return offset + headerBytes + key.length + value.length;
}

function checksum(revision: number, record: Buffer): number {
  return crc32(record.subarray(checksumBytes), revision % 2 ** 32);
}

/** The changes of a record in order; undefined for those that compaction dropped. Throws `ErrCorrupt` when it is damaged. */
export function decodeRecord(revision: number, record: Uint8Array): (Change | undefined)[] {
  const buffer = soundBuffer(revision, record);
  const changes: (Change | undefined)[] = [];
  for (let offset = checksumBytes; offset < buffer.length; offset = endOfChange(buffer, offset)) {
    if (isGone(buffer, offset)) {
      changes.push(undefined);
      continue;
    }
    const valueStart = offset + headerBytes + buffer.readUInt32LE(offset);
    const key = toKeyString(buffer.subarray(offset + headerBytes, valueStart));
    changes.push({
      key,
      create: createOf(buffer, offset),
      version: versionOf(buffer, offset),
      lease: leaseOf(buffer, offset),
      value: buffer.subarray(valueStart, endOfChange(buffer, offset)),
    });
  }
  return changes;
}

/** The same without the values, which is all that the index wants: a store that opens reads every record. */
export function visitRecord(
  revision: number,
  record: Uint8Array,
  visit: (key: KeyString, version: Version) => void,
): void {
  const buffer = soundBuffer(revision, record);
  let sub = 0;
  for (let offset = checksumBytes; offset < buffer.length; offset = endOfChange(buffer, offset), sub++) {
    if (isGone(buffer, offset)) continue;
    const keyStart = offset + headerBytes;
    const key = buffer.toString('latin1', keyStart, keyStart + buffer.readUInt32LE(offset));
    visit(key, {
      main: revision,
      sub,
      create: createOf(buffer, offset),
      version: versionOf(buffer, offset),
      lease: leaseOf(buffer, offset),
    });
  }
}

function soundBuffer(revision: number, record: Uint8Array): Buffer {
  const buffer = Buffer.isBuffer(record) ? record : Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  if (buffer.length < checksumBytes || buffer.readUInt32LE(0) !== checksum(revision, buffer))
    throw new EtcdError('ErrCorrupt', { detail: `the record of revision ${revision} is damaged` });
  return buffer;
}

function isGone(buffer: Buffer, offset: number): boolean {
  return buffer.readUInt32LE(offset) === gone;
}

function endOfChange(buffer: Buffer, offset: number): number {
  const keyLength = buffer.readUInt32LE(offset);
  return offset + headerBytes + (keyLength === gone ? 0 : keyLength + buffer.readUInt32LE(offset + 4));
}

function createOf(buffer: Buffer, offset: number): number {
  return numberAt(buffer, offset + 8);
}

function versionOf(buffer: Buffer, offset: number): number {
  return numberAt(buffer, offset + 16);
}

/** V8 keeps a small integer in its place, and what was read as a double as an object of its own: two for each version of a key. */
function numberAt(buffer: Buffer, offset: number): number {
  const number = buffer.readDoubleLE(offset);
  const small = number | 0;
  return small === number ? small : number;
}

function writeLease(record: Buffer, at: number, lease: bigint): void {
  if (lease === 0n) record.writeUInt32LE(0, record.writeUInt32LE(0, at));
  else record.writeBigUInt64LE(BigInt.asUintN(64, lease), at);
}

/** Most keys have none, and a bigint of its own costs more than a look. */
function leaseOf(buffer: Buffer, offset: number): bigint {
  const at = offset + 24;
  if (buffer.readUInt32LE(at) === 0 && buffer.readUInt32LE(at + 4) === 0) return 0n;
  return buffer.readBigInt64LE(at);
}
