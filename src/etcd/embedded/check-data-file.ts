import { open } from 'node:fs/promises';
import { hasCode } from '#base';
import { EtcdError } from '../errors.ts';

/** Where LMDB (data version 2, as lmdb-js builds it) keeps what tells a data file: two meta pages at its beginning. */
const layout = { magic: 24, pageSize: 48, lastPage: 144, transaction: 152, bytes: 160 } as const;
const magic = 0xbeefc0de;
const defaultPageSize = 4096;

interface Meta {
  lastPage: number;
  transaction: bigint;
}

/**
 * Looks at a data file before LMDB does, which ends the process on a file that is none or was cut short. Throws
 * `ErrCorrupt` with what is wrong; a file that is missing or empty is a new store.
 */
export async function checkDataFile(path: string): Promise<void> {
  const head = await readHead(path);
  if (!head || head.size === 0) return;
  const { bytes, size } = head;
  const pageSize =
    bytes.length >= layout.bytes ? bytes.readUInt32LE(layout.pageSize) || defaultPageSize : defaultPageSize;
  const metas = [readMeta(bytes, 0), readMeta(bytes, pageSize)].filter((meta) => meta !== undefined);
  if (metas.length < 2) throw corrupt(path, 'is no data file of the store');
  const newest = metas.reduce((a, b) => (b.transaction > a.transaction ? b : a));
  const needed = (newest.lastPage + 1) * pageSize;
  if (size < needed) throw corrupt(path, `was cut short: it has ${size} bytes of at least ${needed}`);
}

function corrupt(path: string, what: string): EtcdError {
  return new EtcdError('ErrCorrupt', { detail: `${path} ${what}; move it away, or restore it from a copy` });
}

function readMeta(bytes: Buffer, offset: number): Meta | undefined {
  if (bytes.length < offset + layout.bytes || bytes.readUInt32LE(offset + layout.magic) !== magic) return undefined;
  return {
    lastPage: Number(bytes.readBigUInt64LE(offset + layout.lastPage)),
    transaction: bytes.readBigUInt64LE(offset + layout.transaction),
  };
}

/** The first bytes of the file, enough for both meta pages of any page size; undefined when there is no file. */
async function readHead(path: string): Promise<{ bytes: Buffer; size: number } | undefined> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const { buffer, bytesRead } = await file.read(Buffer.alloc(65536 + layout.bytes), 0, 65536 + layout.bytes, 0);
      return { bytes: buffer.subarray(0, bytesRead), size };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
