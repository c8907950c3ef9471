import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource } from '#machinery';
import { endpoints } from './core/v1/endpoints-resource.ts';
import { nodes } from './core/v1/nodes.ts';
import { persistentVolumeClaims } from './core/v1/persistent-volume-claims.ts';
import { persistentVolumes } from './core/v1/persistent-volumes.ts';
import { resourceQuotas } from './core/v1/resource-quotas.ts';
import { secrets } from './core/v1/secrets.ts';
import { serviceAccounts } from './core/v1/service-accounts.ts';
import { endpointSlices } from './discovery/v1/endpoint-slices.ts';
import { ingresses } from './networking/v1/ingresses.ts';
import { networkPolicies } from './networking/v1/network-policies.ts';
import { runtimeClasses } from './node/v1/runtime-classes.ts';
import { resourceSlices } from './resource/v1/resource-slices.ts';
import { csiDrivers } from './storage/v1/csi-drivers.ts';
import { csiStorageCapacities } from './storage/v1/csi-storage-capacities.ts';
import { storageClasses } from './storage/v1/storage-classes.ts';
import { warningsOf } from './testing/submit.ts';

const metadata = { name: 'one' };
const long = 'FD00:0::1';
const short = '"fd00::1"';
const zone = 'failure-domain.beta.kubernetes.io/zone';
const oldZone = 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead';

function annotated(annotations: object): object {
  return { metadata: { ...metadata, annotations } };
}

const told: [what: string, resource: Resource<object>, object: object, warnings: string[]][] = [
  [
    'a volume of a kind and a policy whose time is over',
    persistentVolumes as Resource<object>,
    {
      ...annotated({ 'volume.beta.kubernetes.io/mount-options': 'ro' }),
      spec: {
        persistentVolumeReclaimPolicy: 'Recycle',
        rbd: { monitors: ['m'], image: 'i' },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: zone, operator: 'Exists' }] }] } },
      },
    },
    [
      'metadata.annotations[volume.beta.kubernetes.io/mount-options]: deprecated since v1.31; use "mountOptions" attribute instead',
      'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
      `spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].key: ${zone} is ${oldZone}`,
      'spec.rbd: deprecated in v1.28, non-functional in v1.31+',
    ],
  ],
  [
    'a claim for half a byte',
    persistentVolumeClaims as Resource<object>,
    {
      ...annotated({ 'volume.beta.kubernetes.io/storage-class': 'a' }),
      spec: { resources: { requests: { storage: '1500m' } } },
    },
    [
      'metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead',
      'spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer',
    ],
  ],
  [
    'a node of an older time',
    nodes as Resource<object>,
    { metadata, spec: { externalID: 'x', configSource: {}, podCIDRs: ['FD00:0::/64'] } },
    [
      'spec.configSource: the feature is removed',
      'spec.externalID: this field is deprecated, and is unused by Kubernetes',
      'spec.podCIDRs[0]: IPv6 CIDR value "FD00:0::/64" should be in RFC 5952 canonical format ("fd00::/64")',
    ],
  ],
  [
    'a service account whose secrets are counted',
    serviceAccounts as Resource<object>,
    annotated({ 'kubernetes.io/enforce-mountable-secrets': 'true' }),
    [
      'metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets',
    ],
  ],
  [
    'a quota that lets more be requested than used',
    resourceQuotas as Resource<object>,
    { metadata, spec: { hard: { cpu: '2', 'limits.cpu': '1', 'requests.memory': '1Gi', 'limits.memory': '1Gi' } } },
    ['ResourceQuota cpu (2) should be less than limits.cpu (1)'],
  ],
  [
    'a certificate that is none',
    secrets as Resource<object>,
    { metadata, type: 'kubernetes.io/tls', data: { 'tls.crt': '', 'tls.key': '' } },
    ['tls: failed to find any PEM data in certificate input'],
  ],
  [
    'endpoints that could be shorter',
    endpoints as Resource<object>,
    { metadata, subsets: [{ notReadyAddresses: [{ ip: long }] }] },
    [`subsets[0].notReadyAddresses[0].ip: IPv6 address "${long}" should be in RFC 5952 canonical format (${short})`],
  ],
  [
    'a slice that could be shorter',
    endpointSlices as Resource<object>,
    { metadata, addressType: 'IPv6', endpoints: [{ addresses: [long] }] },
    [`endpoints[0].addresses[0]: IPv6 address "${long}" should be in RFC 5952 canonical format (${short})`],
  ],
  [
    'a slice of names',
    endpointSlices as Resource<object>,
    { metadata, addressType: 'FQDN', endpoints: [] },
    ['spec.addressType: FQDN endpoints are deprecated'],
  ],
  [
    'an ingress whose class is an annotation',
    ingresses as Resource<object>,
    { ...annotated({ 'kubernetes.io/ingress.class': 'a' }), spec: {} },
    [`annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`],
  ],
  [
    'a policy about ranges that could be shorter',
    networkPolicies as Resource<object>,
    { metadata, spec: { podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: 'FD00::/8' } }] }] } },
    [
      'spec.egress[0].to[0].ipBlock.cidr: IPv6 CIDR value "FD00::/8" should be in RFC 5952 canonical format ("fd00::/8")',
    ],
  ],
  [
    'a runtime on nodes of old labels',
    runtimeClasses as Resource<object>,
    { metadata, handler: 'h', scheduling: { nodeSelector: { [zone]: 'a' } } },
    [`scheduling.nodeSelector: ${oldZone}`],
  ],
  [
    'a class on nodes of old labels',
    storageClasses as Resource<object>,
    { metadata, provisioner: 'p', allowedTopologies: [{ matchLabelExpressions: [{ key: zone, values: ['a'] }] }] },
    [`allowedTopologies[0].matchLabelExpressions[0].key: ${oldZone}`],
  ],
  [
    'room on nodes of old labels',
    csiStorageCapacities as Resource<object>,
    { metadata, storageClassName: 'a', nodeTopology: { matchLabels: { [zone]: 'a' } } },
    [`nodeTopology.matchLabels.${zone}: ${oldZone}`],
  ],
  [
    'a driver that is told tokens among other things',
    csiDrivers as Resource<object>,
    { metadata, spec: { tokenRequests: [{ audience: 'a' }] } },
    [
      'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes',
    ],
  ],
  [
    'a driver with capitals',
    resourceSlices as Resource<object>,
    { metadata, spec: { driver: 'A.b', pool: { name: 'p', generation: 0, resourceSliceCount: 1 }, allNodes: true } },
    ['spec.driver: driver names should be lowercase; "A.b" contains uppercase characters'],
  ],
];

for (const [what, resource, object, expected] of told) {
  test(`of ${what}`, () => assert.deepEqual(warningsOf(resource, object), expected));
}

test('of what was told when it came nothing is told when it changes', () => {
  const account = annotated({ 'kubernetes.io/enforce-mountable-secrets': 'true' });
  assert.deepEqual(warningsOf(serviceAccounts, account, account), []);
  const ingress = { ...annotated({ 'kubernetes.io/ingress.class': 'a' }), spec: {} };
  assert.deepEqual(warningsOf(ingresses, ingress, ingress), []);
  const driver = { metadata, spec: { tokenRequests: [{ audience: 'a' }] } };
  assert.deepEqual(warningsOf(csiDrivers, driver, driver), []);
});
