import { open, type FileHandle } from 'node:fs/promises';
import { hasCode } from '#base';
import { damaged } from '../damaged.ts';
import { checkPages } from './check-pages.ts';
import { DamagedPage } from './damaged-page.ts';
import { metaBytes, readMeta, type Meta } from './layout.ts';
import { PageReader } from './page-reader.ts';

/**
 * Looks at a data file before LMDB does, which ends the process, or worse, on a file that is none, was cut short or has a
 * damaged page. Throws `ErrCorrupt` with what is wrong; a file that is missing or empty is a new store.
 */
export async function checkDataFile(path: string): Promise<void> {
  const file = await openIfExists(path);
  if (!file) return;
  try {
    const { size } = await file.stat();
    if (size > 0) await check(path, file, size);
  } finally {
    await file.close();
  }
}

async function check(path: string, file: FileHandle, size: number): Promise<void> {
  const meta = await newestMeta(file);
  if (!meta) throw damaged(path, 'is no data file of the store, or its first pages are damaged');
  try {
    checkPages(new PageReader(file, meta.pageSize, size), meta);
  } catch (error) {
    if (error instanceof DamagedPage) throw damaged(path, `is damaged: ${error.message}`);
    throw error;
  }
}

const defaultPageSize = 4096;
const maxPageSize = 65536;

/**
 * The newest state of the file; undefined unless both meta pages are sound, as LMDB wants it. Transaction N writes meta
 * page N % 2, so the other one is of the transaction before; both are of none in a new file.
 */
async function newestMeta(file: FileHandle): Promise<Meta | undefined> {
  const { buffer } = await file.read(Buffer.alloc(maxPageSize + metaBytes), 0, maxPageSize + metaBytes, 0);
  const first = readMeta(buffer, 0);
  const second = readMeta(buffer, first?.pageSize || defaultPageSize);
  if (!first || !second || first.pageSize !== second.pageSize) return undefined;
  const [newest, other] = second.transaction > first.transaction ? [second, first] : [first, second];
  const isNew = newest.transaction === 0n && other.transaction === 0n;
  const isPair = newest.transaction === other.transaction + 1n && first.transaction % 2n === 0n;
  return isNew || isPair ? newest : undefined;
}

async function openIfExists(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
