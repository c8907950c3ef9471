import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Endpoints, EndpointSlice } from '#api';
import { silentLogger, systemClock } from '#base';
import type { Store } from '#etcd';
import { openRegistryHarness, type RegistryHarness } from '../registry/testing/registry-harness.ts';
import { ServiceEndpoints } from './service-endpoints.ts';

const { signal } = new AbortController();

function serverAt(address: string, { store, rest }: Pick<RegistryHarness, 'store' | 'rest'>): ServiceEndpoints {
  return new ServiceEndpoints({
    rest: (group, plural) => rest(`${plural}.${group}`),
    store,
    endpoints: { addresses: [address], port: 6443 },
    isShared: true,
    clock: systemClock,
    log: silentLogger,
  });
}

async function shown({ rest, context }: RegistryHarness): Promise<string[][]> {
  const { object: slice } = await rest('endpointslices.discovery.k8s.io').get(context, 'default', 'kubernetes');
  const { object: endpoints } = await rest('endpoints').get(context, 'default', 'kubernetes');
  return [
    (slice as EndpointSlice).endpoints?.flatMap(({ addresses }) => addresses) ?? [],
    (endpoints as Endpoints).subsets?.flatMap(({ addresses }) => addresses?.map(({ ip }) => ip) ?? []) ?? [],
  ];
}

/** The same store, where `meanwhile` happens once behind each of the first ranges, before it is answered. */
function withMeanwhile(store: Store, ...meanwhile: (() => Promise<void>)[]): Store {
  return new Proxy(store, {
    get(target, property) {
      if (property !== 'range') {
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return async (...args: Parameters<Store['range']>) => {
        const result = await target.range(...args);
        await meanwhile.shift()?.();
        return result;
      };
    },
  });
}

test('the Service kubernetes leads to all servers that share the store', async () => {
  await using harness = await openRegistryHarness();
  for (const address of ['172.30.0.1', '172.30.0.2', '172.30.0.3']) await serverAt(address, harness).reconcile(signal);
  const all = ['172.30.0.1', '172.30.0.2', '172.30.0.3'];
  assert.deepEqual(await shown(harness), [all, all]);
});

test('a server that looked before others came does not write them away', async () => {
  await using harness = await openRegistryHarness();
  const third = (): Promise<void> => serverAt('172.30.0.3', harness).reconcile(signal);
  const fourth = (): Promise<void> => serverAt('172.30.0.4', harness).reconcile(signal);
  const store = withMeanwhile(harness.store, third, fourth);
  await serverAt('172.30.0.2', { store, rest: harness.rest }).reconcile(signal);
  const all = ['172.30.0.2', '172.30.0.3', '172.30.0.4'];
  assert.deepEqual(await shown(harness), [all, all]);
});
