import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  deployments,
  jobs,
  podDisruptionBudgets,
  pods,
  replicaSets,
  replicationControllers,
  type Pod,
  type PodDisruptionBudget,
} from '#api';
import type { New } from '#client';
import { formatTime, nameOf, ownerReferenceTo } from '#machinery';
import { deploymentOf, Story } from '../story.ts';

const labels = { app: 'web' };
const containers = [{ name: 'main', image: 'app:1' }];

const budgetOf = (spec: New<PodDisruptionBudget['spec']>): New<PodDisruptionBudget> => ({
  metadata: { name: 'web', namespace: 'default' },
  spec: { selector: { matchLabels: labels }, ...spec },
});

async function statusAfter(story: Story, seconds: number): Promise<PodDisruptionBudget['status']> {
  await story.seconds(seconds);
  return (await story.client.of(podDisruptionBudgets).in('default').get('web')).status;
}

const counts = ({
  currentHealthy,
  desiredHealthy,
  expectedPods,
  disruptionsAllowed,
}: PodDisruptionBudget['status']) => [currentHealthy, desiredHealthy, expectedPods, disruptionsAllowed];

const allowed = ({ conditions }: PodDisruptionBudget['status']) => {
  const told = conditions?.find(({ type }) => type === 'DisruptionAllowed');
  return [told?.status, told?.reason];
};

/** A pod that nobody controls. */
function lonePod(story: Story, name: string): void {
  story.transport.seed(pods, {
    metadata: { name, namespace: 'default', labels },
    spec: { containers },
    status: { phase: 'Pending' },
  });
}

test('a number of pods that have to stay is held against those that are there', async () => {
  await using story = new Story();
  await story.client.of(podDisruptionBudgets).create(budgetOf({ minAvailable: 1 }));
  const none = await statusAfter(story, 1);
  assert.deepEqual(
    [counts(none), allowed(none)],
    [
      [0, 1, 0, 0],
      ['False', 'InsufficientPods'],
    ],
  );
  assert.ok(story.told.includes('NoPods: No matching pods found'));
  lonePod(story, 'a');
  lonePod(story, 'b');
  const two = await statusAfter(story, 3);
  assert.deepEqual(
    [counts(two), allowed(two)],
    [
      [2, 1, 2, 1],
      ['True', 'SufficientPods'],
    ],
  );
  assert.equal(two.observedGeneration, 1);
});

for (const [spec, expected] of [
  [{ minAvailable: '50%' }, [5, 3, 5, 2]],
  [{ maxUnavailable: '30%' }, [5, 3, 5, 2]],
  [{ maxUnavailable: 1 }, [5, 4, 5, 1]],
] as const)
  test(`${JSON.stringify(spec)} is counted of what the controllers want`, async () => {
    await using story = new Story();
    const template = { metadata: { labels }, spec: { containers } };
    await story.client.of(deployments).create(deploymentOf('web', { replicas: 2 }));
    await story.client.of(replicaSets).create({
      metadata: { name: 'set', namespace: 'default' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { ...labels, of: 'set' } },
        template: { ...template, metadata: { labels: { ...labels, of: 'set' } } },
      },
    });
    await story.client.of(replicationControllers).create({
      metadata: { name: 'elder', namespace: 'default' },
      spec: {
        replicas: 1,
        selector: { ...labels, of: 'elder' },
        template: { ...template, metadata: { labels: { ...labels, of: 'elder' } } },
      },
    });
    await story.client.of(podDisruptionBudgets).create(budgetOf(spec));
    assert.deepEqual(counts(await statusAfter(story, 5)), expected);
  });

test('pods that nobody controls are no part of a share, and are told of', async () => {
  await using story = new Story();
  lonePod(story, 'a');
  await story.client.of(podDisruptionBudgets).create(budgetOf({ maxUnavailable: '50%' }));
  assert.deepEqual(counts(await statusAfter(story, 3)), [1, 0, 0, 0]);
  assert.ok(
    story.told.some((event) =>
      event.startsWith(
        'UnmanagedPods: Pods selected by this PodDisruptionBudget (selector: &LabelSelector{MatchLabels:map[string]string' +
          '{app: web,},MatchExpressions:[]LabelSelectorRequirement{},}) were found to be unmanaged.',
      ),
    ),
  );
});

test('a budget whose pods cannot be counted allows nothing, and says why', async () => {
  await using story = new Story();
  const template = { spec: { restartPolicy: 'Never', containers } } as const;
  const owner = await story.client
    .of(jobs)
    .create({ metadata: { name: 'once', namespace: 'default' }, spec: { template } });
  story.transport.seed(pods, {
    metadata: {
      name: 'a',
      namespace: 'default',
      labels,
      ownerReferences: [ownerReferenceTo(owner, jobs)],
    },
    spec: { containers },
    status: { phase: 'Running' },
  });
  await story.client.of(podDisruptionBudgets).create(budgetOf({ maxUnavailable: 1 }));
  const status = await statusAfter(story, 2);
  assert.equal(status.disruptionsAllowed ?? 0, 0);
  assert.deepEqual(allowed(status), ['False', 'SyncFailed']);
  assert.equal(status.conditions?.[0]?.message, 'jobs.batch does not implement the scale subresource');
});

test('an evicted pod counts as gone before it goes, and counts again when it does not go', async () => {
  await using story = new Story();
  lonePod(story, 'a');
  lonePod(story, 'b');
  await story.client.of(podDisruptionBudgets).create(budgetOf({ minAvailable: 1 }));
  await story.seconds(3);
  const evictedAt = formatTime(story.clock.now());
  const patch = { status: { disruptedPods: { a: evictedAt, unknown: evictedAt } } };
  await story.client.of(podDisruptionBudgets).in('default').patch('web', patch, { subresource: 'status' });
  const soon = await statusAfter(story, 1);
  assert.deepEqual([counts(soon), soon.disruptedPods], [[1, 1, 2, 0], { a: evictedAt }]);
  const late = await statusAfter(story, 125);
  assert.deepEqual([counts(late), late.disruptedPods ?? {}], [[2, 1, 2, 1], {}]);
  assert.ok(story.told.includes("NotDeleted: Pod was expected by PDB default/default to be deleted but it wasn't"));
});

test('the mark of a pod that was to be disrupted is taken back when it never is', async () => {
  await using story = new Story();
  lonePod(story, 'a');
  await story.seconds(3);
  story.transport.change(pods, 'default/a', ({ status }) => {
    const lastTransitionTime = formatTime(story.clock.now());
    const mark = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'EvictionByEvictionAPI',
      lastTransitionTime,
    } as const;
    status.conditions = [...(status.conditions ?? []), mark];
  });
  const mark = (pod: Pod | undefined): string | undefined =>
    pod?.status.conditions?.find(({ type }) => type === 'DisruptionTarget')?.status;
  await story.seconds(60);
  assert.equal(mark(story.pods.find((pod) => nameOf(pod) === 'a')), 'True');
  await story.seconds(65);
  assert.equal(mark(story.pods.find((pod) => nameOf(pod) === 'a')), 'False');
});
