import { statfsSync } from 'node:fs';
import { EtcdError } from '../errors.ts';

/**
 * Refuses a write with `ErrNoSpace` while there is still room for it: when a write of LMDB comes back short, lmdb-js tells
 * of it in a text that overruns its buffer (`mdb_page_flush`), and the process may end.
 */
export function checkSpace(directory: string, neededBytes: number): void {
  const { bavail, bsize } = statfsSync(directory);
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes) return;
  throw new EtcdError('ErrNoSpace', { detail: `${freeBytes} bytes are free in ${directory}` });
}
