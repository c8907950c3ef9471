import { setImmediate as nextTurn } from 'node:timers/promises';
import { historyOf } from '../snapshot/history.ts';
import { crc32c } from './crc32c.ts';
import type { View } from './disk.ts';
import type { KeyIndex } from './key-index.ts';

/** Hashed at a time, so that the event loop is not held. */
const bytesAtOnce = 256 * 1024;

/**
 * The hash over all versions up to a revision as etcd computes it (`server/storage/mvcc/hash.go`), so that members of different make can be
 * compared. Of what compaction left, only versions that still count at that revision are in it: members may be at
 * different points of removing the others.
 */
export async function hashOf(
  view: View,
  index: KeyIndex,
  revision: number,
): Promise<{ hash: number; compactRevision: number }> {
  const compactRevision = view.meta('compactRevision') ?? -1;
  const living = livingAt(index, revision);
  const counts = ({ main, sub }: { main: number; sub: number }): boolean =>
    main > compactRevision || living.size === 0 || living.has(nameOf(main, sub));
  let hash = crc32c(Buffer.from('key'));
  let hashed = 0;
  for (const entry of historyOf(view, revision)) {
    if (!counts(entry) || (entry.isTombstone && entry.main === compactRevision)) continue;
    hash = crc32c(entry.value, crc32c(entry.key, hash));
    hashed += entry.key.length + entry.value.length;
    if (hashed < bytesAtOnce) continue;
    hashed = 0;
    await nextTurn();
  }
  return { hash, compactRevision };
}

function livingAt(index: KeyIndex, revision: number): Set<string> {
  const living = new Set<string>();
  const everything = { start: '', end: undefined, single: false };
  index.forRange(everything, revision, (_, { main, sub }) => void living.add(nameOf(main, sub)));
  return living;
}

function nameOf(main: number, sub: number): string {
  return `${main}/${sub}`;
}
