import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as assertProperty, integer, property, tuple, uniqueArray } from 'fast-check';
import {
  deployments,
  endpoints,
  endpointSlices,
  pods,
  services,
  type EndpointSlice,
  type Pod,
  type Service,
} from '#api';
import type { New } from '#client';
import { deploymentOf, Story } from '../story.ts';
import type { Group } from './endpoints.ts';
import { planSlices } from './plan.ts';

const serviceOf = (spec: New<Service['spec']> = {}): New<Service> => ({
  metadata: { name: 'web', namespace: 'default', labels: { team: 'a' } },
  spec: {
    selector: { app: 'web' },
    clusterIP: '10.96.0.20',
    ipFamilies: ['IPv4'],
    ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
    ...spec,
  },
});
const slices = (story: Story): EndpointSlice[] => story.transport.objects(endpointSlices);
const ready = (story: Story): string[] =>
  slices(story).flatMap(({ endpoints }) =>
    (endpoints ?? []).filter(({ conditions }) => conditions?.ready).flatMap(({ addresses }) => addresses ?? []),
  );

test('a service lists the addresses of its ready pods', async () => {
  await using story = new Story();
  story.transport.seed(services, serviceOf());
  await story.seconds(1);
  assert.deepEqual([slices(story).length, ready(story).length], [1, 0]);
  await story.client
    .of(deployments)
    .in('default')
    .create(deploymentOf('web', { replicas: 3 }));
  await story.until('three', () => ready(story).length === 3);
  const [slice] = slices(story);
  assert.match(slice?.metadata.name ?? '', /^web-/);
  assert.deepEqual(slice?.metadata.labels, {
    team: 'a',
    'kubernetes.io/service-name': 'web',
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
  });
  assert.equal(slice?.metadata.ownerReferences?.[0]?.kind, 'Service');
  assert.deepEqual(slice?.ports, [{ name: 'http', port: 8080, protocol: 'TCP' }]);
  const [endpoint] = slice?.endpoints ?? [];
  assert.deepEqual([endpoint?.nodeName, endpoint?.zone, endpoint?.targetRef?.kind], ['node-1', 'z1', 'Pod']);
  assert.equal(slices(story).length, 1);
  const legacy = story.transport.object(endpoints, 'default/web');
  assert.deepEqual(
    legacy?.subsets?.[0]?.addresses?.map(({ ip }) => ip),
    ready(story).toSorted(),
  );
  assert.equal(legacy?.metadata.labels?.['endpoints.kubernetes.io/managed-by'], 'endpoint-controller');
  await story.client.of(services).in('default').delete('web');
  await story.seconds(1);
  assert.equal(story.transport.objects(endpoints).length + slices(story).length, 0);
});

test('a pod that ends is told as terminating, then gone', async () => {
  await using story = new Story();
  story.transport.seed(services, serviceOf());
  await story.client
    .of(deployments)
    .in('default')
    .create(deploymentOf('web', { replicas: 1 }));
  await story.until('one', () => ready(story).length === 1);
  const name = story.pods[0]?.metadata.name ?? '';
  await story.client.of(pods).in('default').delete(name);
  await story.clock.advance(100);
  const ending = slices(story)[0]?.endpoints?.find(({ targetRef }) => targetRef?.name === name);
  assert.deepEqual(ending?.conditions, { ready: false, serving: true, terminating: true });
  await story.seconds(2);
  assert.ok(!slices(story)[0]?.endpoints?.some(({ targetRef }) => targetRef?.name === name));
});

test('a headless service that publishes all lists pods that are not ready', async () => {
  await using story = new Story();
  story.broken.add('app:1');
  story.transport.seed(services, serviceOf({ clusterIP: 'None', publishNotReadyAddresses: true }));
  await story.client
    .of(deployments)
    .in('default')
    .create(deploymentOf('web', { replicas: 1 }));
  await story.until('one', () => ready(story).length === 1);
  assert.deepEqual(slices(story)[0]?.endpoints?.[0]?.conditions, { ready: true, serving: false, terminating: false });
  assert.equal(slices(story)[0]?.metadata.labels?.['service.kubernetes.io/headless'], '');
});

