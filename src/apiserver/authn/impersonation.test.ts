import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Attributes, Authorizer } from '../authz/attributes.ts';
import { requestInfoOf } from '../http/request-info.ts';
import type { UserInfo } from '../registry/rest.ts';
import { impersonate } from './impersonation.ts';

const boss: UserInfo = { name: 'boss', groups: ['system:authenticated'] };
const info = requestInfoOf('GET', '/api/v1/namespaces/n/pods', () => new URLSearchParams());

/** Allows what the pattern matches of `verb group/resource[/subresource] namespace/name`, and notes all that it is asked. */
function allowing(pattern: RegExp): Authorizer & { asked: string[] } {
  const asked: string[] = [];
  const authorize = (attributes: Attributes): { allowed: boolean; reason: string } => {
    const { verb, group, resource, subresource, namespace, name } = attributes;
    const what = [group, resource, ...(subresource === '' ? [] : [subresource])].join('/');
    asked.push(`${verb} ${what} ${namespace}/${name}`);
    return { allowed: pattern.test(asked.at(-1) ?? ''), reason: '' };
  };
  return { asked, authorize };
}

const as = (headers: Record<string, string>, authorizer: Authorizer, user = boss): UserInfo =>
  impersonate(user, headers, info, authorizer);

suite('impersonation', () => {
  test('without the headers nobody changes', () => {
    assert.equal(as({}, allowing(/never/)), boss);
  });

  test('the request, and user, uid, groups and extra are each asked for', () => {
    const all = allowing(/./);
    const headers = {
      'impersonate-user': 'jane',
      'impersonate-uid': 'u',
      'impersonate-group': 'dev, ops',
      'impersonate-extra-team.example%2fname': 'a',
    };
    assert.deepEqual(as(headers, all), {
      name: 'jane',
      uid: 'u',
      groups: ['dev', 'ops', 'system:authenticated'],
      extra: { 'team.example/name': ['a'] },
    });
    assert.deepEqual(all.asked, [
      'impersonate-on:user-info:list /pods n/',
      'impersonate:user-info authentication.k8s.io/users /jane',
      'impersonate:user-info authentication.k8s.io/uids /u',
      'impersonate:user-info authentication.k8s.io/groups /dev',
      'impersonate:user-info authentication.k8s.io/groups /ops',
      'impersonate:user-info authentication.k8s.io/userextras/team.example/name /a',
    ]);
  });

  test('the old right goes for every request, and for what the new ones never do', () => {
    const old = allowing(/^impersonate /);
    const headers = {
      'impersonate-user': 'jane',
      'impersonate-group': 'system:masters',
      'impersonate-extra-team': 'a',
    };
    assert.deepEqual(as(headers, old), {
      name: 'jane',
      groups: ['system:masters', 'system:authenticated'],
      extra: { team: ['a'] },
    });
    assert.deepEqual(old.asked.slice(-3), [
      'impersonate /users /jane',
      'impersonate /groups /system:masters',
      'impersonate authentication.k8s.io/userextras/team /a',
    ]);
    assert.throws(
      () => as(headers, allowing(/user-info/)),
      /groups.* "system:masters" is forbidden: .*: impersonating the system:masters group is not allowed/,
    );
  });

  test('a service account and a node bring their groups', () => {
    const account = as({ 'impersonate-user': 'system:serviceaccount:y:robot' }, allowing(/serviceaccount/));
    assert.deepEqual(account.groups, ['system:serviceaccounts', 'system:serviceaccounts:y', 'system:authenticated']);
    const node = as({ 'impersonate-user': 'system:node:m' }, allowing(/arbitrary-node/));
    assert.deepEqual(node.groups, ['system:nodes', 'system:authenticated']);
  });

  test('a pod may have the right to be its own node, and no other', () => {
    const agent = {
      name: 'system:serviceaccount:kube-system:agent',
      groups: [],
      extra: { 'authentication.kubernetes.io/node-name': ['m'] },
    };
    const own = allowing(/associated-node/);
    assert.equal(as({ 'impersonate-user': 'system:node:m' }, own, agent).name, 'system:node:m');
    assert.deepEqual(own.asked, [
      'impersonate-on:associated-node:list /pods n/',
      'impersonate:associated-node authentication.k8s.io/nodes /*',
    ]);
    assert.throws(() => as({ 'impersonate-user': 'system:node:other' }, own, agent), /impersonate-on:arbitrary-node/);
  });

  test('who may not is told why the first way does not lead there', () => {
    assert.throws(
      () => as({ 'impersonate-user': 'jane' }, allowing(/never/)),
      /^StatusError: pods is forbidden: User "boss" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "n"$/,
    );
  });

  test('groups alone make nobody', () => {
    assert.throws(
      () => as({ 'impersonate-group': 'dev' }, allowing(/./)),
      /requested &user.DefaultInfo{Name:"", UID:"", Groups:\[\]string{"dev"}, Extra:map\[string\]\[\]string\(nil\)} without impersonating a user name/,
    );
  });
});
