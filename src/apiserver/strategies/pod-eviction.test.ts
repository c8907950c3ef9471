import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod, PodDisruptionBudget } from '#api';
import { isStatusError, StatusError, type StatusCause } from '#machinery';
import { openRegistryHarness, type RegistryHarness } from '../registry/testing/registry-harness.ts';

const ns = 'default';
const labels = { app: 'web' };

async function withAccount(): Promise<RegistryHarness> {
  const harness = await openRegistryHarness();
  await harness.create('serviceaccounts', ns, { metadata: { name: 'default' } });
  return harness;
}

/** A pod on a node, in this state. */
async function makePod(harness: RegistryHarness, name: string, phase = 'Running', ready = 'True'): Promise<Pod> {
  const { context, subresource } = harness;
  const spec = { nodeName: 'n1', containers: [{ name: 'c', image: 'i' }] };
  const pod = await harness.create<Pod>('pods', ns, { metadata: { name, labels }, spec });
  const status = { phase, conditions: [{ type: 'Ready', status: ready }] };
  return (await subresource('pods', 'status').update(context, ns, name, { ...pod, status })).object as Pod;
}

/** A budget of which its controller has said this. */
async function makeBudget(harness: RegistryHarness, status: object, spec: object = {}): Promise<PodDisruptionBudget> {
  const { context, subresource } = harness;
  const body = { metadata: { name: 'web' }, spec: { minAvailable: 1, selector: { matchLabels: labels }, ...spec } };
  const budget = await harness.create<PodDisruptionBudget>('poddisruptionbudgets.policy', ns, body);
  const known = { observedGeneration: 1, disruptionsAllowed: 0, currentHealthy: 3, desiredHealthy: 2, expectedPods: 3 };
  const door = subresource('poddisruptionbudgets.policy', 'status');
  const told = { ...budget, status: { ...known, ...status } };
  return (await door.update(context, ns, 'web', told)).object as PodDisruptionBudget;
}

const evict = (
  { context, subresource }: RegistryHarness,
  name: string,
  { deleteOptions, dryRun = false }: { deleteOptions?: object; dryRun?: boolean } = {},
): Promise<unknown> => {
  const body = { metadata: { name }, ...(deleteOptions && { deleteOptions }) };
  return subresource('pods', 'eviction').create(context, ns, name, body, { dryRun });
};

const podOf = async ({ rest, context }: RegistryHarness, name: string): Promise<Pod> =>
  (await rest('pods').get(context, ns, name)).object as Pod;

const budgetOf = async ({ rest, context }: RegistryHarness): Promise<PodDisruptionBudget> =>
  (await rest('poddisruptionbudgets.policy').get(context, ns, 'web')).object as PodDisruptionBudget;

const isGoing = async (harness: RegistryHarness, name: string): Promise<boolean> =>
  (await podOf(harness, name)).metadata.deletionTimestamp !== undefined;

