import type { FileHandle } from 'node:fs/promises';
import {
  bucketFlag,
  bucketHeaderBytes,
  checksummedMetaBytes,
  elementBytes,
  flags,
  fnv1a,
  formatVersion,
  magic,
  metaBytes,
  pageHeaderBytes,
} from './layout.ts';
import type { Entry } from './writer.ts';

interface Meta {
  pageSize: number;
  root: number;
  pages: number;
  transaction: bigint;
}

/** That a file is no bbolt file, or a damaged one; the message completes "FILE ...". */
export class BboltError extends Error {
  override readonly name = 'BboltError';
}

const defaultPageSize = 4096;
/** Pages of a tree that is whole are not nested deeper; a file that says so goes in circles. */
const maxDepth = 64;

/** Reads a bbolt file, bucket by bucket. Methods throw `BboltError` where the file is damaged. */
export class BboltReader {
  readonly #file: FileHandle;
  readonly #meta: Meta;

  private constructor(file: FileHandle, meta: Meta) {
    this.#file = file;
    this.#meta = meta;
  }

  static async open(file: FileHandle): Promise<BboltReader> {
    const first = await readMeta(file, 0);
    const second = await readMeta(file, first?.pageSize ?? defaultPageSize);
    const newest = first && second ? (second.transaction > first.transaction ? second : first) : (first ?? second);
    if (!newest) throw new BboltError('is no bbolt file, or its first pages are damaged');
    return new BboltReader(file, newest);
  }

  /** The names of the buckets, and for each its entries in the order of keys. */
  async *buckets(): AsyncGenerator<{ name: string; entries: AsyncIterable<Entry> }> {
    for await (const { key, value, isBucket } of this.#walk(this.#meta.root, 0)) {
      if (isBucket) yield { name: Buffer.from(key).toString(), entries: this.#entriesOf(value) };
    }
  }

  #entriesOf(value: Buffer): AsyncIterable<Entry> {
    if (value.length < bucketHeaderBytes) throw new BboltError('has a bucket without a root');
    const root = Number(value.readBigUInt64LE(0));
    return root === 0 ? this.#elements(value.subarray(bucketHeaderBytes), 0, 0) : this.#walk(root, 0);
  }

  async *#walk(id: number, depth: number): AsyncGenerator<Element> {
    yield* this.#elements(await this.#page(id), id, depth);
  }

  async *#elements(page: Buffer, id: number, depth: number): AsyncGenerator<Element> {
    if (depth > maxDepth) throw new BboltError('has pages that point in circles');
    const flag = page.readUInt16LE(8);
    const count = page.readUInt16LE(10);
    if (pageHeaderBytes + count * elementBytes > page.length) throw cut(id);
    if (flag === flags.leaf) {
      for (let index = 0; index < count; index++) yield leafElement(page, id, index);
    } else if (flag === flags.branch) {
      for (let index = 0; index < count; index++) yield* this.#walk(childOf(page, index), depth + 1);
    } else throw new BboltError(`has a page ${id} that is neither leaf nor branch`);
  }

  /** A page with all that belongs to it. */
  async #page(id: number): Promise<Buffer> {
    const { pageSize, pages } = this.#meta;
    if (id < 2 || id >= pages) throw new BboltError(`points to a page ${id}, which it does not have`);
    const first = await this.#read(id, pageSize);
    if (first.readBigUInt64LE(0) !== BigInt(id)) throw new BboltError(`has another page in the place of page ${id}`);
    const overflow = first.readUInt32LE(12);
    if (id + overflow >= pages) throw cut(id);
    return overflow === 0 ? first : this.#read(id, (1 + overflow) * pageSize);
  }

  async #read(id: number, bytes: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(bytes), 0, bytes, id * this.#meta.pageSize);
    if (bytesRead < bytes) throw new BboltError(`ends within page ${id}: it was cut short`);
    return buffer;
  }
}

type Element = Entry & { value: Buffer; isBucket: boolean };

function leafElement(page: Buffer, id: number, index: number): Element {
  const element = pageHeaderBytes + index * elementBytes;
  const start = element + page.readUInt32LE(element + 4);
  const keyEnd = start + page.readUInt32LE(element + 8);
  const end = keyEnd + page.readUInt32LE(element + 12);
  if (end > page.length) throw cut(id);
  const isBucket = (page.readUInt32LE(element) & bucketFlag) !== 0;
  return { key: page.subarray(start, keyEnd), value: page.subarray(keyEnd, end), isBucket };
}

function childOf(page: Buffer, index: number): number {
  return Number(page.readBigUInt64LE(pageHeaderBytes + index * elementBytes + 8));
}

function cut(id: number): BboltError {
  return new BboltError(`has a page ${id} whose content reaches past its end`);
}

async function readMeta(file: FileHandle, position: number): Promise<Meta | undefined> {
  const bytes = pageHeaderBytes + metaBytes;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, position);
  if (bytesRead < bytes) return undefined;
  const meta = buffer.subarray(pageHeaderBytes);
  if (meta.readUInt32LE(0) !== magic || meta.readUInt32LE(4) !== formatVersion) return undefined;
  if (meta.readBigUInt64LE(56) !== fnv1a(meta.subarray(0, checksummedMetaBytes))) return undefined;
  return {
    pageSize: meta.readUInt32LE(8),
    root: Number(meta.readBigUInt64LE(16)),
    pages: Number(meta.readBigUInt64LE(40)),
    transaction: meta.readBigUInt64LE(48),
  };
}
