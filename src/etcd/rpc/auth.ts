import { bool, bytes, enumeration, list, message, nested, oneOf, string, uint64 } from '#wire';
import { ResponseHeader } from './kv.ts';

// Users and roles: etcd's `api/authpb/auth.proto` and the Auth part of `api/etcdserverpb/rpc.proto`.

/** What a permission lets its holder do. */
export const PermissionType = enumeration({ READ: 0, WRITE: 1, READWRITE: 2 });

/** A permission on a key, or on a range of keys. */
export class Permission extends message({
  permType: oneOf(1, PermissionType),
  key: bytes(2),
  rangeEnd: bytes(3),
}) {}

/** How a user is added. */
export class UserAddOptions extends message({
  noPassword: bool(1),
}) {}

/** A user as etcd keeps it; the password is a bcrypt hash. */
export class User extends message({
  name: bytes(1),
  password: bytes(2),
  roles: list(3, string),
  options: nested(4, UserAddOptions),
}) {}

/** A role as etcd keeps it. */
export class Role extends message({
  name: bytes(1),
  keyPermission: list(2, Permission),
}) {}

/** Turns authentication on. */
export class AuthEnableRequest extends message({}) {}

/** Authentication is on. */
export class AuthEnableResponse extends message({
  header: nested(1, ResponseHeader),
}) {}

/** Turns authentication off. */
export class AuthDisableRequest extends message({}) {}

/** Authentication is off. */
export class AuthDisableResponse extends message({
  header: nested(1, ResponseHeader),
}) {}

/** Asks whether authentication is on. */
export class AuthStatusRequest extends message({}) {}

/** Whether it is on, and how often users and roles have changed. */
export class AuthStatusResponse extends message({
  header: nested(1, ResponseHeader),
  enabled: bool(2),
  authRevision: uint64(3),
}) {}

/** Asks for a token. */
export class AuthenticateRequest extends message({
  name: string(1),
  password: string(2),
}) {}

/** The token. */
export class AuthenticateResponse extends message({
  header: nested(1, ResponseHeader),
  token: string(2),
}) {}

/** Adds a user. */
export class AuthUserAddRequest extends message({
  name: string(1),
  password: string(2),
  options: nested(3, UserAddOptions),
  hashedPassword: string(4),
}) {}

/** The user is there. */
export class AuthUserAddResponse extends message({
  header: nested(1, ResponseHeader),
}) {}

/** Asks for the roles of a user. */
export class AuthUserGetRequest extends message({
  name: string(1),
}) {}

/** The roles of a user. */
export class AuthUserGetResponse extends message({
  header: nested(1, ResponseHeader),
  roles: list(2, string),
}) {}

/** Asks for all users. */
export class AuthUserListRequest extends message({}) {}

/** The names of all users. */
export class AuthUserListResponse extends message({
  header: nested(1, ResponseHeader),
  users: list(2, string),
}) {}

/** Deletes a user. */
export class AuthUserDeleteRequest extends message({
  name: string(1),
}) {}

/** The user is gone. */
export class AuthUserDeleteResponse extends message({
  header: nested(1, ResponseHeader),
}) {}

/** Gives a user another password. */
export class AuthUserChangePasswordRequest extends message({
  name: string(1),
  password: string(2),
  hashedPassword: string(3),
}) {}

/** The password is changed. */
export class AuthUserChangePasswordResponse extends message({
  header: nested(1, ResponseHeader),
}) {}

/** Gives a user a role. */
export class AuthUserGrantRoleRequest extends message({
  user: string(1),
  role: string(2),
}) {}

/** The user has the role. */
export class AuthUserGrantRoleResponse extends message({
  header: nested(1, ResponseHeader),
}) {}

/** Takes a role from a user. */
export class AuthUserRevokeRoleRequest extends message({
  name: string(1),
  role: string(2),
}) {}

/** The user no longer has the role. */
export class AuthUserRevokeRoleResponse extends message({
  header: nested(1, ResponseHeader),
}) {}

/** Adds a role. */
export class AuthRoleAddRequest extends message({
  name: string(1),
}) {}

/** The role is there. */
export class AuthRoleAddResponse extends message({
  header: nested(1, ResponseHeader),
}) {}

/** Asks for the permissions of a role. */
export class AuthRoleGetRequest extends message({
  role: string(1),
}) {}

/** The permissions of a role. */
export class AuthRoleGetResponse extends message({
  header: nested(1, ResponseHeader),
  perm: list(2, Permission),
}) {}

/** Asks for all roles. */
export class AuthRoleListRequest extends message({}) {}

/** The names of all roles. */
export class AuthRoleListResponse extends message({
  header: nested(1, ResponseHeader),
  roles: list(2, string),
}) {}

/** Deletes a role. */
export class AuthRoleDeleteRequest extends message({
  role: string(1),
}) {}

/** The role is gone. */
export class AuthRoleDeleteResponse extends message({
  header: nested(1, ResponseHeader),
}) {}

/** Gives a role a permission. */
export class AuthRoleGrantPermissionRequest extends message({
  name: string(1),
  perm: nested(2, Permission),
}) {}

/** The role has the permission. */
export class AuthRoleGrantPermissionResponse extends message({
  header: nested(1, ResponseHeader),
}) {}

/** Takes a permission from a role. */
export class AuthRoleRevokePermissionRequest extends message({
  role: string(1),
  key: bytes(2),
  rangeEnd: bytes(3),
}) {}

/** The role no longer has the permission. */
export class AuthRoleRevokePermissionResponse extends message({
  header: nested(1, ResponseHeader),
}) {}
