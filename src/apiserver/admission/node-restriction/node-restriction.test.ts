import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { allResources, type CertificateSigningRequest, type Node, type PersistentVolumeClaim, type Pod } from '#api';
import { StatusError, type KubeObject, type Resource } from '#machinery';
import { createCsr } from '#wire';
import type { Attributes, Lookup } from '../plugin.ts';
import { NodeRestriction } from './node-restriction.ts';

const user = { name: 'system:node:n', groups: ['system:nodes'] };

function resourceOf(plural: string): Resource<KubeObject> {
  const found = allResources.find((one) => one.plural === plural);
  if (!found) throw new Error(`there are no ${plural}`);
  return found as Resource<KubeObject>; // each has metadata
}

const containers = [{ name: 'c', image: 'i' }];
const pod = (name: string, spec: Partial<Pod['spec']> = {}, metadata: KubeObject['metadata'] = {}): Pod => ({
  metadata: { name, namespace: 'ns', uid: `${name}-uid`, ...metadata },
  spec: { containers, nodeName: 'n', ...spec },
  status: {},
});
const token = { serviceAccountToken: { path: 't', audience: 'vault' } };

const cluster: Record<string, KubeObject> = {
  'nodes/n': { metadata: { name: 'n', uid: 'n-uid' } },
  'pods/ns/mine': pod('mine', {
    volumes: [
      { name: 'tokens', projected: { sources: [token, { serviceAccountToken: { path: 'own' } }] } },
      { name: 'claimed', persistentVolumeClaim: { claimName: 'claim' } },
    ],
  }),
  'pods/ns/other': pod('other', { nodeName: 'elsewhere' }),
  'persistentvolumeclaims/ns/claim': { metadata: {}, spec: { volumeName: 'volume' } } as KubeObject,
  'persistentvolumes/volume': { metadata: {}, spec: { csi: { driver: 'driver' } } } as KubeObject,
  'csidrivers/driver': { metadata: {}, spec: { tokenRequests: [{ audience: 'storage' }] } } as KubeObject,
};

function lookup(): Lookup {
  const cached: Lookup['cached'] = ({ plural }, ns, name) =>
    cluster[[plural, ns, name].filter((part) => part !== '').join('/')];
  return { cached, list: () => [], read: (...of) => Promise.resolve(cached(...of)) };
}

const plugin = new NodeRestriction({
  lookup,
  authorizer: () => ({ authorize: ({ resource }) => ({ allowed: resource === 'granted', reason: '' }) }),
});

type Write = Partial<Attributes> & { plural: string };

/** '' where the write passes, else the words behind the name of the object. */
async function judged({ plural, ...more }: Write): Promise<string> {
  const name = more.name ?? more.object?.metadata.name ?? more.old?.metadata.name ?? '';
  const given = { operation: 'UPDATE', subresource: '', namespace: 'ns', user, dryRun: false, ...more } as const;
  try {
    await plugin.mutate({ ...given, name, resource: resourceOf(plural) });
    return '';
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    assert.equal(error.code, error.reason === 'NotFound' ? 404 : 403);
    return error.message.replace(/^.* is forbidden: /, '');
  }
}

function cases(title: string, table: readonly (readonly [what: string, write: Write, words?: string])[]): void {
  suite(title, () => {
    for (const [what, write, words = ''] of table) test(what, async () => assert.equal(await judged(write), words));
  });
}

const owner = { apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'n-uid', controller: true };
const annotations = { 'kubernetes.io/config.mirror': 'x' };
const mirror = (spec: Partial<Pod['spec']> = {}, metadata: KubeObject['metadata'] = {}): Write => ({
  plural: 'pods',
  operation: 'CREATE',
  object: pod('static-n', spec, { annotations, ownerReferences: [owner], ...metadata }),
});

