import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '#api';
import { formatResolvConf, parseResolvConf, podDns } from './resolv-conf.ts';

const host = parseResolvConf('nameserver 192.0.2.1\nsearch corp.example. lan\noptions edns0 ndots:1 # comment\n');
const context = { clusterDns: ['10.96.0.10'], clusterDomain: 'cluster.local', host };

function resolvConf(spec: Partial<Pod['spec']>, clusterDns = context.clusterDns): string {
  const pod = { metadata: { namespace: 'shop' }, spec, status: {} } as unknown as Pod;
  return formatResolvConf(podDns(pod, { ...context, clusterDns }));
}

const cluster =
  'search shop.svc.cluster.local svc.cluster.local cluster.local corp.example lan\nnameserver 10.96.0.10\noptions ndots:5\n';
const node = 'search corp.example lan\nnameserver 192.0.2.1\noptions edns0 ndots:1\n';

const cases: [string, Partial<Pod['spec']>, string][] = [
  ['ClusterFirst', { dnsPolicy: 'ClusterFirst' }, cluster],
  ['no policy', {}, cluster],
  ['Default', { dnsPolicy: 'Default' }, node],
  ["ClusterFirst on the host network is the node's", { dnsPolicy: 'ClusterFirst', hostNetwork: true }, node],
  ['ClusterFirstWithHostNet', { dnsPolicy: 'ClusterFirstWithHostNet', hostNetwork: true }, cluster],
  [
    'None',
    {
      dnsPolicy: 'None',
      dnsConfig: {
        nameservers: ['9.9.9.9'],
        searches: ['x'],
        options: [{ name: 'ndots', value: '2' }, { name: 'rotate' }],
      },
    },
    'search x\nnameserver 9.9.9.9\noptions ndots:2 rotate\n',
  ],
  [
    'a dnsConfig is added, its options win',
    {
      dnsConfig: {
        nameservers: ['10.96.0.10', '1.1.1.1'],
        searches: ['extra'],
        options: [{ name: 'ndots', value: '1' }],
      },
    },
    cluster
      .replace('lan', 'lan extra')
      .replace('10.96.0.10', '10.96.0.10\nnameserver 1.1.1.1')
      .replace('ndots:5', 'ndots:1'),
  ],
];

for (const [name, spec, wanted] of cases) test(`dns: ${name}`, () => assert.equal(resolvConf(spec), wanted));

test("dns: without a cluster DNS the node's is used", () => assert.equal(resolvConf({}, []), node));
