import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configMaps, deployments, pods, secrets } from '#api';
import { deploymentOf, Story } from '../story.ts';

const calls = (story: Story) => story.client.of(deployments).in('default');
const running = (story: Story, count: number) => (): boolean =>
  story.pods.filter(({ status }) => status.phase === 'Running').length === count;
const left = (story: Story): string => {
  const count = story.transport.objects(deployments).length;
  return `${count} ${story.replicaSets.length} ${story.pods.length}`;
};

async function withWeb(): Promise<Story> {
  const story = new Story();
  await calls(story).create(deploymentOf('web', { replicas: 2 }));
  await story.until('running', running(story, 2));
  return story;
}

test('in the background: the owner goes at once, the owned follow', async () => {
  await using story = await withWeb();
  await calls(story).delete('web', { propagationPolicy: 'Background' });
  assert.equal(story.transport.objects(deployments).length, 0);
  await story.until('all gone', () => left(story) === '0 0 0');
});

test('in the foreground: the owner goes last', async () => {
  await using story = await withWeb();
  await calls(story).delete('web', { propagationPolicy: 'Foreground' });
  const seen = [left(story)];
  story.kubelet = () => {};
  await story.seconds(3);
  seen.push(left(story));
  assert.deepEqual(seen, ['1 1 2', '1 1 2']);
  assert.ok(story.pods.every(({ metadata }) => metadata.deletionTimestamp));
  for (const { metadata } of story.pods) story.transport.remove(pods, `default/${metadata.name}`);
  await story.until('all gone', () => left(story) === '0 0 0');
});

test('orphaning: the owned stay, without an owner', async () => {
  await using story = await withWeb();
  await calls(story).delete('web', { propagationPolicy: 'Orphan' });
  await story.seconds(3);
  assert.equal(left(story), '0 1 2');
  assert.ok(!story.replicaSets[0]?.metadata.ownerReferences?.length);
  await calls(story).create(deploymentOf('web', { replicas: 2 }));
  await story.seconds(3);
  assert.equal(left(story), '1 1 2');
  assert.equal(story.replicaSets[0]?.metadata.ownerReferences?.length, 1);
});

test('what refers to an owner that never was is deleted, after a look at the server', async () => {
  await using story = new Story();
  await story.seconds(1);
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'ghost', uid: 'no-such-uid' };
  story.transport.seed(secrets, { metadata: { name: 'lost', namespace: 'default', ownerReferences: [owner] } });
  await story.seconds(2);
  assert.equal(story.transport.objects(secrets).length, 0);
});

test('an owner of the same name but another uid is another owner', async () => {
  await using story = new Story();
  story.transport.seed(configMaps, { metadata: { name: 'config', namespace: 'default' } });
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'config', uid: 'an-earlier-uid' };
  story.transport.seed(secrets, { metadata: { name: 'lost', namespace: 'default', ownerReferences: [owner] } });
  await story.seconds(2);
  assert.equal(story.transport.objects(secrets).length, 0);
});

test('with two owners an object stays until both have gone', async () => {
  await using story = new Story();
  const owners = story.transport.seed(
    configMaps,
    { metadata: { name: 'a', namespace: 'default' } },
    { metadata: { name: 'b', namespace: 'default' } },
  );
  const ownerReferences = owners.map(({ metadata }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: metadata.name,
    uid: metadata.uid,
  }));
  story.transport.seed(secrets, { metadata: { name: 'shared', namespace: 'default', ownerReferences } });
  await story.seconds(1);
  const configs = story.client.of(configMaps).in('default');
  await configs.delete('a');
  await story.seconds(2);
  assert.deepEqual(
    story.transport.objects(secrets)[0]?.metadata.ownerReferences?.map(({ name }) => name),
    ['b'],
  );
  await configs.delete('b');
  await story.seconds(2);
  assert.equal(story.transport.objects(secrets).length, 0);
});

test('a dependent that does not block does not hold a foreground deletion up', async () => {
  await using story = new Story();
  const [owner] = story.transport.seed(configMaps, { metadata: { name: 'a', namespace: 'default' } });
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: owner?.metadata.uid };
  story.transport.seed(secrets, {
    metadata: { name: 'held', namespace: 'default', finalizers: ['x/hold'], ownerReferences: [reference] },
  });
  await story.seconds(1);
  await story.client.of(configMaps).in('default').delete('a', { propagationPolicy: 'Foreground' });
  await story.seconds(2);
  assert.equal(story.transport.objects(configMaps).length, 0);
});
