import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServicePort } from './service-port.ts';
import { parseFlows, staleFlows, udpState } from './stale-flows.ts';

const listing = `udp      17 28 src=10.244.0.9 dst=10.96.0.10 sport=5555 dport=53 [UNREPLIED] src=10.244.0.2 dst=10.244.0.9 sport=53 dport=5555 mark=0 use=1
udp      17 119 src=10.244.0.9 dst=10.96.0.10 sport=5556 dport=53 src=10.244.0.3 dst=10.244.0.9 sport=53 dport=5556 [ASSURED] mark=0 use=1
udp      17 28 src=192.0.2.2 dst=192.0.2.1 sport=7 dport=30053 src=10.244.0.2 dst=10.244.0.1 sport=53 dport=7 mark=0 use=1
udp      17 28 src=10.244.0.9 dst=8.8.8.8 sport=5557 dport=53 src=8.8.8.8 dst=192.0.2.1 sport=53 dport=5557 mark=0 use=1
conntrack v1.4.7 (conntrack-tools): 4 flow entries have been shown.
`;

function dns(servingIps: string[], more: Partial<ServicePort> = {}): ServicePort {
  return {
    id: 'kube-system/kube-dns/udp/dns',
    protocol: 'udp',
    port: 53,
    clusterIps: ['10.96.0.10'],
    externalIps: [],
    balancerIps: [],
    sourceRanges: [],
    nodePort: undefined,
    endpoints: [],
    localEndpoints: [],
    servingIps,
    internalLocal: false,
    externalLocal: false,
    affinitySeconds: undefined,
    ...more,
  };
}

const shown = (...ports: ServicePort[]) =>
  staleFlows(parseFlows(listing), ports).map(({ address, port, endpoint }) => `${address}:${port} ${endpoint}`);

test('flows to an endpoint that is gone are stale, those of others are left alone', () => {
  assert.deepEqual(shown(dns(['10.244.0.3'])), ['10.96.0.10:53 10.244.0.2']);
  assert.deepEqual(shown(dns(['10.244.0.2', '10.244.0.3'])), []);
  assert.deepEqual(shown(dns(['10.244.0.3'], { nodePort: 30053 })), [
    '10.96.0.10:53 10.244.0.2',
    '192.0.2.1:30053 10.244.0.2',
  ]);
  assert.deepEqual(shown(dns([])), [], 'there is nobody else to go to');
  assert.deepEqual(shown(dns(['10.244.0.3'], { protocol: 'tcp' })), []);
});

test('many clients of one endpoint are one flow', () => {
  const twice = parseFlows(listing + listing);
  assert.equal(staleFlows(twice, [dns(['10.244.0.3'])]).length, 1);
});

test('only UDP endpoints that come and go call for another look', () => {
  assert.equal(udpState([dns(['a'])]), udpState([dns(['a'], { id: 'other' }), dns(['b'], { protocol: 'tcp' })]));
  assert.notEqual(udpState([dns(['a'])]), udpState([dns(['b'])]));
});
