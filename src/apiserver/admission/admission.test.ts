import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node, Pod } from '#api';
import { seededRandom, VirtualClock } from '#base';
import { isStatusError, message, resource, type KubeObject, type Resource } from '#machinery';
import { admissionChain, type Attributes, type Lookup } from './index.ts';

class Anything extends message('Any kind.', {}) {}
const resourceOf = (plural: string, namespaced: boolean): Resource<KubeObject> =>
  resource<KubeObject>({ group: '', version: 'v1', kind: Anything as never, plural, namespaced });
const pods = resourceOf('pods', true);

function lookupOf(objects: Record<string, KubeObject>): Lookup {
  const find = ({ plural }: { plural: string }, ns: string, name: string): KubeObject | undefined =>
    objects[[plural, ns, name].filter((part) => part !== '').join('/')];
  const list: Lookup['list'] = ({ plural }) =>
    Object.keys(objects).flatMap((key) => (key.startsWith(`${plural}/`) ? (objects[key] ?? []) : []));
  return { cached: find, list, read: (...of) => Promise.resolve(find(...of)) };
}

const cluster = {
  'namespaces/a': { metadata: { name: 'a' } },
  'namespaces/gone': { metadata: { name: 'gone' }, status: { phase: 'Terminating' } },
  'priorityclasses/system-node-critical': { metadata: { name: 'system-node-critical' }, value: 2_000_001_000 },
  'serviceaccounts/a/default': { metadata: { name: 'default' }, imagePullSecrets: [{ name: 'pull' }] },
};

const newPod = (spec: Partial<Pod['spec']> = {}): Pod => ({
  metadata: { name: 'p', namespace: 'a' },
  spec: { containers: [{ name: 'c' }], ...spec },
  status: {},
});

function attributes(more: Partial<Attributes>): Attributes {
  const user = { name: 'tester', groups: [] };
  return {
    operation: 'CREATE',
    resource: pods,
    subresource: '',
    namespace: 'a',
    name: 'p',
    user,
    dryRun: false,
    ...more,
  };
}

async function admit(more: Partial<Attributes>): Promise<void> {
  const clock = new VirtualClock();
  const quotas = { change: () => Promise.resolve() };
  const chain = admissionChain({ lookup: lookupOf(cluster), quotas, clock, random: seededRandom(5) });
  const admitted = Promise.try(() => chain.mutate(attributes(more)));
  admitted.catch(() => {});
  // As long as the default account of a new namespace is waited for.
  await clock.advance(2_000);
  await admitted;
}

test('a pod gets its account, its token, its pull secrets, its tolerations and its priority', async () => {
  const object = newPod();
  await admit({ object });
  const { spec } = object;
  assert.equal(spec.serviceAccountName, 'default');
  assert.deepEqual(spec.imagePullSecrets, [{ name: 'pull' }]);
  const [volume] = spec.volumes ?? [];
  assert.match(volume?.name ?? '', /^kube-api-access-[a-z0-9]{5}$/);
  assert.equal(volume?.projected?.sources?.[0]?.serviceAccountToken?.expirationSeconds, 3607);
  assert.equal(volume?.projected?.sources?.[1]?.configMap?.name, 'kube-root-ca.crt');
  assert.deepEqual(spec.containers[0]?.volumeMounts, [
    { name: volume?.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
  ]);
  assert.deepEqual(
    spec.tolerations?.map(({ key, tolerationSeconds }) => [key, tolerationSeconds]),
    [
      ['node.kubernetes.io/not-ready', 300],
      ['node.kubernetes.io/unreachable', 300],
    ],
  );
  assert.deepEqual([spec.priority, spec.preemptionPolicy], [0, 'PreemptLowerPriority']);
});

test('a pod that wants no token gets none, and one that tolerates everything nothing more', async () => {
  const object = newPod({ automountServiceAccountToken: false, tolerations: [{ operator: 'Exists' }] });
  await admit({ object });
  assert.equal(object.spec.volumes, undefined);
  assert.equal(object.spec.tolerations?.length, 1);
});

test('a missing account is refused', async () => {
  const message = 'pods "p" is forbidden: error looking up service account a/other: serviceaccount "other" not found';
  await assert.rejects(admit({ object: newPod({ serviceAccountName: 'other' }) }), { message });
});

test('nothing is made in a namespace that is missing or ending', async () => {
  await assert.rejects(admit({ namespace: 'nowhere', object: newPod() }), {
    message: 'namespaces "nowhere" not found',
  });
  await assert.rejects(admit({ namespace: 'gone', object: newPod() }), (error) => {
    assert.ok(isStatusError(error, 'Forbidden'));
    assert.equal(
      error.message,
      'pods "p" is forbidden: unable to create new content in namespace gone because it is being terminated',
    );
    const [cause] = error.status.details?.causes ?? [];
    assert.deepEqual(cause, {
      reason: 'NamespaceTerminating',
      message: 'namespace gone is being terminated',
      field: 'metadata.namespace',
    });
    return true;
  });
  await assert.rejects(
    admit({ operation: 'DELETE', resource: resourceOf('namespaces', false), namespace: '', name: 'kube-system' }),
    { message: 'namespaces "kube-system" is forbidden: this namespace may not be deleted' },
  );
});

test('priority classes of the system are known, others are not', async () => {
  const object = newPod({ priorityClassName: 'system-node-critical' });
  await admit({ object });
  assert.equal(object.spec.priority, 2_000_001_000);
  await assert.rejects(
    admit({ object: newPod({ priorityClassName: 'mine' }) }),
    /no PriorityClass with name mine was found/,
  );
  await assert.rejects(
    admit({ object: newPod({ priority: 5 }) }),
    /the integer value of priority \(5\) must not be provided/,
  );
});

test('a new node takes no pods yet', async () => {
  const object = { metadata: { name: 'n' }, spec: {}, status: {} } as Node;
  await admit({ resource: resourceOf('nodes', false), namespace: '', name: 'n', object });
  assert.deepEqual(object.spec.taints, [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }]);
});

for (const [what, spec, why] of [
  ['an account', { serviceAccountName: 'x' }, 'reference service accounts'],
  ['a secret', { volumes: [{ name: 'v', secret: { secretName: 's' } }] }, 'reference secrets'],
  [
    'a token',
    { volumes: [{ name: 'v', projected: { sources: [{ serviceAccountToken: { path: 'p' } }] } }] },
    'use ServiceAccountToken volume projections',
  ],
] as const) {
  test(`a mirror pod has not ${what}`, async () => {
    const object = newPod(structuredClone(spec) as Partial<Pod['spec']>);
    object.metadata.annotations = { 'kubernetes.io/config.mirror': 'x' };
    const message = `pods "p" is forbidden: a mirror pod may not ${why}`;
    await assert.rejects(admit({ object }), (error) => isStatusError(error, 'Forbidden') && error.message === message);
  });
}
