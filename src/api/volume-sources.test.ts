import assert from 'node:assert/strict';
import { test } from 'node:test';
import { persistentVolumes } from './core/v1/persistent-volumes.ts';
import { pods } from './core/v1/pods.ts';
import { deployments } from './apps/v1/deployments.ts';
import { causes } from './testing/submit.ts';

const containers = [{ name: 'a', image: 'web' }];

function podWith(...volumes: object[]): object {
  const spec = { serviceAccountName: 'me', containers, volumes };
  return { metadata: { name: 'one', namespace: 'default' }, spec };
}

function persistent(source: object): object {
  const spec = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], ...source };
  return { metadata: { name: 'one' }, spec };
}

const iqn = 'iqn.2001-04.com.example:disk';
const disks = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';
const longPath = '1.2.3.4:'.repeat(9);
const tooLong =
  'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** What is wrong with a source, in a pod and in a persistent volume: below the path of the volume, or of the spec. */
const shared: [what: string, source: object, causes: string[]][] = [
  [
    'a Google disk',
    { gcePersistentDisk: { pdName: '', partition: 300 } },
    [
      'persistentDisk.pdName: Required value',
      'persistentDisk.partition: Invalid value: 300: must be between 1 and 255, inclusive',
    ],
  ],
  [
    'an Amazon disk',
    { awsElasticBlockStore: { partition: -1 } },
    [
      'awsElasticBlockStore.volumeID: Required value',
      'awsElasticBlockStore.partition: Invalid value: -1: must be between 1 and 255, inclusive',
    ],
  ],
  [
    'an Azure disk',
    { azureDisk: { diskName: 'd', diskURI: 'ftp://x', cachingMode: 'Some', kind: 'Other' } },
    [
      'azureDisk.cachingMode: Unsupported value: "Some": supported values: "None", "ReadOnly", "ReadWrite"',
      'azureDisk.kind: Unsupported value: "Other": supported values: "Dedicated", "Managed", "Shared"',
      `azureDisk.diskURI: Unsupported value: "ftp://x": supported values: "${disks}"`,
    ],
  ],
  ['monitors', { rbd: { monitors: [], image: 'i' } }, ['rbd.monitors: Required value']],
  ['nothing to mount', { cephfs: { monitors: [] } }, ['cephfs.monitors: Required value']],
  ['a flocker', { flocker: {} }, ['flocker: Required value: one of datasetName and datasetUUID is required']],
  [
    'a Quobyte registry',
    { quobyte: { registry: '', volume: 'v' } },
    ['quobyte.registry: Required value: must be a host:port pair or multiple pairs separated by commas'],
  ],
  [
    'Fibre Channel',
    { fc: { targetWWNs: ['a'], wwids: ['b'] } },
    [
      'fc.targetWWNs: Invalid value: ["a"]: targetWWNs and wwids can not be specified simultaneously',
      'fc.lun: Required value: lun is required if targetWWNs is specified',
    ],
  ],
  [
    'options of Kubernetes',
    { flexVolume: { driver: 'd', options: { 'kubernetes.io/x': 'y' } } },
    [
      'flexVolume.options[kubernetes.io/x]: Invalid value: "kubernetes.io/x": kubernetes.io and k8s.io namespaces are reserved',
    ],
  ],
  ['a relative path', { nfs: { server: 's', path: 'x' } }, ['nfs.path: Invalid value: "x": must be an absolute path']],
  ['a way up', { hostPath: { path: '/a/../b' } }, [`hostPath.path: Invalid value: "/a/../b": must not contain '..'`]],
  [
    'ScaleIO',
    { scaleIO: { gateway: 'g', system: 's', secretRef: { name: 'n', namespace: 'm' } } },
    ['scaleIO.volumeName: Required value'],
  ],
];

for (const [what, source, expected] of shared) {
  test(`a volume with ${what}`, () => {
    const inPod = causes(pods, podWith({ name: 'v', ...withoutNamespace(source) }));
    assert.deepEqual(inPod.toSorted(), expected.map((one) => `spec.volumes[0].${one}`).toSorted());
    assert.deepEqual(
      causes(persistentVolumes, persistent(source)).toSorted(),
      expected.map((one) => `spec.${one}`).toSorted(),
    );
  });
}

/** A pod's Secrets are of its own namespace. */
function withoutNamespace(source: object): object {
  return JSON.parse(JSON.stringify(source, (key, value: unknown) => (key === 'namespace' ? undefined : value)));
}

