import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attributes } from '../authz/attributes.ts';
import { impersonate } from './impersonation.ts';

const boss = { name: 'boss', groups: ['system:authenticated'] };
const asked: string[] = [];
const yes = {
  authorize: ({ verb, resource, subresource, namespace, name }: Attributes) => {
    asked.push([verb, subresource === '' ? resource : `${resource}/${subresource}`, namespace, name].join(' '));
    return { allowed: true, reason: '' };
  },
};
const no = { authorize: () => ({ allowed: false, reason: '' }) };

test('without the headers nobody changes', () => {
  assert.equal(impersonate(boss, {}, no), boss);
});

test('user, groups and extra are each asked for', () => {
  asked.length = 0;
  const headers = { 'impersonate-user': 'jane', 'impersonate-group': 'dev, ops', 'impersonate-extra-team%2fname': 'a' };
  assert.deepEqual(impersonate(boss, headers, yes), {
    name: 'jane',
    groups: ['dev', 'ops', 'system:authenticated'],
    extra: { 'team/name': ['a'] },
  });
  assert.deepEqual(asked, [
    'impersonate users  jane',
    'impersonate groups  dev',
    'impersonate groups  ops',
    'impersonate userextras/team/name  a',
  ]);
});

test('a service account brings its groups', () => {
  const { groups } = impersonate(boss, { 'impersonate-user': 'system:serviceaccount:y:robot' }, yes);
  assert.deepEqual(groups, ['system:serviceaccounts', 'system:serviceaccounts:y', 'system:authenticated']);
});

test('who may not is told so, and groups alone make nobody', () => {
  assert.throws(
    () => impersonate(boss, { 'impersonate-user': 'jane' }, no),
    /users "jane" is forbidden: User "boss" cannot impersonate resource "users" in API group "" at the cluster scope/,
  );
  assert.throws(() => impersonate(boss, { 'impersonate-group': 'dev' }, yes), /without impersonating a user/);
});
