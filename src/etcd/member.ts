import type { ResponseHeader, Store, Watch, WatchRequest, WatchResponse } from './store.ts';

/** What can be wrong with a member: its quota is used up, or its data differs from what it should be. */
export type Alarm = 'noSpace' | 'corrupt';

/** The hash over all versions between two revisions, as etcd computes it: equal histories have equal hashes. */
export interface HashKv {
  header: ResponseHeader;
  hash: number;
  /** -1 when nothing was ever compacted. */
  compactRevision: number;
  /** Up to where was hashed. */
  hashRevision: number;
}

/** A copy of a store, as a bbolt file with etcd's buckets: what `etcdutl snapshot restore` of a real etcd takes. */
export interface Snapshot {
  header: ResponseHeader;
  sizeBytes: number;
  /** The file, piece by piece, of which a temporary copy lies on the disk until they were read or nobody wants them. */
  chunks: AsyncIterable<Uint8Array>;
}

/** A change of one entry beside the keys: of users, roles and the like. No value: it is removed. */
export interface BucketChange {
  bucket: Bucket;
  key: string;
  value?: Uint8Array;
}

/** etcd's buckets (`server/storage/schema/bucket.go`) for what is kept beside keys and leases. */
export type Bucket = 'auth' | 'authUsers' | 'authRoles' | 'alarm' | 'cluster' | 'members';

/** Small tables beside the keys, durable and part of every snapshot. */
export interface Buckets {
  get(bucket: Bucket, key: string): Uint8Array | undefined;
  /** In the order of keys. */
  entries(bucket: Bucket): [key: string, value: Uint8Array][];
  /** Writes all or nothing; resolves when it is durable. */
  write(changes: readonly BucketChange[]): Promise<void>;
}

/** A watch from which is taken without waiting: who has thousands of them waits for all at once. */
export interface MemberWatch extends Watch {
  /** Everything up to the newest durable revision was taken. */
  readonly isSynced: boolean;
  /** The next response; undefined while there is none. Throws what broke the watch. */
  take(): WatchResponse | undefined;
  /** Who is called when there may be something to take. There is one listener; iterating is one, too. */
  onNews(listener: () => void): void;
}

/** A store that is its own member: what only the one who holds the data file can do. All methods throw `EtcdError`. */
export interface Member extends Store {
  readonly buckets: Buckets;
  /** The newest durable revision. */
  readonly revision: number;
  /** Bytes the data file may grow to before writes are refused with `ErrNoSpace`. */
  readonly quotaBytes: number;
  watch(request: WatchRequest): MemberWatch;
  alarms(): Alarm[];
  /** Raises an alarm: with `noSpace`, puts and leases are refused until it is disarmed. */
  raiseAlarm(alarm: Alarm): Promise<void>;
  disarmAlarm(alarm: Alarm): Promise<void>;
  /** Hashes up to a revision; 0: the newest. */
  hashKv(revision?: number): Promise<HashKv>;
  /** Gives the space of what is gone back to the disk, while reads and writes go on. */
  defragment(): Promise<void>;
  snapshot(): Promise<Snapshot>;
}
