import { EtcdError } from '../errors.ts';

/** That a data file cannot be used: which one, why, and what can be done. */
export function damaged(path: string, what: string, cause?: unknown): EtcdError {
  return new EtcdError('ErrCorrupt', { detail: `${path} ${what}; move it away, or restore it from a copy`, cause });
}
