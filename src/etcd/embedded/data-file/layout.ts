/**
 * Where things lie in a data file of LMDB, data version 2, as lmdb-js builds it (`liblmdb/mdb.c`). All numbers are
 * little-endian. The first two pages are meta pages: a commit writes the one that is not the newest.
 */
export const metaPages = 2;
export const pageHeaderBytes = 24;
export const nodeHeaderBytes = 8;
export const treeBytes = 48;
/** What stands in place of data that has pages of its own: page, transaction, number of pages. */
export const overflowRefBytes = 24;
/** The part of a meta page that means something. */
export const metaBytes = 168;

export const magic = 0xbeefc0de;
export const dataVersion = 2;

export const pageFlags = { branch: 1, leaf: 2, meta: 8 } as const;
export const nodeFlags = { bigData: 1, subTree: 2 } as const;

/** The list of free pages has numbers as keys; the flags of the file stand there too: it lies in no folder of its own. */
const freeTreeFlags = 0x4008;

/** One B-tree: the list of free pages, the list of tables, or a table. */
export interface Tree {
  flags: number;
  /** Levels of pages; 0 when it is empty. */
  depth: number;
  branchPages: number;
  leafPages: number;
  overflowPages: number;
  entries: number;
  /** The page at the top; -1 when it is empty. */
  root: number;
}

export function readTree(bytes: Buffer, offset: number): Tree {
  return {
    flags: bytes.readUInt16LE(offset + 4),
    depth: bytes.readUInt16LE(offset + 6),
    branchPages: Number(bytes.readBigUInt64LE(offset + 8)),
    leafPages: Number(bytes.readBigUInt64LE(offset + 16)),
    overflowPages: Number(bytes.readBigUInt64LE(offset + 24)),
    entries: Number(bytes.readBigUInt64LE(offset + 32)),
    root: Number(bytes.readBigInt64LE(offset + 40)),
  };
}

/** A state of the file: everything that is reachable from here. */
export interface Meta {
  pageSize: number;
  free: Tree;
  main: Tree;
  lastPage: number;
  transaction: bigint;
}

/** The meta page that begins at an offset, or undefined when there is none. */
export function readMeta(bytes: Buffer, offset: number): Meta | undefined {
  if (bytes.length < offset + metaBytes) return undefined;
  const meta = {
    pageSize: bytes.readUInt32LE(offset + 48),
    free: readTree(bytes, offset + 48),
    main: readTree(bytes, offset + 96),
    lastPage: Number(bytes.readBigUInt64LE(offset + 144)),
    transaction: bytes.readBigUInt64LE(offset + 152),
  };
  const isMeta =
    (bytes.readUInt16LE(offset + 18) & pageFlags.meta) !== 0 &&
    bytes.readUInt32LE(offset + 24) === magic &&
    bytes.readUInt32LE(offset + 28) === dataVersion &&
    bytes.readBigUInt64LE(offset + 32) === 0n && // no fixed address in memory
    (meta.lastPage + 1) * meta.pageSize <= Number(bytes.readBigUInt64LE(offset + 40)) && // the size of the memory map
    meta.free.flags === freeTreeFlags &&
    meta.main.flags === 0;
  return isMeta ? meta : undefined;
}
