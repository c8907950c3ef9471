import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '#api';
import { openRegistryHarness, type RegistryHarness } from '../../registry/testing/registry-harness.ts';

/** A registry with these limits in the namespace `default`, which admission knows of. */
async function openLimited(...limits: object[]): Promise<RegistryHarness> {
  const harness = await openRegistryHarness();
  await harness.create('serviceaccounts', 'default', { metadata: { name: 'default' } });
  await harness.create('limitranges', 'default', { metadata: { name: 'limits' }, spec: { limits } });
  await harness.rest('limitranges').list(harness.context, 'default', {});
  return harness;
}

function podOf(name: string, containers: object[], spec: object = {}): object {
  return {
    metadata: { name },
    spec: { containers: containers.map((one, at) => ({ name: `c${at}`, image: 'i', ...one })), ...spec },
  };
}

test('containers get what they do not tell, and the pod says so', async () => {
  const item = { type: 'Container', default: { cpu: '1', memory: '2Mi' }, defaultRequest: { cpu: '500m' } };
  await using harness = await openLimited(item);
  const init = { name: 'i', image: 'i' };
  const pod = await harness.create<Pod>(
    'pods',
    'default',
    podOf('p', [{ resources: { requests: { cpu: '100m' } } }], { initContainers: [init] }),
  );
  assert.deepEqual(pod.spec.containers[0]?.resources, {
    limits: { cpu: '1', memory: '2Mi' },
    requests: { cpu: '100m', memory: '2Mi' },
  });
  assert.deepEqual(pod.spec.initContainers?.[0]?.resources?.requests, { cpu: '500m', memory: '2Mi' });
  assert.equal(
    pod.metadata.annotations?.['kubernetes.io/limit-ranger'],
    'LimitRanger plugin set: memory request for container c0; cpu, memory limit for container c0; cpu, memory request for init container i; cpu, memory limit for init container i',
  );
});

const cases: [what: string, item: object, resources: object, why: string][] = [
  [
    'too little',
    { type: 'Container', min: { cpu: '1' } },
    { requests: { cpu: '500m' } },
    'minimum cpu usage per Container is 1, but request is 500m',
  ],
  [
    'too much',
    { type: 'Container', max: { cpu: '1' } },
    { limits: { cpu: '2' } },
    'maximum cpu usage per Container is 1, but limit is 2',
  ],
  [
    'more than it requests by too much',
    { type: 'Pod', maxLimitRequestRatio: { cpu: '2' } },
    { requests: { cpu: '1' }, limits: { cpu: '3' } },
    'cpu max limit to request ratio per Pod is 2, but provided ratio is 3.000000',
  ],
  ['no limit', { type: 'Pod', max: { cpu: '1' } }, {}, 'maximum cpu usage per Pod is 1.  No limit is specified'],
  [
    'what is wrong in two ways',
    { type: 'Pod', min: { memory: '1Mi' }, max: { cpu: '1' } },
    {},
    '[minimum memory usage per Pod is 1Mi.  No request is specified, maximum cpu usage per Pod is 1.  No limit is specified]',
  ],
];

for (const [what, item, resources, why] of cases) {
  test(`a pod that asks for ${what} is refused`, async () => {
    await using harness = await openLimited(item);
    const pod = podOf('p', [{ resources }]);
    await assert.rejects(harness.create('pods', 'default', pod), { message: `pods "p" is forbidden: ${why}` });
  });
}

test('a pod is the sum of its containers, and of the largest that prepares it', async () => {
  await using harness = await openLimited({ type: 'Pod', max: { cpu: '2' } });
  const of = (cpu: string): object => ({ resources: { limits: { cpu } } });
  const init = { name: 'i', image: 'i', ...of('2') };
  await harness.create('pods', 'default', podOf('fits', [of('1'), of('1')], { initContainers: [init] }));
  await assert.rejects(
    harness.create('pods', 'default', podOf('large', [of('1'), of('1500m')])),
    /maximum cpu usage per Pod is 2, but limit is 2500m/,
  );
  const sidecar = { name: 's', image: 'i', restartPolicy: 'Always', ...of('1') };
  await assert.rejects(
    harness.create('pods', 'default', podOf('beside', [of('1')], { initContainers: [sidecar, init] })),
    /maximum cpu usage per Pod is 2, but limit is 3/,
  );
});

test('claims are as large as they may be', async () => {
  const item = { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '2Gi' } };
  await using harness = await openLimited(item);
  const claim = (name: string, storage: string): Promise<unknown> =>
    harness.create('persistentvolumeclaims', 'default', {
      metadata: { name },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
    });
  await claim('fits', '2Gi');
  await assert.rejects(claim('large', '3Gi'), {
    message:
      'persistentvolumeclaims "large" is forbidden: maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi',
  });
});
