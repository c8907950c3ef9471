import { crc32 } from 'node:zlib';
import { EtcdError } from '../errors.ts';

/** A number on disk, under its key: a CRC-32 of both, and a f64. */
const bytes = 12;

export function encodeNumber(key: string, value: number): Buffer {
  const entry = Buffer.alloc(bytes);
  entry.writeDoubleLE(value, 4);
  entry.writeUInt32LE(checksum(key, entry), 0);
  return entry;
}

/** Throws `ErrCorrupt` when it is damaged. */
export function decodeNumber(key: string, entry: Buffer): number {
  if (entry.length !== bytes || entry.readUInt32LE(0) !== checksum(key, entry))
    throw new EtcdError('ErrCorrupt', { detail: `the entry ${JSON.stringify(key)} is damaged` });
  return entry.readDoubleLE(4);
}

function checksum(key: string, entry: Buffer): number {
  return crc32(entry.subarray(4), crc32(key));
}
