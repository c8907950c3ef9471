import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EndpointSlice, Service } from '#api';
import { plan } from './plan.ts';
import { emptyRuleset, transition } from './ruleset.ts';
import { servicePorts } from './service-port.ts';

const podCidr = '10.244.0.0/16';

function service(spec: Partial<Service['spec']>): Service {
  return {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      clusterIP: '10.96.0.7',
      clusterIPs: ['10.96.0.7'],
      ports: [{ name: 'http', protocol: 'TCP', port: 80 }],
      ...spec,
    },
    status: {},
  };
}

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

function slice(...endpoints: (Partial<Endpoint> & { ip: string })[]): EndpointSlice {
  return {
    metadata: { name: 'web-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
    endpoints: endpoints.map(({ ip, ...rest }) => ({
      addresses: [ip],
      nodeName: 'one',
      conditions: { ready: true },
      ...rest,
    })),
  };
}

function rulesOf(spec: Partial<Service['spec']>, ...slices: EndpointSlice[]) {
  return plan(servicePorts(service(spec), slices, 'one'), podCidr);
}

const chainEndingWith = (rules: ReturnType<typeof plan>, start: string): readonly string[] =>
  [...rules.chains].find(([name]) => name.startsWith(start))?.[1] ?? [];

test('a cluster IP leads to a chain that spreads over the endpoints', () => {
  const rules = rulesOf({}, slice({ ip: '10.244.0.2' }, { ip: '10.244.0.3', nodeName: 'two' }));
  const [verdict = ''] = rules.maps.get('service-ips')?.values() ?? [];
  assert.match(verdict, /^goto service-[0-9A-F]{8}-default\/web\/tcp\/http$/);
  assert.deepEqual([...(rules.maps.get('service-ips')?.keys() ?? [])], ['10.96.0.7 . tcp . 80']);
  const [masquerade, spread] = chainEndingWith(rules, 'service-');
  assert.equal(masquerade, 'ip daddr 10.96.0.7 ip saddr != 10.244.0.0/16 jump mark-for-masquerade');
  assert.match(spread ?? '', /^numgen random mod 2 vmap \{ 0 : goto endpoint-\S+, 1 : goto endpoint-\S+ \}$/);
  const endpoint = chainEndingWith(rules, 'endpoint-');
  assert.deepEqual(endpoint, [
    'ip saddr 10.244.0.2 jump mark-for-masquerade',
    'meta l4proto tcp dnat to 10.244.0.2:8080',
  ]);
});

test('without endpoints a Service refuses; where only local ones count it drops', () => {
  assert.deepEqual(
    rulesOf({}).maps.get('no-endpoint-services'),
    new Map([['10.96.0.7 . tcp . 80', 'goto reject-chain']]),
  );
  const local = rulesOf({ internalTrafficPolicy: 'Local' }, slice({ ip: '10.244.1.2', nodeName: 'two' }));
  assert.deepEqual(local.maps.get('no-endpoint-services'), new Map([['10.96.0.7 . tcp . 80', 'drop']]));
  const nowhere = rulesOf({
    internalTrafficPolicy: 'Local',
    externalTrafficPolicy: 'Local',
    externalIPs: ['192.0.2.9'],
  });
  assert.deepEqual(
    nowhere.maps.get('no-endpoint-services'),
    new Map(['10.96.0.7', '192.0.2.9'].map((ip) => [`${ip} . tcp . 80`, 'goto reject-chain'])),
    'where no node has an endpoint it refuses all the same',
  );
});

test('a port that the Service does not have is refused', () => {
  const rules = rulesOf({}, slice({ ip: '10.244.0.2' }));
  assert.deepEqual(rules.maps.get('cluster-ips'), new Map([['10.96.0.7', 'goto reject-chain']]));
});

test('a load balancer lets in whom it names, and itself', () => {
  const balanced = {
    ...service({ type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8', ' 10.1.0.0/16 ', 'fd00::/8'] }),
    status: {
      loadBalancer: {
        ingress: [{ ip: '192.0.2.5' }, { ip: '192.0.2.6', ipMode: 'Proxy' as const }, { hostname: 'a.b' }],
      },
    },
  };
  const rules = plan(servicePorts(balanced, [slice({ ip: '10.244.0.2' })], 'one'), podCidr);
  assert.deepEqual(
    [...(rules.maps.get('service-ips')?.keys() ?? [])],
    ['10.96.0.7 . tcp . 80', '192.0.2.5 . tcp . 80'],
  );
  assert.deepEqual([...(rules.maps.get('firewall-ips')?.keys() ?? [])], ['192.0.2.5 . tcp . 80']);
  const allowed = ['10.0.0.0/8', '10.1.0.0/16', '192.0.2.5'].map((range) => `ip saddr ${range} return`);
  assert.deepEqual(chainEndingWith(rules, 'firewall-'), [...allowed, 'drop']);
});

test('another time of affinity is another set', () => {
  const setOf = (seconds: number) => {
    const sessionAffinityConfig = { clientIP: { timeoutSeconds: seconds } };
    return rulesOf({ sessionAffinity: 'ClientIP', sessionAffinityConfig }, slice({ ip: '10.244.0.2' }));
  };
  const commands = transition('ip t', setOf(10), setOf(20));
  assert.equal(commands.filter((command) => command.startsWith('add set')).length, 1);
  assert.equal(commands.filter((command) => command.startsWith('delete set')).length, 1);
});

test('endpoints that terminate serve when nothing else does', () => {
  const terminating = { ready: false, serving: true, terminating: true };
  const both = rulesOf({}, slice({ ip: '10.244.0.2' }, { ip: '10.244.0.3', conditions: terminating }));
  assert.match(chainEndingWith(both, 'service-').at(-1) ?? '', /mod 1 /);
  const last = rulesOf({}, slice({ ip: '10.244.0.3', conditions: terminating }));
  assert.match(chainEndingWith(last, 'service-').at(-1) ?? '', /10\.244\.0\.3/);
});

test('a node port masquerades, unless only local endpoints serve it', () => {
  const ports = [{ name: 'http', protocol: 'TCP' as const, port: 80, nodePort: 30080 }];
  const cluster = rulesOf({ type: 'NodePort', ports }, slice({ ip: '10.244.0.2' }));
  assert.deepEqual([...(cluster.maps.get('service-nodeports')?.keys() ?? [])], ['tcp . 30080']);
  assert.equal(chainEndingWith(cluster, 'external-')[0], 'jump mark-for-masquerade');
  const local = rulesOf(
    { type: 'NodePort', ports, externalTrafficPolicy: 'Local' },
    slice({ ip: '10.244.0.2' }, { ip: '10.244.1.2', nodeName: 'two' }),
  );
  const external = chainEndingWith(local, 'external-');
  assert.match(external[0] ?? '', /^ip saddr 10\.244\.0\.0\/16 goto service-/, 'pods may use any endpoint');
  assert.equal(external[1], 'fib saddr type local jump mark-for-masquerade');
  assert.match(external.at(-1) ?? '', /^goto local-/);
  assert.match(chainEndingWith(local, 'local-').at(-1) ?? '', /mod 1 /);
});

test('a client with affinity goes back to its endpoint', () => {
  const rules = rulesOf({ sessionAffinity: 'ClientIP' }, slice({ ip: '10.244.0.2' }));
  const [[set, declaration] = ['', '']] = rules.sets;
  assert.equal(declaration, 'type ipv4_addr; flags dynamic,timeout; timeout 10800s');
  assert.ok(chainEndingWith(rules, 'service-').some((rule) => rule.startsWith(`ip saddr @${set} goto endpoint-`)));
  assert.ok(chainEndingWith(rules, 'endpoint-').includes(`update @${set} { ip saddr }`));
});

test('headless Services, ExternalName and those of another proxy have no rules', () => {
  for (const spec of [{ clusterIP: 'None' }, { type: 'ExternalName' as const, clusterIP: '' }]) {
    assert.equal(rulesOf(spec, slice({ ip: '10.244.0.2' })).chains.size, 0);
  }
});

test('a changed endpoint touches its own chains only, and nothing is said when nothing changed', () => {
  const before = rulesOf({}, slice({ ip: '10.244.0.2' }, { ip: '10.244.0.3' }));
  const after = rulesOf({}, slice({ ip: '10.244.0.2' }, { ip: '10.244.0.4' }));
  const commands = transition('ip t', before, after);
  const kinds = Map.groupBy(commands, (command) => command.split(' ').slice(0, 2).join(' '));
  assert.deepEqual(
    Object.fromEntries([...kinds].map(([kind, list]) => [kind, list.length])),
    { 'add chain': 1, 'add rule': 4, 'flush chain': 2, 'delete chain': 1 },
    'one endpoint chain comes, one goes, and the chain of the Service is rewritten',
  );
  assert.ok(!commands.some((command) => command.includes('endpoint') && command.includes('10.244.0.2 ')));
  assert.deepEqual(transition('ip t', after, after), []);
  assert.ok(transition('ip t', after, emptyRuleset).some((command) => command.startsWith('delete element')));
});
