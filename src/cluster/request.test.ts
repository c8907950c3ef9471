import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkClusterName } from './cluster-name.ts';
import { checkRequest, type ClusterRequest } from './request.ts';

const refused: [ClusterRequest, RegExp][] = [
  [
    { encryptionProviderConfigAutomaticReload: true },
    /^--encryption-provider-config-automatic-reload must be set with --encryption-provider-config$/,
  ],
  [{ snapshotInterval: 'often' }, /^--snapshot-interval: "often" is no duration such as 90s, 30m or 1h30m$/],
  [{ snapshotInterval: '0s' }, /^--snapshot-interval: it takes some time to save one; use 1m or more$/],
  [{ snapshotInterval: '1h', snapshotRetention: 0 }, /^--snapshot-retention: keep one at least$/],
  [{ snapshotRetention: 3 }, /^--snapshot-retention must be set with --snapshot-interval$/],
  [{ snapshotInterval: '', snapshotDir: '/x' }, /^--snapshot-dir must be set with --snapshot-interval$/],
  [{ snapshotInterval: '1h', servers: 3 }, /^--snapshot-interval is for a cluster of one server: of several, save/],
  [{ nodes: 0 }, /^--nodes takes a whole number from 1 to 100, not 0$/],
  [{ nodes: 101 }, /^--nodes takes a whole number from 1 to 100, not 101$/],
  [{ nodes: 1.5 }, /^--nodes takes a whole number from 1 to 100, not 1\.5$/],
  [{ servers: 2 }, /^--servers takes 1, 3 or 5, not 2$/],
  [{ apiPort: 0 }, /^--api-port takes a port from 1 to 65535, not 0$/],
  [{ apiPort: 70000 }, /^--api-port takes a port from 1 to 65535, not 70000$/],
  [{ podCidr: '' }, /^--pod-cidr takes a network such as 10\.244\.0\.0\/16, not ""$/],
  [{ podCidr: '10.0.0/8' }, /^--pod-cidr takes a network such as/],
  [{ podCidr: '10.244.0.0' }, /^--pod-cidr takes a network such as/],
  [{ podCidr: '10.244.0.1/16' }, /^--pod-cidr takes a network such as/],
  [{ podCidr: '10.244.0.0/ 16' }, /^--pod-cidr takes a network such as/],
  [{ podCidr: '10.244.0.0/4' }, /^--pod-cidr takes a network such as/],
  [{ podCidr: '300.0.0.0/16' }, /^--pod-cidr takes a network such as/],
  [{ podCidr: 'fd00::/64' }, /^--pod-cidr takes a network such as/],
  [
    { podCidr: '10.1.0.0/25' },
    /^--pod-cidr 10\.1\.0\.0\/25 is too small for a node with a \/24: give a \/24 or larger$/,
  ],
  [{ podCidr: '10.1.0.0/23', nodes: 3 }, /is too small for 3 nodes with a \/24 each: give a \/22 or larger$/],
  [{ serviceCidr: '10.96.0.0/25' }, /^--service-cidr takes a \/12 to a \/24, not 10\.96\.0\.0\/25$/],
  [{ serviceCidr: '10.0.0.0/8' }, /^--service-cidr takes a \/12 to a \/24/],
  [{ podCidr: '10.96.0.0/16' }, /^--pod-cidr 10\.96\.0\.0\/16 and --service-cidr 10\.96\.0\.0\/16 overlap/],
  [{ podCidr: '10.0.0.0/8' }, /^--pod-cidr 10\.0\.0\.0\/8 and --service-cidr 10\.96\.0\.0\/16 overlap/],
];

for (const [request, message] of refused)
  test(`a cluster with ${JSON.stringify(request)} is refused`, () =>
    assert.throws(() => checkRequest(request), { message }));

test('a cluster with the defaults, with the smallest and with other networks is taken', () => {
  checkRequest({});
  checkRequest({ snapshotInterval: '6h' });
  checkRequest({ snapshotInterval: '', servers: 3 });
  checkRequest({ nodes: 1, podCidr: '10.1.0.0/24', serviceCidr: '10.2.0.0/24' });
  checkRequest({ nodes: 100, podCidr: '172.16.0.0/17', serviceCidr: '192.168.0.0/16', apiPort: 1 });
});

test('names of clusters', () => {
  for (const name of ['a', 'dev', 'a-1', '9', 'x'.repeat(30)]) checkClusterName(name);
  for (const name of ['', 'A', 'a_b', '-a', 'a-', 'a.b', '../a', 'a/b', 'x'.repeat(31)])
    assert.throws(() => checkClusterName(name), { message: /cannot name a cluster/ });
});
