import { decode } from '#wire';
import { crc32c } from '../embedded/crc32c.ts';
import { KeyValue } from '../rpc/kv.ts';
import { readSnapshot } from './open-snapshot.ts';
import { decodeRevisionKey } from './revision-key.ts';

/** What is in a snapshot, as `etcdutl snapshot status` tells it. */
export interface SnapshotStatus {
  /** CRC-32C over the buckets' names and entries. */
  hash: number;
  revision: number;
  /** Living keys. */
  totalKeys: number;
  sizeBytes: number;
}

/** Reads a whole snapshot. Throws `SnapshotError` when it is damaged, also where only its structure is. */
export function snapshotStatus(path: string): Promise<SnapshotStatus> {
  return readSnapshot(path, { skipHashCheck: true }, async (reader, sizeBytes) => {
    const keys = new Set<string>();
    let hash = 0;
    let revision = 0;
    for await (const { name, entries } of reader.buckets()) {
      hash = crc32c(Buffer.from(name), hash);
      for await (const { key, value } of entries) {
        hash = crc32c(value, crc32c(key, hash));
        const change = name === 'key' ? decodeRevisionKey(key) : undefined;
        if (!change) continue;
        revision = change.main;
        const living = Buffer.from(decode(KeyValue, value).key).toString('latin1');
        if (change.isTombstone) keys.delete(living);
        else keys.add(living);
      }
    }
    return { hash, revision, totalKeys: keys.size, sizeBytes };
  });
}
