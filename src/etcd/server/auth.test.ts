import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from '#wire';
import * as rpc from '../rpc/index.ts';
import {
  authService,
  clusterService,
  kvService,
  leaseService,
  maintenanceService,
  type AuthService,
} from '../rpc/services.ts';
import { RangePermissions } from './auth/range-permissions.ts';
import { b, failsWith, ServedMember } from './testing/served-member.ts';

const denied = failsWith('PermissionDenied', 'etcdserver: permission denied');
const noUser = failsWith('InvalidArgument', 'etcdserver: user name is empty');
const badToken = failsWith('Unauthenticated', 'etcdserver: invalid auth token');

const put = (key: string, more: Parameters<typeof rpc.PutRequest.of>[0] = {}) =>
  rpc.PutRequest.of({ key: b(key), value: b('x'), ...more });
const range = (key: string, rangeEnd = '') => rpc.RangeRequest.of({ key: b(key), rangeEnd: b(rangeEnd) });

async function addUser(auth: AuthService, name: string, ...roles: string[]): Promise<void> {
  await auth.userAdd(rpc.AuthUserAddRequest.of({ name, password: `${name}-word` }));
  for (const role of roles) await auth.userGrantRole({ user: name, role });
}

/** Root, and ann, who may read `r/`, write `w/` and both with `m`. Returns their tokens. */
async function guard(served: ServedMember): Promise<{ root: string; ann: string }> {
  const auth = served.client(authService);
  await auth.roleAdd({ name: 'some' });
  const grant = (permType: 'READ' | 'WRITE' | 'READWRITE', key: string, rangeEnd = '') =>
    auth.roleGrantPermission({ name: 'some', perm: { permType, key: b(key), rangeEnd: b(rangeEnd) } });
  await grant('READ', 'r/', 'r0');
  await grant('WRITE', 'w/', 'w0');
  await grant('READWRITE', 'm');
  await addUser(auth, 'root', 'root');
  await addUser(auth, 'ann', 'some');
  await auth.authEnable({});
  const token = async (name: string): Promise<string> =>
    (await auth.authenticate({ name, password: `${name}-word` })).token;
  return { root: await token('root'), ann: await token('ann') };
}

test('permissions cover ranges: those of several roles together, and no more', () => {
  const role = (...permissions: [type: 'READ' | 'WRITE' | 'READWRITE', key: string, rangeEnd?: string][]) => ({
    name: b('role'),
    keyPermission: permissions.map(([permType, key, end = '']) => ({ permType, key: b(key), rangeEnd: b(end) })),
  });
  const roles = new Map([
    ['one', role(['READ', 'a', 'c'], ['READWRITE', 'k'])],
    ['two', role(['READ', 'c', 'e'], ['READ', 'd', 'd5'], ['WRITE', 'x', '\0'])],
  ]);
  const user = { name: b('u'), password: b(''), roles: ['one', 'two', 'gone'], options: { noPassword: false } };
  const permissions = new RangePermissions(user, roles);
  const may = (type: 'READ' | 'WRITE', key: string, end = ''): boolean => permissions.allow(type, b(key), b(end));
  assert.ok(may('READ', 'a'));
  assert.ok(may('READ', 'b', 'd9'), 'over the border of two roles');
  assert.ok(may('READ', 'a', 'e'));
  assert.ok(!may('READ', 'a', 'e\0'));
  assert.ok(!may('READ', 'a', '\0'));
  assert.ok(!may('READ', 'e'));
  assert.ok(!may('WRITE', 'a'));
  assert.ok(may('READ', 'k') && may('WRITE', 'k'));
  assert.ok(!may('READ', 'k', 'l'));
  assert.ok(may('READ', 'k', 'k\0'));
  assert.ok(may('WRITE', 'x', '\0') && may('WRITE', 'zzz') && may('WRITE', 'y', 'z'));
  assert.ok(!may('READ', 'x'));
});

