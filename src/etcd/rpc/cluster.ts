import { bigUint64, bool, list, message, nested, string } from '#wire';
import { ResponseHeader } from './kv.ts';

// Members: the Cluster part of etcd's `api/etcdserverpb/rpc.proto`.

/** A member of the cluster. */
export class Member extends message({
  id: bigUint64(1),
  name: string(2),
  peerUrls: list(3, string),
  clientUrls: list(4, string),
  isLearner: bool(5),
}) {}

/** Asks for the members. */
export class MemberListRequest extends message({
  linearizable: bool(1),
}) {}

/** The members. */
export class MemberListResponse extends message({
  header: nested(1, ResponseHeader),
  members: list(2, Member),
}) {}

/** Adds a member. */
export class MemberAddRequest extends message({
  peerUrls: list(1, string),
  isLearner: bool(2),
}) {}

/** The new member, and all. */
export class MemberAddResponse extends message({
  header: nested(1, ResponseHeader),
  member: nested(2, Member),
  members: list(3, Member),
}) {}

/** Removes a member. */
export class MemberRemoveRequest extends message({
  id: bigUint64(1),
}) {}

/** Those that are left. */
export class MemberRemoveResponse extends message({
  header: nested(1, ResponseHeader),
  members: list(2, Member),
}) {}

/** Changes the addresses of a member. */
export class MemberUpdateRequest extends message({
  id: bigUint64(1),
  peerUrls: list(2, string),
}) {}

/** All members. */
export class MemberUpdateResponse extends message({
  header: nested(1, ResponseHeader),
  members: list(2, Member),
}) {}

/** Makes a learner a voting member. */
export class MemberPromoteRequest extends message({
  id: bigUint64(1),
}) {}

/** All members. */
export class MemberPromoteResponse extends message({
  header: nested(1, ResponseHeader),
  members: list(2, Member),
}) {}
