/**
 * The file format of bbolt (https://github.com/etcd-io/bbolt, `internal/common`), little-endian: pages of one size, each with a
 * header; two meta pages, of which the sound one with the higher transaction counts; B+trees of branch and leaf pages, one
 * for each bucket. The root of all is a tree whose values are buckets.
 */
export const pageHeaderBytes = 16;
export const elementBytes = 16;
/** Of a bucket's value in its parent: the root page and the sequence. A small bucket follows as a page of its own. */
export const bucketHeaderBytes = 16;
export const metaBytes = 64;
export const checksummedMetaBytes = 56;

export const magic = 0xed0cdaed;
export const formatVersion = 2;

/** What a page is; and of an element of a leaf, that its value is a bucket. */
export const flags = { branch: 0x01, leaf: 0x02, meta: 0x04, freelist: 0x10 } as const;
export const bucketFlag = 0x01;

/** Writes a page's header. `overflow` pages follow that belong to it. */
export function writePageHeader(
  page: Buffer,
  { id, flag, count, overflow }: { id: number; flag: number; count: number; overflow: number },
): void {
  page.writeBigUInt64LE(BigInt(id), 0);
  page.writeUInt16LE(flag, 8);
  page.writeUInt16LE(count, 10);
  page.writeUInt32LE(overflow, 12);
}

/** FNV-1a of 64 bits, which guards the meta pages. */
export function fnv1a(bytes: Uint8Array): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}
