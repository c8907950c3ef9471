/** Under what etcd keeps one change: its revision and its number within it, big-endian (`server/storage/mvcc/revision.go`). */
export interface RevisionKey {
  main: number;
  sub: number;
  isTombstone: boolean;
}

const bytes = 17;
const separator = 0x5f; // _
const tombstone = 0x74; // t

export function encodeRevisionKey({ main, sub, isTombstone }: RevisionKey): Buffer {
  const key = Buffer.alloc(isTombstone ? bytes + 1 : bytes);
  key.writeBigUInt64BE(BigInt(main), 0);
  key[8] = separator;
  key.writeBigUInt64BE(BigInt(sub), 9);
  if (isTombstone) key[bytes] = tombstone;
  return key;
}

/** Undefined when it is none. */
export function decodeRevisionKey(key: Uint8Array): RevisionKey | undefined {
  const buffer = Buffer.from(key.buffer, key.byteOffset, key.byteLength);
  const isTombstone = buffer.length === bytes + 1 && buffer[bytes] === tombstone;
  if ((buffer.length !== bytes && !isTombstone) || buffer[8] !== separator) return undefined;
  return { main: Number(buffer.readBigUInt64BE(0)), sub: Number(buffer.readBigUInt64BE(9)), isTombstone };
}
