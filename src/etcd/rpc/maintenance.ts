import {
  bigUint64,
  bool,
  bytes,
  enumeration,
  int64,
  list,
  message,
  nested,
  oneOf,
  string,
  uint32,
  uint64,
} from '#wire';
import { ResponseHeader } from './kv.ts';

// Maintenance: the part of etcd's `api/etcdserverpb/rpc.proto` that looks after one member.

/** What can be wrong with a member. */
export const AlarmType = enumeration({ NONE: 0, NOSPACE: 1, CORRUPT: 2 });

/** What to do about alarms. */
export const AlarmAction = enumeration({ GET: 0, ACTIVATE: 1, DEACTIVATE: 2 });

/** Asks for alarms, raises one or takes one back. */
export class AlarmRequest extends message({
  action: oneOf(1, AlarmAction),
  memberId: bigUint64(2),
  alarm: oneOf(3, AlarmType),
}) {}

/** An alarm of a member. */
export class AlarmMember extends message({
  memberId: bigUint64(1),
  alarm: oneOf(2, AlarmType),
}) {}

/** The alarms that the request was about. */
export class AlarmResponse extends message({
  header: nested(1, ResponseHeader),
  alarms: list(2, AlarmMember),
}) {}

/** Asks how a member is. */
export class StatusRequest extends message({}) {}

/** A downgrade under way. */
export class DowngradeInfo extends message({
  enabled: bool(1),
  targetVersion: string(2),
}) {}

/** How a member is; sizes in bytes. */
export class StatusResponse extends message({
  header: nested(1, ResponseHeader),
  version: string(2),
  dbSize: int64(3),
  leader: bigUint64(4),
  raftIndex: uint64(5),
  raftTerm: uint64(6),
  raftAppliedIndex: uint64(7),
  errors: list(8, string),
  dbSizeInUse: int64(9),
  isLearner: bool(10),
  storageVersion: string(11),
  dbSizeQuota: int64(12),
  downgradeInfo: nested(13, DowngradeInfo),
}) {}

/** Gives the space of what is gone back to the disk. */
export class DefragmentRequest extends message({}) {}

/** Done. */
export class DefragmentResponse extends message({
  header: nested(1, ResponseHeader),
}) {}

/** Asks for a hash over the whole data file. */
export class HashRequest extends message({}) {}

/** The hash of a data file. */
export class HashResponse extends message({
  header: nested(1, ResponseHeader),
  hash: uint32(2),
}) {}

/** Asks for a hash over all versions up to a revision; 0: the newest. */
export class HashKVRequest extends message({
  revision: int64(1),
}) {}

/** The hash of the versions between two revisions. */
export class HashKVResponse extends message({
  header: nested(1, ResponseHeader),
  hash: uint32(2),
  compactRevision: int64(3),
  hashRevision: int64(4),
}) {}

/** Asks for a copy of the data file. */
export class SnapshotRequest extends message({}) {}

/** A piece of the data file; its SHA-256 comes last. */
export class SnapshotResponse extends message({
  header: nested(1, ResponseHeader),
  remainingBytes: uint64(2),
  blob: bytes(3),
  version: string(4),
}) {}

/** Gives the lead to another member. */
export class MoveLeaderRequest extends message({
  targetId: bigUint64(1),
}) {}

/** Done. */
export class MoveLeaderResponse extends message({
  header: nested(1, ResponseHeader),
}) {}

/** What to do about a downgrade. */
export const DowngradeAction = enumeration({ VALIDATE: 0, ENABLE: 1, CANCEL: 2 });

/** Prepares a downgrade of the cluster. */
export class DowngradeRequest extends message({
  action: oneOf(1, DowngradeAction),
  version: string(2),
}) {}

/** The version of the cluster. */
export class DowngradeResponse extends message({
  header: nested(1, ResponseHeader),
  version: string(2),
}) {}