cases('pods of a node', [
  ['a mirror pod', mirror()],
  [
    'a pod that is no mirror',
    mirror({}, { annotations: {} }),
    'pod does not have "kubernetes.io/config.mirror" annotation, node "n" can only create mirror pods',
  ],
  ['elsewhere', mirror({ nodeName: 'm' }), 'node "n" can only create pods with spec.nodeName set to itself'],
  [
    'of nobody',
    mirror({}, { ownerReferences: [] }),
    'node "n" can only create pods with an owner reference set to itself',
  ],
  [
    'of two',
    mirror({}, { ownerReferences: [owner, owner] }),
    'node "n" can only create pods with a single owner reference set to itself',
  ],
  [
    'not controlled',
    mirror({}, { ownerReferences: [{ ...owner, controller: false }] }),
    'node "n" can only create pods with a controller owner reference set to itself',
  ],
  [
    'holding its owner',
    mirror({}, { ownerReferences: [{ ...owner, blockOwnerDeletion: true }] }),
    'node "n" must not set blockOwnerDeletion on an owner reference',
  ],
  [
    'of an earlier node',
    mirror({}, { ownerReferences: [{ ...owner, uid: 'old' }] }),
    'node n UID mismatch: expected old got n-uid',
  ],
  [
    'with a secret in its environment',
    mirror({ containers: [{ name: 'c', env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] }] }),
    'node "n" can not create pods that reference secrets',
  ],
  [
    'with a config map',
    mirror({ volumes: [{ name: 'v', configMap: { name: 'm' } }] }),
    'node "n" can not create pods that reference configmaps',
  ],
  [
    'with a claim',
    mirror({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] }),
    'node "n" can not create pods that reference persistentvolumeclaims',
  ],
  [
    'with an account',
    mirror({ serviceAccountName: 'default' }),
    'node "n" can not create pods that reference serviceaccounts',
  ],
  ['its own deleted', { plural: 'pods', operation: 'DELETE', old: pod('mine') }],
  [
    "another node's deleted",
    { plural: 'pods', operation: 'DELETE', old: pod('other', { nodeName: 'm' }) },
    'node "n" can only delete pods with spec.nodeName set to itself',
  ],
  [
    'changed',
    { plural: 'pods', object: pod('mine'), old: pod('mine') },
    'unexpected operation "UPDATE", node "n" can only create and delete mirror pods',
  ],
  ['the status of its own', { plural: 'pods', subresource: 'status', object: pod('mine'), old: pod('mine') }],
  [
    "another's status",
    { plural: 'pods', subresource: 'status', object: pod('a'), old: pod('a', { nodeName: 'm' }) },
    'node "n" can only update pod status for pods with spec.nodeName set to itself',
  ],
  [
    'labels by the status',
    { plural: 'pods', subresource: 'status', object: pod('a', {}, { labels: { a: 'b' } }), old: pod('a') },
    'node "n" cannot update labels through pod status',
  ],
  ['its own evicted', { plural: 'pods', subresource: 'eviction', operation: 'CREATE', object: pod('mine') }],
  [
    "another's evicted",
    { plural: 'pods', subresource: 'eviction', operation: 'CREATE', object: pod('other') },
    'node n can only evict pods with spec.nodeName set to itself',
  ],
  [
    'none evicted',
    { plural: 'pods', subresource: 'eviction', operation: 'CREATE', object: pod('none') },
    'pod "none" not found',
  ],
  [
    'bound',
    { plural: 'pods', subresource: 'binding', object: pod('mine') },
    "unexpected pod subresource \"binding\", only 'status' and 'eviction' are allowed",
  ],
]);

const node = (labels: Record<string, string>, spec: Node['spec'] = {}, name = 'n'): Node => ({
  metadata: { name, labels },
  spec,
  status: {},
});
const known = { 'kubernetes.io/hostname': 'n', 'a.kubelet.kubernetes.io/x': 'y', 'example.com/any': 'z' };
const taints = [{ key: 'k', effect: 'NoSchedule' as const }];

cases('the Node itself', [
  ['made with labels of a kubelet', { plural: 'nodes', operation: 'CREATE', object: node(known, { taints }) }],
  [
    'made with others',
    {
      plural: 'nodes',
      operation: 'CREATE',
      object: node({ ...known, 'node-role.kubernetes.io/worker': '', 'node-restriction.kubernetes.io/a': '' }),
    },
    'node "n" is not allowed to set the following labels: node-restriction.kubernetes.io/a, node-role.kubernetes.io/worker',
  ],
  [
    "another's",
    { plural: 'nodes', operation: 'CREATE', object: node({}, {}, 'm') },
    'node "n" is not allowed to modify node "m"',
  ],
  ['changed', { plural: 'nodes', object: node(known), old: node({}) }],
  [
    'relabelled',
    { plural: 'nodes', object: node({}), old: node({ 'x.k8s.io/a': 'b' }) },
    'is not allowed to modify labels: x.k8s.io/a',
  ],
  [
    'freed of taints',
    { plural: 'nodes', object: node({}), old: node({}, { taints }) },
    'node "n" is not allowed to modify taints',
  ],
]);

