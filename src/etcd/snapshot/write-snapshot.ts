import type { FileHandle } from 'node:fs/promises';
import { BboltWriter, type Entry } from '../bbolt/writer.ts';
import type { View } from '../embedded/disk.ts';
import type { Bucket } from '../member.ts';
import { FileSink } from './file-sink.ts';
import { historyOf } from './history.ts';
import { leaseEntry } from './lease-record.ts';
import { encodeRevisionKey } from './revision-key.ts';

/** Who is said to have been the only voter; whoever restores the file puts other members in its place. */
const formerMember = 1;

/**
 * Writes a store as a bbolt file with etcd's buckets (`server/storage/schema`): every version since the compaction, leases, users and
 * roles. `etcdctl snapshot restore` makes members of a real etcd from it. Returns its size in bytes.
 */
export async function writeSnapshot(view: View, revision: number, file: FileHandle): Promise<number> {
  const sink = new FileSink(file);
  const writer = new BboltWriter(sink);
  const copy = (bucket: Bucket): Promise<void> => writer.bucket(bucket, bucketEntries(view, bucket));
  await writer.bucket('alarm', []); // they are those of this file's disk
  await copy('auth');
  await copy('authRoles');
  await copy('authUsers');
  await writer.bucket('cluster', []);
  await writer.bucket('key', historyOf(view, revision));
  await writer.bucket('lease', leases(view));
  await writer.bucket('members', []);
  await writer.bucket('members_removed', []);
  await writer.bucket('meta', metaEntries(view.meta('compactRevision') ?? 0));
  const sizeBytes = await writer.end();
  await sink.flush();
  return sizeBytes;
}

function* bucketEntries(view: View, bucket: Bucket): Generator<Entry> {
  for (const [key, value] of view.bucketEntries(bucket)) yield { key: Buffer.from(key), value };
}

/** In the order of their numbers; our own table is in that of their digits. */
function leases(view: View): Entry[] {
  return [...view.leases()].map(leaseEntry).sort((a, b) => Buffer.compare(a.key, b.key));
}

function metaEntries(compactRevision: number): Entry[] {
  const compacted = encodeRevisionKey({ main: compactRevision, sub: 0, isTombstone: false });
  const entry = (key: string, value: Uint8Array): Entry => ({ key: Buffer.from(key), value });
  return [
    entry('confState', Buffer.from(JSON.stringify({ voters: [formerMember], auto_leave: false }))),
    entry('consistent_index', bigEndian(1n)),
    ...(compactRevision > 0 ? [entry('finishedCompactRev', compacted), entry('scheduledCompactRev', compacted)] : []),
    entry('term', bigEndian(1n)),
  ];
}

function bigEndian(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}
