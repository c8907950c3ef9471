import { decode, encode, type Infer } from '#wire';
import type { BucketChange, Buckets } from '../../member.ts';
import * as rpc from '../../rpc/index.ts';

export type User = Infer<typeof rpc.User>;
export type Role = Infer<typeof rpc.Role>;

/** What is on the disk of users and roles, as etcd lays it out (`server/storage/schema/auth.go`). */
export interface AuthRecords {
  enabled: boolean;
  revision: number;
  /** By name, in the order of names. */
  users: ReadonlyMap<string, User>;
  roles: ReadonlyMap<string, Role>;
}

const enabledKey = 'authEnabled';
const revisionKey = 'authRevision';

/** Reads users and roles. */
export function readAuth(buckets: Buckets): AuthRecords {
  const users = buckets.entries('authUsers').map(([name, bytes]) => [name, decode(rpc.User, bytes)] as const);
  const roles = buckets.entries('authRoles').map(([name, bytes]) => [name, decode(rpc.Role, bytes)] as const);
  const revision = buckets.get('auth', revisionKey);
  return {
    enabled: buckets.get('auth', enabledKey)?.[0] === 1,
    revision: revision?.length === 8 ? Number(Buffer.from(revision).readBigUInt64BE()) : 0,
    users: new Map(users),
    roles: new Map(roles),
  };
}

export function enabledChange(enabled: boolean): BucketChange {
  return { bucket: 'auth', key: enabledKey, value: Uint8Array.of(enabled ? 1 : 0) };
}

export function revisionChange(revision: number): BucketChange {
  const value = Buffer.alloc(8);
  value.writeBigUInt64BE(BigInt(revision));
  return { bucket: 'auth', key: revisionKey, value };
}

export function userChange(user: User): BucketChange {
  return { bucket: 'authUsers', key: textOf(user.name), value: encode(rpc.User, user) };
}

export function roleChange(role: Role): BucketChange {
  return { bucket: 'authRoles', key: textOf(role.name), value: encode(rpc.Role, role) };
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