/** How an eviction was refused. */
async function refusal(
  eviction: Promise<unknown>,
): Promise<{ code: number; reason: string; cause?: StatusCause; retry?: number }> {
  const error = await eviction.then(
    () => assert.fail('evicted'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof StatusError, String(error));
  const { causes: [cause] = [], retryAfterSeconds: retry } = error.status.details ?? {};
  return { code: error.code, reason: error.reason, ...(cause && { cause }), ...(retry !== undefined && { retry }) };
}

const exhausted = (message: string): object => ({
  code: 429,
  reason: 'TooManyRequests',
  cause: { reason: 'DisruptionBudget', message },
});

test('a budget lets as many pods go as it allows', async () => {
  await using harness = await withAccount();
  for (const name of ['a', 'b', 'c']) await makePod(harness, name);
  await makeBudget(harness, { disruptionsAllowed: 1 });
  const results = await Promise.allSettled(['a', 'b', 'c'].map((name) => evict(harness, name)));
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  const gone = ['a', 'b', 'c'][results.findIndex(({ status }) => status === 'fulfilled')] ?? '';
  assert.equal(await isGoing(harness, gone), true);
  const { status } = await budgetOf(harness);
  assert.deepEqual([status.disruptionsAllowed, Object.keys(status.disruptedPods ?? {})], [0, [gone]]);
  assert.deepEqual(
    status.conditions?.map(({ type, status, reason }) => [type, status, reason]),
    [['DisruptionAllowed', 'False', 'InsufficientPods']],
  );
  const other = ['a', 'b', 'c'].find((name) => name !== gone) ?? '';
  assert.deepEqual(
    await refusal(evict(harness, other)),
    exhausted('The disruption budget web does not allow evicting pods currently'),
  );
});

const condition = (reason: string, message: string): object => ({
  conditions: [
    { type: 'DisruptionAllowed', status: 'False', lastTransitionTime: '2026-01-01T00:00:00Z', reason, message },
  ],
});

const refusals: [what: string, status: object, message: string][] = [
  [
    'has too few healthy pods',
    { currentHealthy: 1, desiredHealthy: 2 },
    'The disruption budget web needs 2 healthy pods and has 1 currently',
  ],
  [
    'could not be worked out',
    { currentHealthy: 1, desiredHealthy: 2, ...condition('SyncFailed', 'no scale') },
    'The disruption budget web does not allow evicting pods currently because it failed sync: no scale',
  ],
  [
    'says why it does not',
    condition('Holiday', 'nobody is here'),
    'The disruption budget web does not allow evicting pods currently (Holiday): nobody is here',
  ],
];

for (const [what, status, message] of refusals) {
  test(`a budget that ${what} lets no pod go`, async () => {
    await using harness = await withAccount();
    await makePod(harness, 'a');
    await makeBudget(harness, status);
    assert.deepEqual(await refusal(evict(harness, 'a')), exhausted(message));
    assert.equal(await isGoing(harness, 'a'), false);
  });
}

test('a budget that its controller has not seen yet is asked again later', async () => {
  await using harness = await withAccount();
  await makePod(harness, 'a');
  await makeBudget(harness, { observedGeneration: 0, disruptionsAllowed: 1 });
  const message = 'The disruption budget web is still being processed by the server.';
  assert.deepEqual(await refusal(evict(harness, 'a')), { ...exhausted(message), retry: 10 });
});

test('a pod has one budget', async () => {
  await using harness = await withAccount();
  await makePod(harness, 'a');
  await makeBudget(harness, { disruptionsAllowed: 1 });
  await harness.create('poddisruptionbudgets.policy', ns, { metadata: { name: 'all' }, spec: { selector: {} } });
  assert.deepEqual(await refusal(evict(harness, 'a')), { code: 500, reason: '' });
  // One that selects nothing is no budget of this pod.
  await harness.rest('poddisruptionbudgets.policy').delete(harness.context, ns, 'all');
  await harness.create('poddisruptionbudgets.policy', ns, { metadata: { name: 'none' }, spec: {} });
  await evict(harness, 'a');
  assert.equal(await isGoing(harness, 'a'), true);
});

test('an unhealthy pod goes when enough others are healthy, and does not count', async () => {
  await using harness = await withAccount();
  await makePod(harness, 'a', 'Running', 'False');
  await makeBudget(harness, { currentHealthy: 2, desiredHealthy: 2 });
  await evict(harness, 'a');
  assert.equal(await isGoing(harness, 'a'), true);
  assert.equal((await budgetOf(harness)).status.disruptedPods, undefined);
});

test('an unhealthy pod stays when too few are healthy, unless the budget does not mind', async () => {
  await using harness = await withAccount();
  const { rest, context } = harness;
  await makePod(harness, 'a', 'Running', 'False');
  const budget = await makeBudget(harness, { currentHealthy: 1, desiredHealthy: 2 });
  assert.equal((await refusal(evict(harness, 'a'))).code, 429);
  const spec = { ...budget.spec, unhealthyPodEvictionPolicy: 'AlwaysAllow' };
  await rest('poddisruptionbudgets.policy').update(context, ns, 'web', { ...budget, spec });
  await evict(harness, 'a');
  assert.equal(await isGoing(harness, 'a'), true);
});

for (const phase of ['Pending', 'Succeeded', 'Failed']) {
  test(`a pod that is ${phase} goes, whatever its budgets say`, async () => {
    await using harness = await withAccount();
    await makePod(harness, 'a', phase);
    await makeBudget(harness, {});
    await evict(harness, 'a', { deleteOptions: { gracePeriodSeconds: 0 } });
    await assert.rejects(podOf(harness, 'a'), (error) => isStatusError(error, 'NotFound'));
  });
}

test('a dry run says what would be, and changes nothing', async () => {
  await using harness = await withAccount();
  await makePod(harness, 'a');
  await makeBudget(harness, { disruptionsAllowed: 1 });
  const before = [await podOf(harness, 'a'), await budgetOf(harness)];
  await evict(harness, 'a', { dryRun: true });
  await evict(harness, 'a', { deleteOptions: { dryRun: ['All'] } });
  assert.deepEqual([await podOf(harness, 'a'), await budgetOf(harness)], before);
  assert.equal((await refusal(evict(harness, 'a', { dryRun: true, deleteOptions: { dryRun: ['Some'] } }))).code, 500);
});

test('an eviction of another pod than the one that is there is refused', async () => {
  await using harness = await withAccount();
  const pod = await makePod(harness, 'a');
  const meant = (preconditions: object): Promise<{ code: number }> =>
    refusal(evict(harness, 'a', { deleteOptions: { preconditions } }));
  assert.equal((await meant({ uid: 'other' })).code, 409);
  assert.equal((await meant({ resourceVersion: '1' })).code, 409);
  assert.equal(await isGoing(harness, 'a'), false);
  const { uid, resourceVersion } = pod.metadata;
  await evict(harness, 'a', { deleteOptions: { preconditions: { uid, resourceVersion } } });
  assert.equal(await isGoing(harness, 'a'), true);
});

test('an eviction says of what it is, and how', async () => {
  await using harness = await withAccount();
  const { context, subresource } = harness;
  await makePod(harness, 'a');
  const door = subresource('pods', 'eviction');
  await assert.rejects(door.create(context, ns, 'a', { metadata: { name: 'b' } }), {
    message: 'name in URL does not match name in Eviction object',
  });
  const deleteOptions = { ignoreStoreReadErrorWithClusterBreakingPotential: true };
  assert.equal((await refusal(evict(harness, 'a', { deleteOptions }))).code, 422);
  assert.equal((await refusal(evict(harness, 'missing'))).reason, 'NotFound');
  await evict(harness, 'a', { deleteOptions: { gracePeriodSeconds: 7 } });
  assert.equal((await podOf(harness, 'a')).metadata.deletionGracePeriodSeconds, 7);
});

test('a budget is written by who has seen it', async () => {
  await using harness = await withAccount();
  const { rest, subresource, context } = harness;
  const { resourceVersion: _, ...metadata } = (await makeBudget(harness, {})).metadata;
  const blind = { metadata, spec: { minAvailable: 2, selector: {} } };
  const why = /metadata.resourceVersion: Invalid value: 0: must be specified for an update/;
  await assert.rejects(rest('poddisruptionbudgets.policy').update(context, ns, 'web', blind), why);
  await assert.rejects(subresource('poddisruptionbudgets.policy', 'status').update(context, ns, 'web', blind), why);
});