test('keys, leases and transactions are for those who may', async () => {
  await using served = await ServedMember.start();
  const { root, ann } = await guard(served);
  const [nobody, kv, all] = [undefined, ann, root].map((token) => served.client(kvService, token));
  const leases = served.client(leaseService, ann);
  assert.ok(nobody && kv && all);
  await assert.rejects(nobody.range(range('r/a')), noUser);
  await assert.rejects(served.client(kvService, 'made.up').range(range('r/a')), badToken);
  await kv.range(range('r/', 'r0'));
  await assert.rejects(kv.range(range('q', 'r1')), denied);
  await assert.rejects(kv.range(range('w/a')), denied);
  await kv.put(put('w/a'));
  await assert.rejects(kv.put(put('w/a', { prevKv: true })), denied);
  await kv.put(put('m', { prevKv: true }));
  await assert.rejects(kv.deleteRange(rpc.DeleteRangeRequest.of({ key: b('w'), rangeEnd: b('\0') })), denied);
  await kv.deleteRange(rpc.DeleteRangeRequest.of({ key: b('w/'), rangeEnd: b('w0') }));
  const inside = { compare: [], success: [{ requestPut: put('r/a') }], failure: [] };
  await assert.rejects(kv.txn(inside), denied);
  await assert.rejects(kv.txn({ compare: [], success: [{ requestTxn: inside }], failure: [] }), denied);
  await assert.rejects(kv.txn({ compare: [rpc.Compare.of({ key: b('w/a') })], success: [], failure: [] }), denied);
  const { id } = await all
    .put(put('secret'))
    .then(() => served.client(leaseService, root).leaseGrant({ id: 0n, ttl: 60 }));
  await all.put(put('secret', { lease: id }));
  await assert.rejects(leases.leaseRevoke({ id }), denied);
  await assert.rejects(leases.leaseTimeToLive({ id, keys: true }), denied);
  assert.deepEqual((await leases.leaseTimeToLive({ id, keys: false })).keys, []);
  await assert.rejects(kv.put(put('w/a', { lease: id })), denied);
});

test('watches, members and users are for those who may', async () => {
  await using served = await ServedMember.start();
  const { root, ann } = await guard(served);
  const watch = served.watch(ann);
  watch.create({ key: b('w/a') });
  const refused = await watch.next();
  assert.deepEqual([refused.created, refused.canceled, refused.watchId], [true, true, -1]);
  // As Go prints it: its clients compare the whole text.
  assert.equal(refused.cancelReason, 'rpc error: code = PermissionDenied desc = etcdserver: permission denied');
  watch.create({ key: b('r/a') });
  assert.equal((await watch.next()).canceled, false);
  await watch.close();
  const maintenance = served.client(maintenanceService, ann);
  await assert.rejects(maintenance.status({}), denied);
  await assert.rejects(maintenance.defragment({}), denied);
  await assert.rejects(served.client(clusterService, ann).memberAdd({ peerUrls: [], isLearner: false }), denied);
  const auth = served.client(authService, ann);
  await assert.rejects(auth.userList({}), denied);
  await assert.rejects(auth.authDisable({}), denied);
  await assert.rejects(auth.userGet({ name: 'root' }), denied);
  assert.deepEqual((await auth.userGet({ name: 'ann' })).roles, ['some']);
  assert.equal((await auth.roleGet({ role: 'some' })).perm.length, 3);
  assert.equal((await served.client(authService, root).authStatus({})).enabled, true);
});

