import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configMaps, deployments, namespaces, pods, serviceAccounts } from '#api';
import { isStatusError } from '#machinery';
import { deploymentOf, Story } from '../story.ts';

const spaces = (story: Story) => story.client.of(namespaces);

test('a new namespace gets its account and the CA', async () => {
  await using story = new Story({ rootCa: 'PEM' });
  await spaces(story).create({ metadata: { name: 'team' } });
  await story.seconds(1);
  assert.ok(story.transport.object(serviceAccounts, 'team/default'));
  assert.equal(story.transport.object(configMaps, 'team/kube-root-ca.crt')?.data?.['ca.crt'], 'PEM');
  await story.client.of(serviceAccounts).in('team').delete('default');
  await story.client
    .of(configMaps)
    .in('team')
    .patch('kube-root-ca.crt', { data: { 'ca.crt': 'forged' } });
  await story.seconds(1);
  assert.ok(story.transport.object(serviceAccounts, 'team/default'));
  assert.equal(story.transport.object(configMaps, 'team/kube-root-ca.crt')?.data?.['ca.crt'], 'PEM');
});

test('a deleted namespace is emptied, pods first, and then goes', async () => {
  await using story = new Story({ rootCa: 'PEM' });
  await spaces(story).create({ metadata: { name: 'default' } });
  await story.client
    .of(deployments)
    .in('default')
    .create(deploymentOf('web', { replicas: 2 }));
  await story.until('running', () => story.pods.filter(({ status }) => status.phase === 'Running').length === 2);
  story.kubelet = () => {};
  await spaces(story).delete('default');
  await story.seconds(2);
  const ending = story.transport.object(namespaces, 'default');
  assert.equal(ending?.status.phase, 'Terminating');
  const remaining = ending?.status.conditions?.find(({ type }) => type === 'NamespaceContentRemaining');
  assert.equal(remaining?.message, 'Some resources are remaining: pods. has 2 resource instances');
  assert.equal(story.transport.objects(configMaps).length, 1);
  for (const { metadata } of story.pods) story.transport.remove(pods, `default/${metadata.name}`);
  await story.seconds(2);
  assert.equal(story.transport.object(namespaces, 'default'), undefined);
  assert.equal(story.transport.objects(configMaps).length + story.transport.objects(deployments).length, 0);
  assert.equal(story.transport.objects(serviceAccounts).length + story.replicaSets.length + story.pods.length, 0);
});

test('an object with a finalizer holds its namespace, and is told', async () => {
  await using story = new Story();
  await spaces(story).create({ metadata: { name: 'team' } });
  story.transport.seed(configMaps, { metadata: { name: 'held', namespace: 'team', finalizers: ['x/hold'] } });
  await story.seconds(1);
  await spaces(story).delete('team');
  await story.seconds(2);
  const conditions = story.transport.object(namespaces, 'team')?.status.conditions;
  const message = conditions?.find(({ type }) => type === 'NamespaceFinalizersRemaining')?.message;
  assert.equal(message, 'Some content in the namespace has finalizers remaining: x/hold in 1 resource instances');
  await assert.rejects(story.client.of(configMaps).create({ metadata: { name: 'late', namespace: 'team' } }), (error) =>
    isStatusError(error, 'Forbidden'),
  );
  await story.client
    .of(configMaps)
    .in('team')
    .patch('held', { metadata: { finalizers: null } });
  await story.seconds(10);
  assert.equal(story.transport.object(namespaces, 'team'), undefined);
});

test('what cannot be deleted is told, and tried again', async () => {
  await using story = new Story();
  await spaces(story).create({ metadata: { name: 'team' } });
  await story.seconds(1);
  const release = story.transport.intercept(({ verb, resource }) => {
    if (verb === 'deletecollection' && resource.plural === 'serviceaccounts') throw new Error('no way');
  });
  await spaces(story).delete('team');
  await story.seconds(1);
  const conditions = story.transport.object(namespaces, 'team')?.status.conditions;
  const failure = conditions?.find(({ type }) => type === 'NamespaceDeletionContentFailure');
  assert.deepEqual([failure?.status, failure?.reason], ['True', 'ContentDeletionFailed']);
  release();
  await story.until('gone', () => story.transport.object(namespaces, 'team') === undefined);
});
