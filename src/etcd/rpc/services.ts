import { bidi, serverStream, service, unary, type ServiceOf } from '#wire';
import * as m from './index.ts';

/** Keys and values. */
export const kvService = service('etcdserverpb.KV', {
  range: unary('Range', m.RangeRequest, m.RangeResponse),
  put: unary('Put', m.PutRequest, m.PutResponse),
  deleteRange: unary('DeleteRange', m.DeleteRangeRequest, m.DeleteRangeResponse),
  txn: unary('Txn', m.TxnRequest, m.TxnResponse),
  compact: unary('Compact', m.CompactionRequest, m.CompactionResponse),
});
export type KvService = ServiceOf<typeof kvService>;

/** Many watches on one stream. */
export const watchService = service('etcdserverpb.Watch', {
  watch: bidi('Watch', m.WatchRequest, m.WatchResponse),
});
export type WatchService = ServiceOf<typeof watchService>;

/** Leases. */
export const leaseService = service('etcdserverpb.Lease', {
  leaseGrant: unary('LeaseGrant', m.LeaseGrantRequest, m.LeaseGrantResponse),
  leaseRevoke: unary('LeaseRevoke', m.LeaseRevokeRequest, m.LeaseRevokeResponse),
  leaseKeepAlive: bidi('LeaseKeepAlive', m.LeaseKeepAliveRequest, m.LeaseKeepAliveResponse),
  leaseTimeToLive: unary('LeaseTimeToLive', m.LeaseTimeToLiveRequest, m.LeaseTimeToLiveResponse),
  leaseLeases: unary('LeaseLeases', m.LeaseLeasesRequest, m.LeaseLeasesResponse),
});
export type LeaseService = ServiceOf<typeof leaseService>;

/** The members of the cluster. */
export const clusterService = service('etcdserverpb.Cluster', {
  memberAdd: unary('MemberAdd', m.MemberAddRequest, m.MemberAddResponse),
  memberRemove: unary('MemberRemove', m.MemberRemoveRequest, m.MemberRemoveResponse),
  memberUpdate: unary('MemberUpdate', m.MemberUpdateRequest, m.MemberUpdateResponse),
  memberList: unary('MemberList', m.MemberListRequest, m.MemberListResponse),
  memberPromote: unary('MemberPromote', m.MemberPromoteRequest, m.MemberPromoteResponse),
});
export type ClusterService = ServiceOf<typeof clusterService>;

/** What looks after one member. */
export const maintenanceService = service('etcdserverpb.Maintenance', {
  alarm: unary('Alarm', m.AlarmRequest, m.AlarmResponse),
  status: unary('Status', m.StatusRequest, m.StatusResponse),
  defragment: unary('Defragment', m.DefragmentRequest, m.DefragmentResponse),
  hash: unary('Hash', m.HashRequest, m.HashResponse),
  hashKv: unary('HashKV', m.HashKVRequest, m.HashKVResponse),
  snapshot: serverStream('Snapshot', m.SnapshotRequest, m.SnapshotResponse),
  moveLeader: unary('MoveLeader', m.MoveLeaderRequest, m.MoveLeaderResponse),
  downgrade: unary('Downgrade', m.DowngradeRequest, m.DowngradeResponse),
});
export type MaintenanceService = ServiceOf<typeof maintenanceService>;

/** Users and roles. */
export const authService = service('etcdserverpb.Auth', {
  authEnable: unary('AuthEnable', m.AuthEnableRequest, m.AuthEnableResponse),
  authDisable: unary('AuthDisable', m.AuthDisableRequest, m.AuthDisableResponse),
  authStatus: unary('AuthStatus', m.AuthStatusRequest, m.AuthStatusResponse),
  authenticate: unary('Authenticate', m.AuthenticateRequest, m.AuthenticateResponse),
  userAdd: unary('UserAdd', m.AuthUserAddRequest, m.AuthUserAddResponse),
  userGet: unary('UserGet', m.AuthUserGetRequest, m.AuthUserGetResponse),
  userList: unary('UserList', m.AuthUserListRequest, m.AuthUserListResponse),
  userDelete: unary('UserDelete', m.AuthUserDeleteRequest, m.AuthUserDeleteResponse),
  userChangePassword: unary('UserChangePassword', m.AuthUserChangePasswordRequest, m.AuthUserChangePasswordResponse),
  userGrantRole: unary('UserGrantRole', m.AuthUserGrantRoleRequest, m.AuthUserGrantRoleResponse),
  userRevokeRole: unary('UserRevokeRole', m.AuthUserRevokeRoleRequest, m.AuthUserRevokeRoleResponse),
  roleAdd: unary('RoleAdd', m.AuthRoleAddRequest, m.AuthRoleAddResponse),
  roleGet: unary('RoleGet', m.AuthRoleGetRequest, m.AuthRoleGetResponse),
  roleList: unary('RoleList', m.AuthRoleListRequest, m.AuthRoleListResponse),
  roleDelete: unary('RoleDelete', m.AuthRoleDeleteRequest, m.AuthRoleDeleteResponse),
  roleGrantPermission: unary(
    'RoleGrantPermission',
    m.AuthRoleGrantPermissionRequest,
    m.AuthRoleGrantPermissionResponse,
  ),
  roleRevokePermission: unary(
    'RoleRevokePermission',
    m.AuthRoleRevokePermissionRequest,
    m.AuthRoleRevokePermissionResponse,
  ),
});
export type AuthService = ServiceOf<typeof authService>;