test('tokens end: unused, with another password, with the user', async () => {
  await using served = await ServedMember.start({ authTokenTtlSeconds: 300 });
  const { root, ann } = await guard(served);
  const kv = served.client(kvService, ann);
  await served.clock.advance(299_000);
  await kv.range(range('m')); // its time starts anew
  await served.clock.advance(299_000);
  await kv.range(range('m'));
  await served.clock.advance(301_000);
  await assert.rejects(kv.range(range('m')), badToken);
  await assert.rejects(served.client(authService, root).userList({}), badToken);
  const auth = served.client(authService);
  const { token } = await auth.authenticate({ name: 'root', password: 'root-word' });
  const again = await auth.authenticate({ name: 'ann', password: 'ann-word' });
  await served
    .client(authService, token)
    .userChangePassword(rpc.AuthUserChangePasswordRequest.of({ name: 'ann', password: 'new' }));
  await assert.rejects(served.client(kvService, again.token).range(range('m')), badToken);
  const failed = failsWith('InvalidArgument', 'etcdserver: authentication failed, invalid user ID or password');
  await assert.rejects(auth.authenticate({ name: 'ann', password: 'ann-word' }), failed);
  await assert.rejects(auth.authenticate({ name: 'nobody', password: 'x' }), failed);
});

test('what cannot be done to users and roles', async () => {
  await using served = await ServedMember.start();
  const auth = served.client(authService);
  const refusedAs = (words: string) => failsWith('FailedPrecondition', `etcdserver: ${words}`);
  await assert.rejects(auth.authenticate({ name: 'root', password: '' }), refusedAs('authentication is not enabled'));
  await assert.rejects(auth.authEnable({}), refusedAs('root user does not exist'));
  await addUser(auth, 'root');
  await assert.rejects(auth.authEnable({}), refusedAs('root user does not have root role'));
  await assert.rejects(addUser(auth, 'root'), refusedAs('user name already exists'));
  await assert.rejects(addUser(auth, ''), failsWith('InvalidArgument', 'etcdserver: user name is empty'));
  await assert.rejects(auth.userGrantRole({ user: 'root', role: 'none' }), refusedAs('role name not found'));
  await assert.rejects(
    auth.userRevokeRole({ name: 'root', role: 'none' }),
    refusedAs('role is not granted to the user'),
  );
  await assert.rejects(auth.roleAdd({ name: '' }), failsWith('InvalidArgument', 'etcdserver: role name is empty'));
  await auth.roleAdd({ name: 'r' });
  await assert.rejects(auth.roleAdd({ name: 'r' }), refusedAs('role name already exists'));
  const management = failsWith('InvalidArgument', 'etcdserver: invalid auth management');
  const backwards = { permType: 'READ', key: b('b'), rangeEnd: b('a') } as const;
  await assert.rejects(auth.roleGrantPermission({ name: 'r', perm: backwards }), management);
  await assert.rejects(
    auth.roleGrantPermission({ name: 'r' }),
    failsWith('InvalidArgument', 'etcdserver: permission not given'),
  );
  await assert.rejects(
    auth.roleRevokePermission({ role: 'r', key: b('a'), rangeEnd: b('') }),
    refusedAs('permission is not granted to the role'),
  );
  const long = rpc.AuthUserAddRequest.of({ name: 'long', password: 'x'.repeat(73) });
  await assert.rejects(auth.userAdd(long), failsWith('Unknown', 'bcrypt: password length exceeds 72 bytes'));
});

test('users and roles lie in the buckets of etcd, so that snapshots take them along', async () => {
  await using served = await ServedMember.start();
  await guard(served);
  const { buckets } = served.member;
  const user = decode(rpc.User, buckets.get('authUsers', 'ann') ?? b(''));
  assert.deepEqual([user.roles, user.options], [['some'], { noPassword: false }]);
  assert.match(Buffer.from(user.password).toString(), /^\$2[ab]\$04\$.{53}$/);
  const role = decode(rpc.Role, buckets.get('authRoles', 'some') ?? b(''));
  assert.deepEqual(
    role.keyPermission.map(({ permType, key }) => `${permType} ${Buffer.from(key).toString()}`),
    ['READWRITE m', 'READ r/', 'WRITE w/'],
  );
  assert.deepEqual(buckets.get('auth', 'authEnabled'), Uint8Array.of(1));
  // One for being there, and one for each change but turning it on.
  assert.deepEqual(buckets.get('auth', 'authRevision'), Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 9));
});
