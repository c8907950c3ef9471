import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '#base';
import { decode } from '#wire';
import type { BboltReader } from '../bbolt/reader.ts';
import type { Entry } from '../bbolt/writer.ts';
import { dataFile, logDirectory } from '../embedded/disk.ts';
import { Environment, type Batch } from '../embedded/environment.ts';
import { toKeyString } from '../embedded/keys.ts';
import { encodeRecord, type Change } from '../embedded/record.ts';
import type { Bucket } from '../member.ts';
import { KeyValue } from '../rpc/kv.ts';
import { LeaseRecord } from './lease-record.ts';
import { readSnapshot, SnapshotError } from './open-snapshot.ts';
import { decodeRevisionKey } from './revision-key.ts';

export interface RestoreOptions {
  /** The file: of Kedge's store or of a real etcd. */
  snapshot: string;
  /** Where the store is made; it must hold none. */
  directory: string;
  /** For a copy of a data file, which carries no checksum. */
  skipHashCheck?: boolean;
  /**
   * Added to the newest revision, so that clients that have seen later ones than the snapshot's do not take old news for
   * new; everything before is then compacted, so that their watches end (`etcdutl snapshot restore --bump-revision --mark-compacted`).
   */
  bumpRevision?: number;
}

/** Makes a store of a snapshot; returns its revision. Throws `SnapshotError`, and then leaves nothing behind. */
export async function restoreSnapshot(options: RestoreOptions): Promise<{ revision: number }> {
  const { snapshot, directory, skipHashCheck = false, bumpRevision = 0 } = options;
  const target = dataFile(directory);
  for (const path of [target, logDirectory(directory)]) {
    if (!(await exists(path))) continue;
    throw new SnapshotError(`${path} exists: a snapshot is only restored where there is no store; move it away first`);
  }
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, 'restored.mdb');
  try {
    const revision = await readSnapshot(snapshot, { skipHashCheck }, (reader) => fill(path, reader, bumpRevision));
    await rename(path, target);
    return { revision };
  } finally {
    for (const name of [path, `${path}-lock`]) await rm(name, { force: true });
  }
}

async function fill(path: string, reader: BboltReader, bumpRevision: number): Promise<number> {
  const environment = new Environment(path);
  try {
    const found = { revision: 1, compactRevision: 0 };
    for await (const { name, entries } of reader.buckets()) await restoreBucket(environment, name, entries, found);
    const revision = Math.max(found.revision, found.compactRevision) + bumpRevision;
    const compactRevision = bumpRevision > 0 ? revision : found.compactRevision;
    await environment.commit({ records: [], revision, ...(compactRevision > 0 && { compactRevision }) });
    return revision;
  } finally {
    await environment.close();
  }
}

interface Found {
  revision: number;
  compactRevision: number;
}

const sameBuckets: ReadonlySet<string> = new Set<Bucket>(['auth', 'authUsers', 'authRoles']);

async function restoreBucket(
  environment: Environment,
  name: string,
  entries: AsyncIterable<Entry>,
  found: Found,
): Promise<void> {
  if (name === 'key') return restoreKeys(environment, entries, found);
  for await (const { key, value } of entries) {
    if (name === 'lease') await environment.commit({ records: [], leases: [leaseOf(value)] });
    if (name === 'meta' && Buffer.from(key).toString() === 'finishedCompactRev') {
      found.compactRevision = decodeRevisionKey(value)?.main ?? 0;
    }
    if (sameBuckets.has(name)) {
      const change = { bucket: name as Bucket, key: Buffer.from(key).toString(), value }; // one of those named above
      await environment.commit({ records: [], buckets: [change] });
    }
  }
}

const recordsAtOnce = 1000;

async function restoreKeys(environment: Environment, entries: AsyncIterable<Entry>, found: Found): Promise<void> {
  let records: Batch['records'][number][] = [];
  let changes: (Change | undefined)[] = [];
  const endRevision = (): void => {
    if (changes.length === 0) return;
    records.push({ revision: found.revision, record: encodeRecord(found.revision, changes) });
    changes = [];
  };
  for await (const { key, value } of entries) {
    const at = decodeRevisionKey(key);
    if (!at) throw new SnapshotError('the snapshot has a key that is no revision');
    if (at.main !== found.revision) endRevision();
    found.revision = at.main;
    const change = changeOf(value, at.isTombstone);
    // Sub-revisions that compaction dropped stay blank, so that the others keep their number.
    if (change) changes.push(...Array.from({ length: at.sub - changes.length }, () => undefined), change);
    if (records.length < recordsAtOnce) continue;
    await environment.commit({ records });
    records = [];
  }
  endRevision();
  await environment.commit({ records });
}

/** Undefined for the mark without a key that `--bump-revision` leaves. */
function changeOf(value: Uint8Array, isTombstone: boolean): Change | undefined {
  const kv = decode(KeyValue, value);
  if (kv.key.length === 0) return undefined;
  const key = toKeyString(kv.key);
  if (isTombstone) return { key, create: 0, version: 0, lease: 0n, value: new Uint8Array() };
  return { key, create: kv.createRevision, version: kv.version, lease: kv.lease, value: kv.value };
}

function leaseOf(value: Uint8Array): { id: bigint; ttlSeconds: number } {
  const { id, ttl } = decode(LeaseRecord, value);
  return { id, ttlSeconds: ttl };
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}
