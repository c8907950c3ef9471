import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployments, pods, replicaSets, type Deployment, type ReplicaSet } from '#api';
import { deploymentOf, Story } from '../story.ts';
import { isComplete } from './conditions.ts';

const calls = (story: Story) => story.client.of(deployments).in('default');
const setImage = (story: Story, name: string, image: string) =>
  calls(story).patch(name, { spec: { template: { spec: { containers: [{ name: 'main', image }] } } } });
const isDone = (story: Story, name: string) => (): boolean => {
  const deployment = story.deployment(name);
  return isComplete(deployment, deployment.status);
};
const condition = (deployment: Deployment, type: string) =>
  deployment.status.conditions?.find((one) => one.type === type);
const images = (story: Story): string[] => story.pods.map(({ spec }) => spec.containers[0]?.image ?? '').toSorted();

test('a deployment makes a replica set, which makes pods', async () => {
  await using story = new Story();
  await calls(story).create(deploymentOf('web', { replicas: 3 }));
  await story.until('complete', isDone(story, 'web'));
  const [{ metadata: set }] = story.replicaSets as [ReplicaSet];
  assert.match(set.name ?? '', /^web-[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
  assert.deepEqual(set.annotations, {
    'deployment.kubernetes.io/revision': '1',
    'deployment.kubernetes.io/desired-replicas': '3',
    'deployment.kubernetes.io/max-replicas': '4',
  });
  assert.equal(story.pods.length, 3);
  for (const { metadata } of story.pods) {
    assert.equal(metadata.labels?.['pod-template-hash'], set.labels?.['pod-template-hash']);
    assert.equal(metadata.ownerReferences?.[0]?.name, set.name);
  }
  assert.ok(story.told.includes(`ScalingReplicaSet: Scaled up replica set ${set.name} from 0 to 3`));
  assert.equal(story.told.filter((one) => one.startsWith('SuccessfulCreate: Created pod: web-')).length, 3);
});

test('a deployment tells how it is', async () => {
  await using story = new Story();
  await calls(story).create(deploymentOf('web', { replicas: 3 }));
  await story.until('complete', isDone(story, 'web'));
  const web = story.deployment('web');
  assert.equal(web.metadata.annotations?.['deployment.kubernetes.io/revision'], '1');
  const { replicas, updatedReplicas, readyReplicas, availableReplicas, unavailableReplicas } = web.status;
  assert.deepEqual([replicas, updatedReplicas, readyReplicas, availableReplicas], [3, 3, 3, 3]);
  assert.ok(!unavailableReplicas);
  assert.equal(condition(web, 'Available')?.reason, 'MinimumReplicasAvailable');
  assert.equal(condition(web, 'Progressing')?.reason, 'NewReplicaSetAvailable');
  const message = `ReplicaSet "${story.replicaSets[0]?.metadata.name}" has successfully progressed.`;
  assert.equal(condition(web, 'Progressing')?.message, message);
});

test('a new image rolls out within the fenceposts', async () => {
  await using story = new Story();
  await calls(story).create(deploymentOf('web', { replicas: 8 }));
  await story.until('complete', isDone(story, 'web'));
  await setImage(story, 'web', 'app:2');
  await story.until('rolled out', () => {
    const serving = story.pods.filter(({ metadata, status }) => {
      return (
        !metadata.deletionTimestamp && status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True')
      );
    });
    assert.ok(serving.length >= 6, `${serving.length} pods serve`);
    assert.ok(story.pods.filter(({ metadata }) => !metadata.deletionTimestamp).length <= 10);
    return isDone(story, 'web')() && story.pods.length === 8;
  });
  assert.deepEqual(
    images(story),
    Array.from({ length: 8 }, () => 'app:2'),
  );
  assert.deepEqual(
    story.replicaSets.map(({ spec }) => spec.replicas ?? 0).toSorted((a, b) => a - b),
    [0, 8],
  );
  assert.equal(story.deployment('web').metadata.annotations?.['deployment.kubernetes.io/revision'], '2');
});

test('a rollback takes the old replica set again and gives it the next revision', async () => {
  await using story = new Story();
  await calls(story).create(deploymentOf('web', { replicas: 2 }));
  await story.until('complete', isDone(story, 'web'));
  await setImage(story, 'web', 'app:2');
  await story.until('second', isDone(story, 'web'));
  await setImage(story, 'web', 'app:1');
  await story.seconds(2);
  await story.until('rolled back', isDone(story, 'web'));
  assert.equal(story.replicaSets.length, 2);
  const back = story.replicaSets.find(({ spec }) => spec.template?.spec?.containers[0]?.image === 'app:1');
  assert.equal(back?.metadata.annotations?.['deployment.kubernetes.io/revision'], '3');
  assert.equal(back?.metadata.annotations?.['deployment.kubernetes.io/revision-history'], '1');
  assert.equal(back?.spec.replicas, 2);
});

test('a rollout that does not get on is told after its deadline, and the old pods stay', async () => {
  await using story = new Story();
  story.broken.add('app:bad');
  await calls(story).create(deploymentOf('web', { replicas: 4, progressDeadlineSeconds: 30 }));
  await story.until('complete', isDone(story, 'web'));
  await setImage(story, 'web', 'app:bad');
  const reason = () => condition(story.deployment('web'), 'Progressing')?.reason;
  await story.until('too late', () => reason() === 'ProgressDeadlineExceeded');
  const web = story.deployment('web');
  assert.equal(condition(web, 'Progressing')?.status, 'False');
  assert.equal(web.status.availableReplicas, 3);
  assert.equal(condition(web, 'Available')?.status, 'True');
  assert.equal(images(story).filter((image) => image === 'app:1').length, 3);
});

test('scaling during a rollout shares the pods in proportion', async () => {
  await using story = new Story();
  story.broken.add('app:bad');
  await calls(story).create(deploymentOf('web', { replicas: 10 }));
  await story.until('complete', isDone(story, 'web'));
  await setImage(story, 'web', 'app:bad');
  await story.seconds(20);
  const sizes = () => story.replicaSets.map(({ spec }) => spec.replicas ?? 0).toSorted((a, b) => b - a);
  const before = sizes();
  assert.deepEqual(before, [8, 5]);
  await calls(story).patch('web', { spec: { replicas: 20 } });
  await story.seconds(5);
  assert.deepEqual(sizes(), [15, 10]); // 20 wanted and 5 surge, shared as 8 to 5
});

test('scaling down and up again', async () => {
  await using story = new Story();
  await calls(story).create(deploymentOf('web', { replicas: 5 }));
  await story.until('complete', isDone(story, 'web'));
  await calls(story).patch('web', { spec: { replicas: 1 } });
  await story.until('one is left', () => story.pods.length === 1);
  await calls(story).patch('web', { spec: { replicas: 4 } });
  await story.until('four', () => story.pods.length === 4 && isDone(story, 'web')());
  const name = story.replicaSets[0]?.metadata.name;
  assert.ok(story.told.includes(`ScalingReplicaSet: Scaled down replica set ${name} from 5 to 1`));
  assert.ok(story.told.includes(`ScalingReplicaSet: Scaled up replica set ${name} from 1 to 4`));
});

test('a replica set that somebody scaled by hand does not stop later rollouts', async () => {
  await using story = new Story();
  await calls(story).create(deploymentOf('web', { replicas: 5 }));
  await story.until('complete', isDone(story, 'web'));
  const release = story.transport.intercept(({ verb, resource }) => {
    if (verb === 'update' && resource.plural === 'replicasets') throw new Error('not now');
  });
  await calls(story).patch('web', { spec: { replicas: 3 } });
  const name = story.replicaSets[0]?.metadata.name ?? '';
  await story.client
    .of(replicaSets)
    .in('default')
    .patch(name, { spec: { replicas: 3 } });
  await story.seconds(2);
  release();
  await setImage(story, 'web', 'app:2');
  await story.until('rolled out', () => isDone(story, 'web')() && images(story).every((image) => image === 'app:2'));
});

test('Recreate waits until the last old pod has gone', async () => {
  await using story = new Story();
  await calls(story).create(deploymentOf('web', { replicas: 3, strategy: { type: 'Recreate' } }));
  await story.until('complete', isDone(story, 'web'));
  await setImage(story, 'web', 'app:2');
  await story.until('rolled out', () => {
    assert.ok(new Set(images(story)).size <= 1, 'old and new pods at once');
    return story.pods.length === 3 && images(story)[0] === 'app:2';
  });
});

test('a paused deployment rolls nothing out, and scales', async () => {
  await using story = new Story();
  await calls(story).create(deploymentOf('web', { replicas: 2 }));
  await story.until('complete', isDone(story, 'web'));
  await calls(story).patch('web', { spec: { paused: true } });
  await setImage(story, 'web', 'app:2');
  await calls(story).patch('web', { spec: { replicas: 3 } });
  await story.seconds(5);
  assert.deepEqual(images(story), ['app:1', 'app:1', 'app:1']);
  assert.equal(condition(story.deployment('web'), 'Progressing')?.reason, 'DeploymentPaused');
  await calls(story).patch('web', { spec: { paused: false } });
  await story.until('rolled out', () => isDone(story, 'web')() && images(story).every((image) => image === 'app:2'));
});

test('old replica sets beyond the history limit go', async () => {
  await using story = new Story();
  await calls(story).create(deploymentOf('web', { replicas: 1, revisionHistoryLimit: 1 }));
  await story.until('complete', isDone(story, 'web'));
  for (const image of ['app:2', 'app:3', 'app:4']) {
    await setImage(story, 'web', image);
    await story.seconds(1);
    await story.until(image, isDone(story, 'web'));
  }
  await story.seconds(3);
  const revisions = story.replicaSets.map(
    ({ metadata }) => metadata.annotations?.['deployment.kubernetes.io/revision'],
  );
  assert.deepEqual(new Set(revisions), new Set(['3', '4']));
});

test('a name that a stranger has makes the hash take another turn', async () => {
  await using story = new Story();
  await calls(story).create(deploymentOf('web', { replicas: 1 }));
  await story.until('complete', isDone(story, 'web'));
  const [first] = story.replicaSets;
  await calls(story).delete('web', { propagationPolicy: 'Orphan' });
  await story.seconds(2);
  story.transport.change(replicaSets, `default/${first?.metadata.name}`, (draft) => {
    draft.metadata.labels = {};
    draft.metadata.ownerReferences = [];
  });
  await calls(story).create(deploymentOf('web', { replicas: 1 }));
  await story.until('complete', isDone(story, 'web'));
  assert.equal(story.deployment('web').status.collisionCount, 1);
  assert.equal(story.replicaSets.length, 2);
});

test('a replica set that cannot make pods is a failure of the deployment, until it can', async () => {
  await using story = new Story();
  const release = story.transport.intercept(({ verb, resource }) => {
    if (verb === 'create' && resource.plural === 'pods') throw new Error('exceeded quota');
  });
  await calls(story).create(deploymentOf('web', { replicas: 2 }));
  await story.seconds(5);
  const failure = condition(story.deployment('web'), 'ReplicaFailure');
  assert.deepEqual([failure?.status, failure?.reason, failure?.message], ['True', 'FailedCreate', 'exceeded quota']);
  release();
  await story.until('complete', isDone(story, 'web'));
  assert.equal(condition(story.deployment('web'), 'ReplicaFailure'), undefined);
  assert.ok(story.transport.objects(pods).length === 2);
});
