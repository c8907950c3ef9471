import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pods, replicationControllers, type ReplicationController } from '#api';
import type { New } from '#client';
import { controllerOf } from '#machinery';
import { Story } from '../story.ts';

const labels = { app: 'web' };
const containers = [{ name: 'main', image: 'app:1' }];
const controller = (replicas: number): New<ReplicationController> => ({
  metadata: { name: 'web', namespace: 'default' },
  spec: { replicas, selector: labels, template: { metadata: { labels }, spec: { containers } } },
});
const calls = (story: Story) => story.client.of(replicationControllers).in('default');

test('a replication controller keeps as many pods as it asks for', async () => {
  await using story = new Story();
  await calls(story).create(controller(3));
  await story.seconds(3);
  assert.equal(story.pods.length, 3);
  for (const pod of story.pods) {
    const { apiVersion, kind, name } = controllerOf(pod) ?? {};
    assert.deepEqual([apiVersion, kind, name], ['v1', 'ReplicationController', 'web']);
  }
  const { status } = await calls(story).get('web');
  assert.deepEqual([status.replicas, status.readyReplicas, status.fullyLabeledReplicas], [3, 3, 3]);

  await calls(story).patch('web', { spec: { replicas: 1 } });
  await story.seconds(3);
  assert.equal(story.pods.length, 1);
  const toldOf = (reason: string): number => story.told.filter((event) => event.startsWith(reason)).length;
  assert.deepEqual(
    [toldOf('SuccessfulCreate: Created pod: web-'), toldOf('SuccessfulDelete: Deleted pod: web-')],
    [3, 2],
  );
});

test('its status says nothing of pods that are ending: the type has no place for it', async () => {
  await using story = new Story();
  await calls(story).create(controller(2));
  await story.seconds(3);
  const [first] = story.pods;
  await story.client
    .of(pods)
    .in('default')
    .delete(first?.metadata.name ?? '');
  await story.clock.advance(100);
  const { status } = await calls(story).get('web');
  assert.equal(status.replicas, 2);
  assert.ok(!('terminatingReplicas' in status));
});

test('it adopts pods that match and lets go of those that no longer do', async () => {
  await using story = new Story();
  story.transport.seed(pods, {
    metadata: { name: 'stray', namespace: 'default', labels },
    spec: { containers },
    status: { phase: 'Pending' },
  });
  await calls(story).create(controller(1));
  await story.seconds(3);
  assert.equal(story.pods.length, 1);
  const stray = () => story.transport.object(pods, 'default/stray')?.metadata.ownerReferences;
  assert.equal(stray()?.[0]?.kind, 'ReplicationController');

  await story.client
    .of(pods)
    .in('default')
    .patch('stray', { metadata: { labels: { app: 'other' } } });
  await story.seconds(3);
  assert.equal(story.pods.length, 2);
  assert.equal(stray(), undefined);
});
