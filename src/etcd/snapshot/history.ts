import { encode } from '#wire';
import type { Entry } from '../bbolt/writer.ts';
import { toKeyBytes } from '../embedded/keys.ts';
import { decodeRecord, type Change } from '../embedded/record.ts';
import type { DiskReader } from '../embedded/disk.ts';
import { KeyValue } from '../rpc/kv.ts';
import { encodeRevisionKey } from './revision-key.ts';

/** A change as an entry of etcd's `key` bucket. */
export interface HistoryEntry extends Entry {
  main: number;
  sub: number;
  isTombstone: boolean;
}

/** All changes up to a revision that are still there, byte for byte as etcd keeps them. */
export function* historyOf(reader: DiskReader, revision: number): Generator<HistoryEntry> {
  for (const { revision: main, record } of reader.records(0, revision)) {
    for (const [sub, change] of decodeRecord(main, record).entries()) {
      if (change) yield entryOf(main, sub, change);
    }
  }
}

function entryOf(main: number, sub: number, change: Change): HistoryEntry {
  const isTombstone = change.version === 0;
  return { main, sub, isTombstone, key: encodeRevisionKey({ main, sub, isTombstone }), value: valueOf(main, change) };
}

/** Of a deletion etcd keeps the key alone. */
function valueOf(main: number, { key, create, version, lease, value }: Change): Uint8Array {
  const bytes = toKeyBytes(key);
  if (version === 0) return encode(KeyValue, KeyValue.of({ key: bytes }));
  return encode(KeyValue, { key: bytes, createRevision: create, modRevision: main, version, lease, value });
}
