/**
 * The store: the semantics of etcd v3.
 *
 * A transaction comes in: its conditions are judged against the newest state in memory, its changes become the next
 * revision, and the caller hears of it once that revision is on the disk. While one batch of revisions is being written,
 * the next gathers, so that one flush serves all who wait. Then the watchers are told, in the order of revisions, and
 * only of what is durable. Readers see the newest durable revision, or any older one that compaction has not taken.
 *
 * On the disk is first the log (`embedded/log/`): a batch is appended, flushed once, and durable. LMDB gets what is in the
 * log in the background, many batches in one commit, and until then it is read from memory. After a crash the log is read
 * over the data file; a store that was closed is the data file alone.
 *
 * `Store` is the interface; `openEmbeddedStore` is the engine that runs in the server's own process, over LMDB;
 * `openRemoteStore` is the one that asks a cluster of etcd over gRPC: one member after another, and never twice for
 * what may have been done.
 *
 * `server/` speaks etcd's own protocol for a member: a call comes in over gRPC, is checked in etcd's order (itself, who
 * calls, what the caller may), becomes one request to the member, and its answer gets the header of a cluster of one. Users
 * and roles lie beside the keys, in etcd's layout, and go along in snapshots. `AutoCompactor` forgets the past by itself.
 */
export type * from './store.ts';
export type * from './member.ts';
export { EtcdError, type EtcdErrorCode } from './errors.ts';
export { openEmbeddedStore, type EmbeddedStoreOptions } from './embedded/embedded-store.ts';
export { restoreSnapshot, type RestoreOptions } from './snapshot/restore-snapshot.ts';
export { snapshotStatus, type SnapshotStatus } from './snapshot/status.ts';
export { SnapshotError } from './snapshot/open-snapshot.ts';
export { openRemoteStore, type RemoteStore, type RemoteStoreOptions } from './remote/remote-store.ts';
export { openEtcdServer } from './server/open-etcd-server.ts';
export type { EtcdServer, EtcdServerOptions } from './server/serve-etcd.ts';
export { AutoCompactor, type CompactionPolicy } from './server/auto-compactor.ts';
export { saveSnapshotFrom, saveSnapshotOf } from './snapshot/save-snapshot.ts';
export { SnapshotSchedule, type SnapshotScheduleOptions } from './snapshot/schedule.ts';
export type { EtcdTls } from './remote/endpoint.ts';
export { compareHashes, type HashComparison, type MemberHash } from './compare-hashes.ts';
export { memberStates, type MemberState } from './remote/member-states.ts';
