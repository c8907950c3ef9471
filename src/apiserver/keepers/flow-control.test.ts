import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowSchema, PriorityLevelConfiguration } from '#api';
import { silentLogger, systemClock } from '#base';
import { openRegistryHarness, type RegistryHarness } from '../registry/testing/registry-harness.ts';
import { FlowControlKeeper } from './flow-control.ts';

const group = 'flowcontrol.apiserver.k8s.io';
const schemas = `flowschemas.${group}`;
const levels = `prioritylevelconfigurations.${group}`;

/** A keeper at work until it is disposed of. */
async function keep({ rest }: RegistryHarness): Promise<AsyncDisposable> {
  const keeper = new FlowControlKeeper({
    rest: (of, plural) => rest(`${plural}.${of}`),
    clock: systemClock,
    log: silentLogger,
  });
  const stop = new AbortController();
  const running = keeper.run(stop.signal);
  await keeper.settled;
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await systemClock.sleep(5);
  }
}

test('every cluster has its schemas and levels, and each schema says that its level is there', async () => {
  await using harness = await openRegistryHarness();
  await using _keeper = await keep(harness);
  const { rest, context } = harness;
  assert.equal((await rest(levels).list(context, '', {})).items.length, 8);
  const { items } = await rest(schemas).list(context, '', {});
  assert.equal(items.length, 11);
  const found = await until(async () => {
    const { object } = await rest(schemas).get(context, '', 'probes');
    return (object as FlowSchema).status.conditions;
  });
  assert.deepEqual(
    found.map(({ type, status, reason, message }) => [type, status, reason, message]),
    [
      [
        'Dangling',
        'False',
        'Found',
        'This FlowSchema references the PriorityLevelConfiguration object named "exempt" and it exists',
      ],
    ],
  );
});

test('a suggested object that somebody has taken over stays; a mandatory one comes back', async () => {
  await using harness = await openRegistryHarness();
  const { rest, context } = harness;
  const type = 'application/merge-patch+json';
  {
    await using _keeper = await keep(harness);
    const annotations = { 'apf.kubernetes.io/autoupdate-spec': 'false' };
    const spec = { limited: { nominalConcurrencyShares: 7 } };
    await rest(levels).patch(context, '', 'workload-low', type, { metadata: { annotations }, spec });
    await rest(levels).patch(context, '', 'workload-high', type, { spec });
    await rest(schemas).delete(context, '', 'catch-all');
    await until(() =>
      rest(schemas)
        .get(context, '', 'catch-all')
        .catch(() => undefined),
    );
  }
  await rest(schemas).delete(context, '', 'exempt');
  await using _keeper = await keep(harness);
  await rest(schemas).get(context, '', 'exempt');
  const sharesOf = async (name: string): Promise<number | undefined> => {
    const { object } = await rest(levels).get(context, '', name);
    return (object as PriorityLevelConfiguration).spec.limited?.nominalConcurrencyShares;
  };
  assert.equal(await sharesOf('workload-low'), 7);
  assert.equal(await until(async () => ((await sharesOf('workload-high')) === 40 ? 40 : undefined)), 40);
});

test('a schema whose level is missing says so, until it comes', async () => {
  await using harness = await openRegistryHarness();
  await using _keeper = await keep(harness);
  const { rest, context } = harness;
  const spec = { priorityLevelConfiguration: { name: 'mine' } };
  await harness.create(schemas, '', { metadata: { name: 'mine' }, spec });
  const dangling = (status: string): Promise<true> =>
    until(async () => {
      const { object } = await rest(schemas).get(context, '', 'mine');
      return (object as FlowSchema).status.conditions?.[0]?.status === status || undefined;
    });
  await dangling('True');
  const limited = { limitResponse: { type: 'Reject' } };
  await harness.create(levels, '', { metadata: { name: 'mine' }, spec: { type: 'Limited', limited } });
  await dangling('False');
});