test('named target ports are looked up in each pod', async () => {
  await using story = new Story();
  story.transport.seed(
    services,
    serviceOf({ ports: [{ name: 'http', port: 80, targetPort: 'web', protocol: 'TCP' }] }),
  );
  const pod = (name: string, port: number): New<Pod> => ({
    metadata: { name, namespace: 'default', labels: { app: 'web' } },
    spec: {
      containers: [{ name: 'main', image: 'x', ports: [{ name: 'web', containerPort: port }] }],
      nodeName: 'node-1',
    },
    status: {
      phase: 'Running',
      podIPs: [{ ip: `10.0.0.${port % 100}` }],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  });
  story.transport.seed(pods, pod('a', 8001), pod('b', 8002), pod('c', 8001));
  await story.seconds(1);
  const byPort = slices(story).map(({ ports, endpoints }) => `${ports?.[0]?.port}: ${endpoints?.length}`);
  assert.deepEqual(byPort.toSorted(), ['8001: 2', '8002: 1']);
});

test('a dual-stack service has slices of both families', async () => {
  await using story = new Story();
  story.transport.seed(services, serviceOf({ ipFamilies: ['IPv4', 'IPv6'] }));
  story.transport.seed(pods, {
    metadata: { name: 'a', namespace: 'default', labels: { app: 'web' } },
    spec: { containers: [], nodeName: 'node-1' },
    status: {
      phase: 'Running',
      podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  });
  await story.seconds(1);
  const told = slices(story).map(({ addressType, endpoints }) => `${addressType} ${endpoints?.[0]?.addresses?.[0]}`);
  assert.deepEqual(told.toSorted(), ['IPv4 10.0.0.1', 'IPv6 fd00::1']);
});

test('a new label of the service reaches its slices', async () => {
  await using story = new Story();
  story.transport.seed(services, serviceOf());
  await story.seconds(1);
  await story.client
    .of(services)
    .in('default')
    .patch('web', { metadata: { labels: { team: 'b' } } });
  await story.seconds(1);
  assert.equal(slices(story)[0]?.metadata.labels?.['team'], 'b');
});

test('whatever was there, the plan leads to what is wanted, in slices of at most 100', () => {
  const groupOf = (port: number, ids: readonly number[]): Group => ({
    addressType: 'IPv4',
    ports: [{ name: 'p', port, protocol: 'TCP' }],
    endpoints: ids.map((id) => ({ addresses: [`10.0.${id >> 8}.${id & 255}`], targetRef: { uid: `u${id}` } })),
  });
  const ids = uniqueArray(integer({ min: 0, max: 600 }), { maxLength: 350 });
  const wantedGroups = tuple(ids, ids).map(([a, b]) =>
    [groupOf(80, a), groupOf(81, b)].filter((one) => one.endpoints.length > 0),
  );
  assertProperty(
    property(wantedGroups, wantedGroups, (before, after) => {
      let number = 0;
      const sliceOf = ({ addressType, ports, endpoints }: Group): EndpointSlice => ({
        metadata: { name: `s${number++}` },
        addressType,
        ports,
        endpoints,
      });
      const carryOut = (existing: EndpointSlice[], wanted: Group[]): EndpointSlice[] => {
        const { create, update, remove } = planSlices(existing, wanted, { types: ['IPv4'] });
        const touched = new Set([...remove, ...update.map(({ slice }) => slice)]);
        const kept = existing.filter((slice) => !touched.has(slice));
        return [...kept, ...update.map(({ group }) => sliceOf(group)), ...create.map(sliceOf)];
      };
      const reached = carryOut(carryOut([], before), after);
      const told = (groups: readonly Pick<Group, 'ports' | 'endpoints'>[]): string[] =>
        groups
          .flatMap(({ ports, endpoints }) => endpoints.map(({ addresses }) => `${ports[0]?.port} ${addresses?.[0]}`))
          .toSorted();
      assert.deepEqual(told(reached as unknown as Group[]), told(after));
      assert.ok(reached.length > 0);
      assert.ok(reached.every(({ endpoints }) => (endpoints?.length ?? 0) <= 100));
      const again = planSlices(reached, after, { types: ['IPv4'] });
      assert.deepEqual([again.create.length, again.update.length, again.remove.length], [0, 0, 0]);
    }),
    { numRuns: 30 },
  );
});
