import {
  bucketFlag,
  bucketHeaderBytes,
  checksummedMetaBytes,
  elementBytes,
  flags,
  fnv1a,
  formatVersion,
  magic,
  pageHeaderBytes,
  writePageHeader,
} from './layout.ts';

/** One entry of a bucket. */
export interface Entry {
  key: Uint8Array;
  value: Uint8Array;
}

/** What takes the pages of a file, in their order; the meta pages come last, for place 0. */
export interface PageSink {
  write(bytes: Buffer, position: number): Promise<void>;
}

/** A page of a tree that the level above must point to. */
interface Child {
  firstKey: Uint8Array;
  page: number;
}

const pageSize = 4096;
const firstPage = 3; // two meta pages and the list of free ones

/**
 * Writes a bbolt file in one go: buckets are given one after the other, each with its entries in the order of keys, and
 * nothing is ever changed. Trees grow from the leaves; only one key a page is kept in memory.
 */
export class BboltWriter {
  readonly #sink: PageSink;
  readonly #buckets: { name: string; root: number }[] = [];
  #nextPage = firstPage;

  constructor(sink: PageSink) {
    this.#sink = sink;
  }

  /** Adds a bucket. Keys must rise, and buckets be added in the order of their names. */
  async bucket(name: string, entries: Iterable<Entry> | AsyncIterable<Entry>): Promise<void> {
    this.#buckets.push({ name, root: await this.#tree(entries, 0) });
  }

  /** Completes the file; returns its size in bytes. */
  async end(): Promise<number> {
    const entries = this.#buckets.map(({ name, root }) => ({ key: Buffer.from(name), value: bucketValue(root) }));
    const root = await this.#tree(entries, bucketFlag);
    const freelist = Buffer.alloc(pageSize);
    writePageHeader(freelist, { id: 2, flag: flags.freelist, count: 0, overflow: 0 });
    const metas = [0, 1].map((transaction) => metaPage({ transaction, root, pages: this.#nextPage }));
    await this.#sink.write(Buffer.concat([...metas, freelist]), 0);
    return this.#nextPage * pageSize;
  }

  async #tree(entries: Iterable<Entry> | AsyncIterable<Entry>, elementFlag: number): Promise<number> {
    const children: Child[] = [];
    let gathered: Entry[] = [];
    let size = pageHeaderBytes;
    for await (const entry of entries) {
      const entryBytes = elementBytes + entry.key.length + entry.value.length;
      if (gathered.length > 0 && size + entryBytes > pageSize) {
        children.push(await this.#leaf(gathered, elementFlag));
        gathered = [];
        size = pageHeaderBytes;
      }
      gathered.push(entry);
      size += entryBytes;
    }
    if (gathered.length > 0 || children.length === 0) children.push(await this.#leaf(gathered, elementFlag));
    return this.#branches(children);
  }

  async #branches(children: Child[]): Promise<number> {
    let level = children;
    while (level.length > 1) {
      const above: Child[] = [];
      for (const group of grouped(level)) above.push(await this.#branch(group));
      level = above;
    }
    return level[0]?.page ?? 0;
  }

  async #leaf(entries: readonly Entry[], elementFlag: number): Promise<Child> {
    const page = pageFor(entries.map(({ key, value }) => key.length + value.length));
    let at = pageHeaderBytes + entries.length * elementBytes;
    for (const [index, { key, value }] of entries.entries()) {
      const element = pageHeaderBytes + index * elementBytes;
      page.writeUInt32LE(elementFlag, element);
      page.writeUInt32LE(at - element, element + 4);
      page.writeUInt32LE(key.length, element + 8);
      page.writeUInt32LE(value.length, element + 12);
      page.set(key, at);
      page.set(value, at + key.length);
      at += key.length + value.length;
    }
    return this.#put(page, flags.leaf, entries.length, entries[0]?.key);
  }

  async #branch(children: readonly Child[]): Promise<Child> {
    const page = pageFor(children.map(({ firstKey }) => firstKey.length));
    let at = pageHeaderBytes + children.length * elementBytes;
    for (const [index, child] of children.entries()) {
      const element = pageHeaderBytes + index * elementBytes;
      page.writeUInt32LE(at - element, element);
      page.writeUInt32LE(child.firstKey.length, element + 4);
      page.writeBigUInt64LE(BigInt(child.page), element + 8);
      page.set(child.firstKey, at);
      at += child.firstKey.length;
    }
    return this.#put(page, flags.branch, children.length, children[0]?.firstKey);
  }

  async #put(page: Buffer, flag: number, count: number, firstKey: Uint8Array = new Uint8Array()): Promise<Child> {
    const id = this.#nextPage;
    const pages = page.length / pageSize;
    writePageHeader(page, { id, flag, count, overflow: pages - 1 });
    this.#nextPage += pages;
    await this.#sink.write(page, id * pageSize);
    return { firstKey, page: id };
  }
}

/** Room for a page with elements of these sizes: one page, or more where one element alone is larger. */
function pageFor(sizes: readonly number[]): Buffer {
  const bytes = sizes.reduce((sum, size) => sum + elementBytes + size, pageHeaderBytes);
  return Buffer.alloc(Math.ceil(bytes / pageSize) * pageSize);
}

function* grouped(children: readonly Child[]): Generator<Child[]> {
  let group: Child[] = [];
  let size = pageHeaderBytes;
  for (const child of children) {
    const bytes = elementBytes + child.firstKey.length;
    // bbolt wants two children in each branch.
    if (group.length >= 2 && size + bytes > pageSize) {
      yield group;
      group = [];
      size = pageHeaderBytes;
    }
    group.push(child);
    size += bytes;
  }
  yield group;
}

function bucketValue(root: number): Buffer {
  const value = Buffer.alloc(bucketHeaderBytes);
  value.writeBigUInt64LE(BigInt(root), 0);
  return value;
}

function metaPage({ transaction, root, pages }: { transaction: number; root: number; pages: number }): Buffer {
  const page = Buffer.alloc(pageSize);
  writePageHeader(page, { id: transaction, flag: flags.meta, count: 0, overflow: 0 });
  const meta = page.subarray(pageHeaderBytes);
  meta.writeUInt32LE(magic, 0);
  meta.writeUInt32LE(formatVersion, 4);
  meta.writeUInt32LE(pageSize, 8);
  meta.writeBigUInt64LE(BigInt(root), 16);
  meta.writeBigUInt64LE(2n, 32);
  meta.writeBigUInt64LE(BigInt(pages), 40);
  meta.writeBigUInt64LE(BigInt(transaction), 48);
  meta.writeBigUInt64LE(fnv1a(meta.subarray(0, checksummedMetaBytes)), 56);
  return page;
}
