import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterRoles } from '#api';
import { CidrPool } from './cidr-pool.ts';
import { podTemplateHash } from './deployment/pod-template-hash.ts';
import { isSame, isSameStatus } from './objects.ts';
import { Story } from './story.ts';

test('an aggregated role has the rules of the roles that it selects', async () => {
  await using story = new Story();
  const rule = (resource: string) => ({ apiGroups: [''], resources: [resource], verbs: ['get'] });
  const labels = { 'rbac.example.com/aggregate-to-view': 'true' };
  story.transport.seed(
    clusterRoles,
    { metadata: { name: 'view' }, aggregationRule: { clusterRoleSelectors: [{ matchLabels: labels }] } },
    { metadata: { name: 'b', labels }, rules: [rule('pods'), rule('secrets')] },
    { metadata: { name: 'a', labels }, rules: [rule('pods')] },
    { metadata: { name: 'c' }, rules: [rule('nodes')] },
  );
  await story.seconds(1);
  assert.deepEqual(story.transport.object(clusterRoles, 'view')?.rules, [rule('pods'), rule('secrets')]);
});

test('a pool hands out each range once', () => {
  const pool = new CidrPool('10.0.0.0/22', 24);
  pool.occupy('10.0.1.0/24', 'old');
  assert.equal(pool.allocate('a'), '10.0.0.0/24');
  assert.equal(pool.allocate('a'), '10.0.0.0/24');
  assert.equal(pool.allocate('b'), '10.0.2.0/24');
  assert.equal(pool.allocate('c'), '10.0.3.0/24');
  assert.equal(pool.allocate('d'), undefined);
  pool.release('old');
  assert.equal(pool.allocate('d'), '10.0.1.0/24');
  const six = new CidrPool('fd00:10:244::/56', 64);
  assert.equal(six.allocate('a'), 'fd00:10:244::/64');
  assert.equal(six.allocate('b'), 'fd00:10:244:1::/64');
  assert.throws(() => new CidrPool('10.0.0.0/25', 24), RangeError);
});

test('the template hash does not depend on the order of fields', () => {
  const spec = { containers: [{ name: 'a', image: 'b' }] };
  const one = podTemplateHash({ metadata: { labels: { a: '1', b: '2' } }, spec }, undefined);
  const two = podTemplateHash({ spec, metadata: { labels: { b: '2', a: '1' } } }, undefined);
  assert.equal(one, two);
  assert.notEqual(one, podTemplateHash({ metadata: {}, spec }, 1));
});

test('objects are the same when they say the same', () => {
  assert.ok(isSame({ a: 1, b: undefined }, { a: 1 }));
  assert.ok(isSame({ a: [{ b: 1, c: 2 }] }, { a: [{ c: 2, b: 1 }] }));
  assert.ok(!isSame({ a: 0 }, {}));
  assert.ok(!isSame({}, { a: 0 }));
  assert.ok(!isSame([1], { 0: 1 }));
  assert.ok(isSameStatus({ a: 0, b: [], c: { d: '' } }, undefined));
  assert.ok(isSameStatus({ a: 1 }, { a: 1, b: false }));
  assert.ok(!isSameStatus({ a: 1 }, { a: 1, b: true }));
});