const ofPods: [what: string, volumes: object[], causes: string[]][] = [
  [
    'two sources',
    [{ name: 'v', emptyDir: {}, cephfs: { monitors: ['m'] }, downwardAPI: { items: [] } }],
    ['cephFS', 'downwarAPI'].map(
      (kind) => `spec.volumes[0].${kind}: Forbidden: may not specify more than 1 volume type`,
    ),
  ],
  [
    'an initiator without a form',
    [{ name: 'v', iscsi: { targetPortal: longPath, iqn: 'x', lun: 0, initiatorName: 'eui.1' } }],
    [
      'spec.volumes[0].iscsi.iqn: Invalid value: "x": must be valid format starting with iqn, eui, or naa',
      'spec.volumes[0].iscsi.initiatorname: Invalid value: "eui.1": must be valid format',
      `spec.volumes[0].name: Invalid value: "v": ${tooLong}`,
    ],
  ],
  [
    'a repository above its volume',
    [{ name: 'v', gitRepo: { repository: 'r', directory: '/..' } }],
    [
      'spec.volumes[0].gitRepo.directory: Invalid value: "/..": must be a relative path',
      `spec.volumes[0].gitRepo.directory: Invalid value: "/..": must not contain '..'`,
    ],
  ],
  [
    'a CSI driver and a Secret of bad names',
    [{ name: 'v', csi: { driver: 'a/b', nodePublishSecretRef: { name: 'A_b' } } }],
    [
      `spec.volumes[0].csi.driver: Invalid value: "a/b": ${subdomain}`,
      `spec.volumes[0].csi.name: Invalid value: "A_b": ${subdomain}`,
    ],
  ],
  [
    'Secrets that nobody named',
    [{ name: 'v', cinder: { volumeID: 'x', secretRef: {} } }],
    ['spec.volumes[0].cinder.secretRef.name: Required value'],
  ],
  ['an image that is none', [{ name: 'v', image: {} }], ['spec.volumes[0].image.reference: Required value']],
  [
    'the claim that is made for another of its volumes',
    [
      { name: 'a', ephemeral: { volumeClaimTemplate: { spec: claim() } } },
      { name: 'b', persistentVolumeClaim: { claimName: 'one-a' } },
    ],
    [
      'spec.volumes[1].persistentVolumeClaim.claimName: Invalid value: "one-a": must not reference a PVC that gets created for an ephemeral volume',
    ],
  ],
  [
    'a token for too short a time',
    [{ name: 'v', projected: { sources: [{ serviceAccountToken: { path: '', expirationSeconds: 1 } }] } }],
    [
      'spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 1: may not specify a duration less than 10 minutes',
      'spec.volumes[0].projected.path: Required value',
    ],
  ],
  [
    'a bundle by its name and by its signer',
    [{ name: 'v', projected: { sources: [{ clusterTrustBundle: { path: 'f', name: 'a', signerName: 'b.c/d' } }] } }],
    [
      'spec.volumes[0].projected.sources[0].clusterTrustBundle: Invalid value: {"name":"a","signerName":"b.c/d","path":"f"}: only one of name and signerName may be used',
    ],
  ],
  [
    'a certificate into no file',
    [
      {
        name: 'v',
        projected: {
          sources: [
            {
              podCertificate: {
                signerName: 'kubernetes.io/x',
                keyType: 'DSA',
                maxExpirationSeconds: 100_000,
                userAnnotations: { plain: 'x' },
              },
            },
          ],
        },
      },
    ],
    [
      'userAnnotations: Invalid value: "plain": must be a domain-prefixed key (such as "acme.io/foo")',
      'keyType: Unsupported value: "DSA": supported values: "RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"',
      'maxExpirationSeconds: Invalid value: 100000: if provided, maxExpirationSeconds must be <= 86400',
    ]
      .map((one) => `spec.volumes[0].projected.sources[0].podCertificate.${one}`)
      .concat(
        'spec.volumes[0].projected.sources[0].podCertificate: Required value: specify at least one of credentialBundlePath, keyPath, and certificateChainPath',
      ),
  ],
  [
    'one file of two sources',
    [
      {
        name: 'v',
        projected: {
          sources: [
            { configMap: { name: 'c', items: [{ key: 'k', path: 'f' }] } },
            { clusterTrustBundle: { name: 'a', path: 'f' } },
          ],
        },
      },
    ],
    ['spec.volumes[0].projected: Invalid value: "f": conflicting duplicate paths'],
  ],
];

function claim(): object {
  return { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
}

for (const [what, volumes, expected] of ofPods) {
  test(`a pod with ${what}`, () => assert.deepEqual(causes(pods, podWith(...volumes)), expected));
}

test('what only a pod knows is not asked of a template', () => {
  const labels = { app: 'web' };
  const volumes = [{ name: 'v', image: {} }];
  const template = { metadata: { labels }, spec: { containers, volumes } };
  const metadata = { name: 'one', namespace: 'default' };
  assert.deepEqual(causes(deployments, { metadata, spec: { selector: { matchLabels: labels }, template } }), []);
});

test('a volume that is at fault is there for nobody', () => {
  const mounting = [{ ...containers[0], volumeMounts: [{ name: 'v', mountPath: '/v' }] }];
  const spec = {
    serviceAccountName: 'me',
    containers: mounting,
    volumes: [{ name: 'v', nfs: { server: 's', path: 'x' } }],
  };
  assert.deepEqual(causes(pods, { metadata: { name: 'one', namespace: 'default' }, spec }), [
    'spec.volumes[0].nfs.path: Invalid value: "x": must be an absolute path',
    'spec.containers[0].volumeMounts[0].name: Not found: "v"',
  ]);
});

test("an initiator's name and a volume's are one to the kernel", () => {
  const disk = { targetPortal: longPath, iqn, lun: 0, initiatorName: iqn };
  assert.deepEqual(causes(persistentVolumes, persistent({ iscsi: disk })), [
    `spec.iscsi.targetportal: Invalid value: "${longPath}": ${tooLong}`,
  ]);
});
