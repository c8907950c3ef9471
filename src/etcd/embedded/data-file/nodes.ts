import { DamagedPage } from './damaged-page.ts';
import { nodeFlags, nodeHeaderBytes, overflowRefBytes, pageFlags, pageHeaderBytes } from './layout.ts';

/** One entry of a page, in the bytes of that page. */
export interface Node {
  bytes: Buffer;
  flags: number;
  /** Where the key begins. */
  keyAt: number;
  /** Where the data begins, as the key ends. */
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
  const nodes: Node[] = [];
  for (let index = 0; index < lower / 2; index++) nodes.push(nodeAt(page, bytes, kind, index, upper));
  return nodes;
}

function nodeAt(page: number, bytes: Buffer, kind: 'branch' | 'leaf', index: number, upper: number): Node {
  const offset = bytes.readUInt16LE(pageHeaderBytes + 2 * index);
  const start = pageHeaderBytes + offset;
  if (offset < upper || start + nodeHeaderBytes > bytes.length)
    throw new DamagedPage(page, 'has an entry outside of it');
  const flags = kind === 'leaf' ? bytes.readUInt16LE(start + 4) : 0;
  const keyAt = start + nodeHeaderBytes;
  const at = keyAt + bytes.readUInt16LE(start + 6);
  const size = kind === 'leaf' ? bytes.readUInt32LE(start) : 0;
  const end = at + ((flags & nodeFlags.bigData) === 0 ? size : overflowRefBytes);
  if (end > bytes.length) throw new DamagedPage(page, 'has an entry that does not end in it');
  return { bytes, flags, keyAt, at, size };
}

/** The page below a branch's entry: a number of 48 bits in place of size and flags. */
export function childOf({ bytes, keyAt }: Node): number {
  return bytes.readUIntLE(keyAt - nodeHeaderBytes, 6);
}

/** An entry with nothing but its key, which stays when the page goes. */
export function keyOf({ bytes, keyAt, at }: Node): Node {
  return { bytes: Buffer.from(bytes.subarray(keyAt, at)), flags: 0, keyAt: 0, at: at - keyAt, size: 0 };
}

/** Which key comes first, by their bytes. */
export function compareKeys(a: Node, b: Node): number {
  const [aLength, bLength] = [a.at - a.keyAt, b.at - b.keyAt];
  for (let n = 0; n < aLength && n < bLength; n++) {
    const difference = (a.bytes[a.keyAt + n] ?? 0) - (b.bytes[b.keyAt + n] ?? 0);
    if (difference !== 0) return difference;
  }
  return aLength - bLength;
}
