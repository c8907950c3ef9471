import { DamagedPage } from './damaged-page.ts';
import { metaPages, nodeFlags, pageHeaderBytes, readTree, treeBytes, type Meta, type Tree } from './layout.ts';
import { childOf, compareKeys, keyOf, nodesOf, type Node } from './nodes.ts';
import type { PageReader } from './page-reader.ts';

/**
 * Walks every page that a state of the file leads to, as LMDB will: it trusts them all, and reads and writes anywhere when
 * one is damaged. Throws `DamagedPage` when a page is not of its kind, an entry leaves its page, keys are out of order, a
 * page is used twice, or used and free, or a tree is not as large as it says. Values are not looked at: each record of the
 * store has a checksum of its own.
 */
export function checkPages(pages: PageReader, meta: Meta): void {
  new Walk(pages, meta).run();
}

type Order = (a: Node, b: Node) => number;

/** Keys of the list of free pages are the numbers of transactions. */
const byNumber: Order = (a, b) => (isNumber(a) && isNumber(b) ? Number(numberOf(a) - numberOf(b)) : 0);
const isNumber = ({ keyAt, at }: Node): boolean => at - keyAt === 8;
const numberOf = ({ bytes, keyAt }: Node): bigint => bytes.readBigUInt64LE(keyAt);

/** An entry of a leaf, in the bytes of its page, which are good until the next page is read. */
interface Entry {
  page: number;
  node: Node;
}

class Walk {
  readonly #pages: PageReader;
  readonly #meta: Meta;
  /** Which pages of the file have been met. */
  readonly #met: Uint8Array;

  constructor(pages: PageReader, meta: Meta) {
    this.#pages = pages;
    this.#meta = meta;
    this.#met = new Uint8Array(pages.count).fill(1, 0, metaPages);
  }

  run(): void {
    const { free, main } = this.#meta;
    for (const table of Array.from(this.#entries(main, compareKeys), tableOf)) this.#walk(table);
    for (const list of Array.from(this.#entries(free, byNumber), (entry) => this.#listOf(entry))) this.#meetFree(list);
  }

  #walk(table: Tree): void {
    for (const { page, node } of this.#entries(table, compareKeys))
      if ((node.flags & ~nodeFlags.bigData) !== 0) throw new DamagedPage(page, 'has an entry of an unknown kind');
  }

  /** All entries of a tree, in order; in the end its size is compared with what it should be. */
  *#entries(tree: Tree, order: Order): Generator<Entry> {
    if (tree.root === -1 && tree.depth === 0) return;
    const found = { branchPages: 0, leafPages: 0, overflowPages: 0, entries: 0 };
    let last: Node | undefined;
    for (const { page, nodes, isLeaf } of this.#visit(tree.root, tree.depth)) {
      found[isLeaf ? 'leafPages' : 'branchPages']++;
      if (!isLeaf) continue;
      for (const node of nodes) {
        if (last && order(last, node) >= 0) throw new DamagedPage(page, 'has keys out of order');
        found.entries++;
        if ((node.flags & nodeFlags.bigData) !== 0) found.overflowPages += this.#meetOverflow(page, node);
        last = node;
        yield { page, node };
      }
      last &&= keyOf(last);
    }
    for (const count of ['branchPages', 'leafPages', 'overflowPages', 'entries'] as const)
      if (found[count] !== tree[count])
        throw new DamagedPage(tree.root, `leads to ${found[count]} ${count} and not to ${tree[count]}`);
  }

  /** A page and all below it, from left to right. */
  *#visit(page: number, depth: number): Generator<{ page: number; nodes: Node[]; isLeaf: boolean }> {
    this.#meetUsed(page, 1, page);
    const isLeaf = depth === 1;
    const nodes = nodesOf(page, this.#pages.page(page), isLeaf ? 'leaf' : 'branch', this.#meta.transaction);
    const children = isLeaf ? [] : nodes.map(childOf);
    yield { page, nodes, isLeaf };
    for (const child of children) yield* this.#visit(child, depth - 1);
  }

  /** Large data has pages of its own; returns how many. */
  #meetOverflow(page: number, node: Node): number {
    const { first, count } = readOverflow(node);
    if (count !== Math.floor((pageHeaderBytes - 1 + node.size) / this.#meta.pageSize) + 1)
      throw new DamagedPage(page, 'has an entry of another size than its data');
    this.#meetUsed(first, count, page);
    return count;
  }

  /** The last pages of a state that are free need not be in the file. */
  #meetUsed(first: number, count: number, from: number): void {
    this.#meet(first, count, from);
    if (first + count > this.#pages.count) throw new DamagedPage(first, 'is missing, the file was cut short');
  }

  #meet(first: number, count: number, from: number): void {
    if (!(first >= metaPages && first + count - 1 <= this.#meta.lastPage))
      throw new DamagedPage(from, `leads to page ${first}, which is none of the file`);
    for (let page = first; page < Math.min(first + count, this.#pages.count); page++) {
      if (this.#met[page] !== 0) throw new DamagedPage(page, 'is used twice');
      this.#met[page] = 1;
    }
  }

  /** A list of free pages: how many numbers follow, and these. */
  #listOf({ page, node }: Entry): BigInt64Array {
    if (!isNumber(node)) throw new DamagedPage(page, 'has a list of free pages of no transaction');
    const isBig = (node.flags & nodeFlags.bigData) !== 0;
    const offset = isBig ? readOverflow(node).first * this.#meta.pageSize + pageHeaderBytes : 0;
    const data = isBig
      ? this.#pages.bytes(offset, node.size)
      : Buffer.from(node.bytes.subarray(node.at, node.at + node.size));
    const numbers = new BigInt64Array(new Uint8Array(data).buffer, 0, Math.floor(node.size / 8));
    const count = Number(numbers[0] ?? -1n);
    if (!(count >= 0 && count < numbers.length))
      throw new DamagedPage(page, 'has a list of free pages that ends early');
    return numbers.subarray(1, count + 1);
  }

  /** A number below 0 is the length of a block whose first page follows; 0 is no page. */
  #meetFree(list: BigInt64Array): void {
    let count = 1;
    for (const number of list) {
      if (number > 0n) this.#meet(Number(number), count, Number(number));
      count = number < 0n ? -Number(number) : 1;
    }
  }
}

function readOverflow({ bytes, at }: Node): { first: number; count: number } {
  return { first: readUInt64(bytes, at), count: readUInt64(bytes, at + 16) };
}

/** Rounded where a f64 does not hold it: no file has so many pages. */
function readUInt64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at);
}

function tableOf({ page, node }: Entry): Tree {
  if (node.flags !== nodeFlags.subTree || node.size !== treeBytes)
    throw new DamagedPage(page, 'has an entry that is no table');
  const table = readTree(node.bytes, node.at);
  if (table.flags !== 0) throw new DamagedPage(page, 'has a table of an unknown kind');
  return table;
}
