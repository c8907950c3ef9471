import { statfsSync } from 'node:fs';
import { EtcdError } from '../errors.ts';

/** Bytes that a write in a directory can take. */
export function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}

/**
 * Refuses a write with `ErrNoSpace` while there is still room for it: when a write of LMDB comes back short, lmdb-js tells
 * of it in a text that overruns its buffer (`mdb_page_flush`), and the process may end.
 */
export function checkSpace(directory: string, neededBytes: number): void {
  const bytes = freeBytes(directory);
  if (bytes < neededBytes) throw new EtcdError('ErrNoSpace', { detail: `${bytes} bytes are free in ${directory}` });
}
