import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode, RECURSION_DESIRED } from 'dns-packet';
import { seededRandom, silentLogger } from '#base';
import type { EndpointSlice, Service } from '#api';
import { parseReverseName } from './names.ts';
import { resolve, type Resolution } from './resolve.ts';
import { respond, type Responder } from './respond.ts';
import type { ClusterView } from './view.ts';

const zone = 'cluster.local';

const services: Record<string, Service['spec']> = {
  'default/web': {
    clusterIP: '10.96.0.7',
    clusterIPs: ['10.96.0.7'],
    ports: [{ name: 'http', protocol: 'TCP', port: 80 }],
  },
  'default/db': { clusterIP: 'None', clusterIPs: ['None'] },
  'default/empty': { clusterIP: 'None', clusterIPs: ['None'] },
  'default/out': { type: 'ExternalName', externalName: 'example.org' },
};

const dbSlice = {
  metadata: { name: 'db-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'db' } },
  addressType: 'IPv4',
  ports: [{ name: 'sql', protocol: 'TCP', port: 5432 }],
  endpoints: [
    { addresses: ['10.244.0.5'], hostname: 'db-0', conditions: { ready: true } },
    { addresses: ['10.244.0.6'], conditions: { ready: true } },
    { addresses: ['10.244.0.7'], hostname: 'db-2', conditions: { ready: false } },
  ],
} as EndpointSlice;

function serviceOf(key: string): Service | undefined {
  const spec = services[key];
  const [namespace, name] = key.split('/');
  return spec && { metadata: { name, namespace }, spec, status: {} };
}

const view: ClusterView = {
  namespaceExists: (namespace) => ['default', 'kube-system'].includes(namespace),
  service: (namespace, name) => serviceOf(`${namespace}/${name}`),
  slices: (namespace, service) => (namespace === 'default' && service === 'db' ? [dbSlice] : []),
  servicesByIp: (ip) => (ip === '10.96.0.7' ? [serviceOf('default/web')].filter((one) => one !== undefined) : []),
  slicesByIp: (ip) => (dbSlice.endpoints?.some(({ addresses }) => addresses.includes(ip)) ? [dbSlice] : []),
};

function ask(name: string, type = 'A'): string[] {
  const resolution = resolve({ name, type }, zone, view);
  return resolution ? show(resolution) : ['elsewhere'];
}

function show({ rcode, answers }: Resolution): string[] {
  if (answers.length === 0) return [rcode === 'NOERROR' ? 'NODATA' : rcode];
  return answers.map((answer) => {
    if (answer.type !== 'SRV')
      return `${answer.type} ${'data' in answer && typeof answer.data === 'string' ? answer.data : ''}`;
    return `SRV ${answer.data.priority} ${answer.data.weight} ${answer.data.port} ${answer.data.target}`;
  });
}

const cases: [string, string, string[]][] = [
  ['web.default.svc.cluster.local', 'A', ['A 10.96.0.7']],
  ['WEB.default.svc.Cluster.Local.', 'A', ['A 10.96.0.7']],
  ['web.default.svc.cluster.local', 'AAAA', ['NODATA']],
  ['web.default.svc.cluster.local', 'SRV', ['SRV 0 100 80 web.default.svc.cluster.local']],
  ['_http._tcp.web.default.svc.cluster.local', 'SRV', ['SRV 0 100 80 web.default.svc.cluster.local']],
  ['_http._udp.web.default.svc.cluster.local', 'SRV', ['NXDOMAIN']],
  ['nothing.default.svc.cluster.local', 'A', ['NXDOMAIN']],
  ['web.nowhere.svc.cluster.local', 'A', ['NXDOMAIN']],
  ['db.default.svc.cluster.local', 'A', ['A 10.244.0.5', 'A 10.244.0.6']],
  ['db-0.db.default.svc.cluster.local', 'A', ['A 10.244.0.5']],
  ['10-244-0-6.db.default.svc.cluster.local', 'A', ['A 10.244.0.6']],
  ['db-2.db.default.svc.cluster.local', 'A', ['NXDOMAIN']],
  [
    '_sql._tcp.db.default.svc.cluster.local',
    'SRV',
    ['SRV 0 50 5432 db-0.db.default.svc.cluster.local', 'SRV 0 50 5432 10-244-0-6.db.default.svc.cluster.local'],
  ],
  ['empty.default.svc.cluster.local', 'A', ['NXDOMAIN']],
  ['out.default.svc.cluster.local', 'A', ['CNAME example.org']],
  ['10-244-0-9.default.pod.cluster.local', 'A', ['A 10.244.0.9']],
  ['10-244-0-9.nowhere.pod.cluster.local', 'A', ['NXDOMAIN']],
  ['999-1-1-1.default.pod.cluster.local', 'A', ['NXDOMAIN']],
  ['default.svc.cluster.local', 'A', ['NODATA']],
  ['nowhere.svc.cluster.local', 'A', ['NXDOMAIN']],
  ['svc.cluster.local', 'A', ['NODATA']],
  ['dns-version.cluster.local', 'TXT', ['TXT 1.1.0']],
  ['7.0.96.10.in-addr.arpa', 'PTR', ['PTR web.default.svc.cluster.local']],
  ['5.0.244.10.in-addr.arpa', 'PTR', ['PTR db-0.db.default.svc.cluster.local']],
  ['1.1.1.1.in-addr.arpa', 'PTR', ['elsewhere']],
  ['example.org', 'A', ['elsewhere']],
];

for (const [name, type, expected] of cases) test(`${type} ${name}`, () => assert.deepEqual(ask(name, type), expected));

test('reverse names of IPv6 are read', () => {
  const name = `${'1'.padEnd(32, '0').split('').join('.')}.ip6.arpa`;
  assert.equal(parseReverseName(name), '0000:0000:0000:0000:0000:0000:0000:0001');
});

const responder: Responder = { zone, view, random: seededRandom(1), log: silentLogger };

async function reply(name: string, options: Partial<Responder> = {}, limit = 512) {
  const query = encode({
    type: 'query',
    id: 7,
    flags: RECURSION_DESIRED,
    questions: [{ name, type: 'A', class: 'IN' }],
  });
  return decode(Buffer.from((await respond({ ...responder, ...options }, query, limit)) ?? []));
}

function rcodeOf(packet: { flags?: number }): number {
  return (packet.flags ?? 0) & 0xf;
}

test('an absence is told with the authority of the zone, so that it can be kept', async () => {
  const packet = await reply('nothing.default.svc.cluster.local');
  assert.deepEqual([packet.id, rcodeOf(packet), packet.flag_aa], [7, 3, true]);
  assert.equal(packet.authorities?.[0]?.type, 'SOA');
});

test('other names go upstream; without one they are refused, and when it fails the client hears so', async () => {
  assert.equal(rcodeOf(await reply('example.org')), 5);
  const failing = { upstream: () => Promise.reject(new Error('down')) };
  assert.equal(rcodeOf(await reply('example.org', failing)), 2);
  const echo = { upstream: async (query: Uint8Array) => query };
  assert.equal((await reply('example.org', echo)).questions?.[0]?.name, 'example.org');
});

test('what does not fit is told to come again over TCP', async () => {
  const many = {
    ...dbSlice,
    endpoints: Array.from({ length: 100 }, (_, n) => ({ addresses: [`10.244.1.${n}`], conditions: {} })),
  };
  const crowded: ClusterView = { ...view, slices: () => [many] };
  const packet = await reply('db.default.svc.cluster.local', { view: crowded });
  assert.deepEqual([packet.flag_tc, packet.answers?.length], [true, 29], 'as many as go into 512 bytes');
  assert.equal((await reply('db.default.svc.cluster.local', { view: crowded }, 65535)).answers?.length, 100);
});

test('garbage is not answered', async () => {
  for (const bytes of [[], [1, 2, 3], Array.from({ length: 40 }, () => 255)]) {
    assert.equal(await respond(responder, Uint8Array.from(bytes), 512), undefined);
  }
});
