import { DamagedPage } from './damaged-page.ts';
import { nodeFlags, nodeHeaderBytes, overflowRefBytes, pageFlags, pageHeaderBytes } from './layout.ts';

/** One entry of a page, in the bytes of that page. */
export interface Node {
  flags: number;
  key: Buffer;
  /** Where the data begins. */
  at: number;
  /** The bytes of the data, wherever they lie. */
  size: number;
}

/** The entries of a branch or a leaf. Throws `DamagedPage` when the page is not of that kind, or one leaves it. */
export function nodesOf(page: number, bytes: Buffer, kind: 'branch' | 'leaf', newest: bigint): Node[] {
  const [lower, upper] = [bytes.readUInt16LE(20), bytes.readUInt16LE(22)];
  const isSound =
    bytes.readBigUInt64LE(0) === BigInt(page) &&
    bytes.readBigUInt64LE(8) <= newest &&
    bytes.readUInt16LE(18) === pageFlags[kind] &&
    lower % 2 === 0 &&
    lower <= upper &&
    upper <= bytes.length - pageHeaderBytes;
  if (!isSound) throw new DamagedPage(page, `is no ${kind} of a tree`);
  return Array.from({ length: lower / 2 }, (_, index) => nodeAt(page, bytes, kind, index, upper));
}

function nodeAt(page: number, bytes: Buffer, kind: 'branch' | 'leaf', index: number, upper: number): Node {
  const offset = bytes.readUInt16LE(pageHeaderBytes + 2 * index);
  const start = pageHeaderBytes + offset;
  if (offset < upper || start + nodeHeaderBytes > bytes.length)
    throw new DamagedPage(page, 'has an entry outside of it');
  const flags = kind === 'leaf' ? bytes.readUInt16LE(start + 4) : 0;
  const keyStart = start + nodeHeaderBytes;
  const at = keyStart + bytes.readUInt16LE(start + 6);
  const size = kind === 'leaf' ? bytes.readUInt32LE(start) : 0;
  const end = at + ((flags & nodeFlags.bigData) === 0 ? size : overflowRefBytes);
  if (end > bytes.length) throw new DamagedPage(page, 'has an entry that does not end in it');
  return { flags, key: bytes.subarray(keyStart, at), at, size };
}

/** The page below a branch's entry: a number of 48 bits in place of size and flags. */
export function childOf(bytes: Buffer, node: Node): number {
  const start = node.at - node.key.length - nodeHeaderBytes;
  return bytes.readUIntLE(start, 6);
}
