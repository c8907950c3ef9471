import { crc32 } from 'node:zlib';
import { EtcdError } from '../errors.ts';

/** An entry of a bucket on disk, under its path: a CRC-32 of both, and the value. */
const checksumBytes = 4;

export function encodeBucketEntry(path: string, value: Uint8Array): Buffer {
  const entry = Buffer.alloc(checksumBytes + value.length);
  entry.set(value, checksumBytes);
  entry.writeUInt32LE(checksum(path, entry), 0);
  return entry;
}

/** Throws `ErrCorrupt` when it is damaged. */
export function decodeBucketEntry(path: string, entry: Buffer): Uint8Array {
  if (entry.length < checksumBytes || entry.readUInt32LE(0) !== checksum(path, entry))
    throw new EtcdError('ErrCorrupt', { detail: `the entry ${JSON.stringify(path)} is damaged` });
  return Uint8Array.from(entry.subarray(checksumBytes));
}

function checksum(path: string, entry: Buffer): number {
  return crc32(entry.subarray(checksumBytes), crc32(path));
}