const claim = (status: PersistentVolumeClaim['status'], labels: Record<string, string> = {}): KubeObject =>
  ({ metadata: { name: 'c', labels }, spec: {}, status }) as KubeObject;
const inNodeLease = { plural: 'leases', namespace: 'kube-node-lease' } as const;
const slice = (nodeName: string): KubeObject => ({ metadata: { name: 's' }, spec: { nodeName } }) as KubeObject;

cases('what else a node writes', [
  [
    'the size of a volume',
    {
      plural: 'persistentvolumeclaims',
      subresource: 'status',
      object: claim({ capacity: { storage: '1Gi' } }),
      old: claim({}),
    },
  ],
  [
    'more of a claim',
    { plural: 'persistentvolumeclaims', subresource: 'status', object: claim({}, { a: 'b' }), old: claim({}) },
    'node "n" is not allowed to update fields other than status.quantity and status.conditions',
  ],
  ['a claim', { plural: 'persistentvolumeclaims', object: claim({}), old: claim({}) }, 'may only update PVC status'],
  ['its lease', { ...inNodeLease, operation: 'CREATE', object: { metadata: { name: 'n' } } }],
  [
    "another's lease",
    { ...inNodeLease, object: { metadata: { name: 'm' } } },
    'can only access node lease with the same name as the requesting node',
  ],
  [
    'a lease of somebody',
    { plural: 'leases', object: { metadata: { name: 'n' } } },
    'can only access leases in the "kube-node-lease" system namespace',
  ],
  [
    "another's CSINode",
    { plural: 'csinodes', object: { metadata: { name: 'm' } } },
    'can only access CSINode with the same name as the requesting node',
  ],
  ['its devices', { plural: 'resourceslices', operation: 'CREATE', object: slice('n') }],
  [
    "another's devices",
    { plural: 'resourceslices', operation: 'DELETE', old: slice('m') },
    'can only delete ResourceSlice with the same NodeName as the requesting node',
  ],
  ['anything else', { plural: 'configmaps', object: { metadata: { name: 'x' } } }],
  ['as no node', { plural: 'nodes', object: node({}, {}, 'm'), user: { name: 'admin', groups: [] } }],
  [
    'as a node without a name',
    { plural: 'nodes', object: node({}), user: { ...user, name: 'system:node:' } },
    'could not determine node from user "system:node:"',
  ],
]);

const request = (name: string, audiences: string[], uid = `${name}-uid`): Write => ({
  plural: 'serviceaccounts',
  subresource: 'token',
  operation: 'CREATE',
  name: 'account',
  object: {
    metadata: {},
    spec: { audiences, boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid } },
  } as KubeObject,
});

cases('tokens for its pods', [
  ["the server's", request('mine', [])],
  ['of a projected volume', request('mine', ['vault'])],
  ['of a driver', request('mine', ['storage'])],
  ['that a rule grants', request('mine', ['granted'])],
  [
    'for anybody else',
    request('mine', ['bank']),
    'audience "bank" not found in pod spec volume, system:node:n is not authorized to request tokens for this audience',
  ],
  ['for two at once', request('mine', ['vault', 'storage']), 'node may only request 0 or 1 audiences'],
  ['for a pod elsewhere', request('other', []), 'node requested token bound to a pod scheduled on a different node'],
  ['for no pod', request('', []), 'node requested token not bound to a pod'],
  ['for a pod without a uid', request('mine', [], ''), 'node requested token with a pod binding without a uid'],
  ['for a pod that is not there', request('none', []), 'pod "none" not found'],
]);

test('a node asks for certificates in its own name', async () => {
  const ask = async (commonName: string): Promise<string> => {
    const { csrPem } = await createCsr({ commonName, organizations: ['system:nodes'] });
    const spec = { signerName: 'kubernetes.io/kubelet-serving', request: Buffer.from(csrPem).toString('base64') };
    const object = { metadata: { name: 'csr' }, spec } as CertificateSigningRequest;
    return judged({ plural: 'certificatesigningrequests', operation: 'CREATE', object });
  };
  assert.equal(await ask('system:node:n'), '');
  assert.equal(await ask('system:node:m'), 'can only create a node CSR with CN=system:node:n');
});
