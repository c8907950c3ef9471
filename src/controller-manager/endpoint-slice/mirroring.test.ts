import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpoints, endpointSlices, services, type EndpointSlice, type Endpoints, type Service } from '#api';
import type { New } from '#client';
import { Story } from '../story.ts';

const service = (spec: New<Service['spec']> = {}): New<Service> => ({
  metadata: { name: 'db', namespace: 'default' },
  spec: { clusterIP: '10.96.0.30', ipFamilies: ['IPv4'], ports: [{ port: 5432, protocol: 'TCP' }], ...spec },
});
const written = (subsets: Endpoints['subsets'], metadata: New<Endpoints['metadata']> = {}): New<Endpoints> => ({
  metadata: { name: 'db', namespace: 'default', ...metadata },
  subsets,
});
const subset = {
  addresses: [{ ip: '192.0.2.1', hostname: 'primary' }, { ip: '2001:db8::1' }],
  notReadyAddresses: [{ ip: '192.0.2.2' }],
  ports: [{ port: 5432, protocol: 'TCP' as const }],
};
const slices = (story: Story): EndpointSlice[] => story.transport.objects(endpointSlices);
const told = (story: Story): string[] =>
  slices(story)
    .flatMap(({ endpoints: all = [] }) =>
      all.map(({ addresses, conditions }) => `${addresses[0]} ${conditions?.ready}`),
    )
    .sort();

test('endpoints written by hand are mirrored by address type, and follow what their author changes', async () => {
  await using story = new Story();
  story.transport.seed(services, service());
  const annotations = { note: 'by hand', 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
  story.transport.seed(endpoints, written([subset], { labels: { team: 'a' }, annotations }));
  await story.until('mirrored', () => slices(story).length === 2);
  assert.deepEqual(told(story), ['192.0.2.1 true', '192.0.2.2 false', '2001:db8::1 true']);
  const slice = slices(story).find(({ addressType }) => addressType === 'IPv4');
  assert.match(slice?.metadata.name ?? '', /^db-/);
  assert.deepEqual(slice?.metadata.labels, {
    team: 'a',
    'kubernetes.io/service-name': 'db',
    'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
  });
  assert.deepEqual(slice?.metadata.annotations, { note: 'by hand' });
  assert.equal(slice?.metadata.ownerReferences?.[0]?.kind, 'Endpoints');
  assert.equal(slice?.endpoints?.[0]?.hostname, 'primary');
  assert.deepEqual(slice?.ports, [{ name: '', port: 5432, protocol: 'TCP' }]);

  story.transport.change(endpoints, 'default/db', (draft) => {
    draft.subsets = [{ ...subset, addresses: [{ ip: '192.0.2.9' }], notReadyAddresses: [] }];
    draft.metadata.labels = { team: 'b' };
  });
  await story.until('followed', () => told(story).join() === '192.0.2.9 true');
  assert.deepEqual(
    slices(story).map(({ metadata }) => [metadata.labels?.['team'], metadata.name === slice?.metadata.name]),
    [['b', true]],
  );
});

for (const [why, change] of [
  ['the service has a selector', { spec: { selector: { app: 'db' } } }],
  ['a label says so', { labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } }],
  ['they are the record of a leader', { annotations: { 'control-plane.alpha.kubernetes.io/leader': '{}' } }],
] as const)
  test(`endpoints are not mirrored, and mirrors go, when ${why}`, async () => {
    await using story = new Story();
    story.transport.seed(services, service());
    story.transport.seed(endpoints, written([subset]));
    await story.until('mirrored', () => slices(story).length === 2);
    if ('spec' in change)
      story.transport.change(services, 'default/db', ({ spec }) => Object.assign(spec, change.spec));
    else story.transport.change(endpoints, 'default/db', ({ metadata }) => Object.assign(metadata, change));
    const mirrors = (): EndpointSlice[] =>
      slices(story).filter(({ metadata }) => metadata.ownerReferences?.[0]?.kind === 'Endpoints');
    await story.until('gone', () => mirrors().length === 0);
  });

test('a subset of more than a thousand addresses is cut short, and its author told', async () => {
  await using story = new Story();
  story.transport.seed(services, service());
  const addresses = Array.from({ length: 1002 }, (_, index) => ({ ip: `198.18.${index >> 8}.${index & 255}` }));
  story.transport.seed(endpoints, written([{ ...subset, addresses, notReadyAddresses: [] }]));
  await story.until('mirrored', () => slices(story).length === 1);
  assert.equal(slices(story)[0]?.endpoints?.length, 1000);
  const words =
    'A max of 1000 addresses can be mirrored to EndpointSlices per Endpoints subset. 2 addresses were skipped';
  await story.until('told', () => story.told.includes(`TooManyAddressesToMirror: ${words}`));
});
