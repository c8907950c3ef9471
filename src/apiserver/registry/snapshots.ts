import { EtcdError, type KeyValue } from '#etcd';
import { gone } from '#machinery';
import { ObjectTree, prefixEnd, StoredObject, type Snapshot } from '../watch-cache/index.ts';
import { cacheIsNewest, cacheReaches, tooLargeRevision } from './freshness.ts';
import type { Parts } from './parts.ts';

/** Everything that was acknowledged before the call: out of the cache, or of the store where that cannot be known. */
export async function newestSnapshot(parts: Parts, within: string, signal: AbortSignal): Promise<Snapshot> {
  return (await cacheIsNewest(parts, signal)) ? parts.cache.snapshot() : fromStore(parts, within, 0);
}

/** The objects as they were at a revision, or later. Throws Timeout when nobody has written it yet. */
export async function snapshotFrom(
  parts: Parts,
  revision: number,
  within: string,
  signal: AbortSignal,
): Promise<Snapshot> {
  return (await cacheReaches(parts, revision, signal)) ? parts.cache.snapshot() : fromStore(parts, within, 0);
}

/** The objects at one revision: as kept for a list under way, else from the store, if it still has them. */
export async function snapshotAt(parts: Parts, revision: number, within: string): Promise<Snapshot> {
  return parts.snapshots.at(revision, within) ?? fromStore(parts, within, revision);
}

/** `revision` 0 is the newest. */
async function fromStore({ store, prefix, cache }: Parts, within: string, revision: number): Promise<Snapshot> {
  const range = { key: Buffer.from(prefix + within), rangeEnd: Buffer.from(prefixEnd(prefix + within)) };
  try {
    const { kvs, header } = await store.range({ ...range, revision });
    const objects = new ObjectTree();
    for (const kv of kvs) {
      const key = Buffer.from(kv.key).toString().slice(prefix.length);
      objects.set(key, storedOf(kv, cache.get(key)));
    }
    return { revision: revision || header.revision, objects, within };
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    if (error.code === 'ErrCompacted') throw gone('The resourceVersion for the provided list is too old.');
    if (error.code === 'ErrFutureRev') throw tooLargeRevision(revision, cache.revision);
    throw error;
  }
}

/** The version as the cache has it, if it has: parsed once for all. */
function storedOf({ modRevision, value }: KeyValue, cached: StoredObject | undefined): StoredObject {
  return cached?.resourceVersion === modRevision ? cached : new StoredObject(modRevision, Buffer.from(value));
}
