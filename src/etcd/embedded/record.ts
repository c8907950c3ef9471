import { toKeyBytes, toKeyString, type KeyString } from './keys.ts';

/** One change of a transaction: a put, or a deletion (version 0). */
export interface Change {
  key: KeyString;
  create: number;
  version: number;
  lease: bigint;
  value: Uint8Array;
}

/**
 * What one revision did, as it lies on disk under that revision: for each change
 *
 *     u32 key length | u32 value length | f64 create | f64 version | u64 lease | key | value
 *
 * One record a revision, so that a transaction is on disk whole or not at all. Compaction blanks single changes of a
 * record (key length `gone`) so that the others keep their number.
 */
const headerBytes = 32;
const gone = 0xffffffff;

export function encodeRecord(changes: readonly (Change | undefined)[]): Buffer {
  const keys = changes.map((change) => (change ? toKeyBytes(change.key) : undefined));
  const size = changes.reduce(
    (sum, change, at) => sum + headerBytes + (keys[at]?.length ?? 0) + (change?.value.length ?? 0),
    0,
  );
  const record = Buffer.allocUnsafe(size);
  let offset = 0;
  for (const [at, change] of changes.entries()) offset = writeChange(record, offset, keys[at], change);
  return record;
}

function writeChange(record: Buffer, offset: number, key: Buffer | undefined, change: Change | undefined): number {
  if (!key || !change) {
    record.fill(0, offset, offset + headerBytes);
    return record.writeUInt32LE(gone, offset) - 4 + headerBytes;
  }
  record.writeUInt32LE(key.length, offset);
  record.writeUInt32LE(change.value.length, offset + 4);
  record.writeDoubleLE(change.create, offset + 8);
  record.writeDoubleLE(change.version, offset + 16);
  record.writeBigUInt64LE(BigInt.asUintN(64, change.lease), offset + 24);
  record.set(key, offset + headerBytes);
  record.set(change.value, offset + headerBytes + key.length);
  return offset + headerBytes + key.length + change.value.length;
}

/** The changes of a record in order; undefined for those that compaction dropped. Throws RangeError when it is torn. */
export function decodeRecord(record: Uint8Array): (Change | undefined)[] {
  const buffer = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  const changes: (Change | undefined)[] = [];
  for (let offset = 0; offset < buffer.length;) {
    const keyLength = buffer.readUInt32LE(offset);
    if (keyLength === gone) {
      changes.push(undefined);
      offset += headerBytes;
      continue;
    }
    const valueStart = offset + headerBytes + keyLength;
    const end = valueStart + buffer.readUInt32LE(offset + 4);
    if (end > buffer.length) throw new RangeError('a record of the store ends early');
    changes.push({
      key: toKeyString(buffer.subarray(offset + headerBytes, valueStart)),
      create: buffer.readDoubleLE(offset + 8),
      version: buffer.readDoubleLE(offset + 16),
      lease: BigInt.asIntN(64, buffer.readBigUInt64LE(offset + 24)),
      value: buffer.subarray(valueStart, end),
    });
    offset = end;
  }
  return changes;
}
