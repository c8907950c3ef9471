import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container, Pod } from '#api';
import { nonZeroRequests, podRequests } from './resources.ts';

const gi = 1024 ** 3;

const asking = (name: string, requests?: Record<string, string>, more: Partial<Container> = {}): Container => ({
  name,
  image: 'image',
  ...(requests && { resources: { requests } }),
  ...more,
});
const sidecar = (name: string, requests: Record<string, string>): Container =>
  asking(name, requests, { restartPolicy: 'Always' });

function pod(spec: Partial<Pod['spec']>): Pod {
  return { metadata: {}, spec: { containers: [], ...spec }, status: {} };
}

const cases: [string, Partial<Pod['spec']>, Record<string, number>][] = [
  ['nothing', {}, {}],
  [
    'the sum of the containers',
    { containers: [asking('a', { cpu: '1', memory: '1Gi' }), asking('b', { cpu: '500m' })] },
    { cpu: 1500, memory: gi },
  ],
  [
    'the largest init container, where it is more',
    { initContainers: [asking('i', { cpu: '2' }), asking('j', { cpu: '1' })], containers: [asking('a', { cpu: '1' })] },
    { cpu: 2000 },
  ],
  [
    'sidecars and containers together',
    { initContainers: [sidecar('s', { cpu: '1' })], containers: [asking('a', { cpu: '1' })] },
    { cpu: 2000 },
  ],
  [
    'an init container runs beside the sidecars started before it, not those after it',
    {
      initContainers: [sidecar('s', { cpu: '1' }), asking('i', { cpu: '4' }), sidecar('t', { cpu: '2' })],
      containers: [asking('a', { cpu: '1' })],
    },
    { cpu: 5000 },
  ],
  [
    'overhead on top',
    { containers: [asking('a', { cpu: '1' })], overhead: { cpu: '250m', memory: '1Gi' } },
    { cpu: 1250, memory: gi },
  ],
  [
    'what the pod as a whole asks stands above its containers',
    {
      containers: [asking('a', { cpu: '1', 'a.b/c': '2' })],
      resources: { requests: { cpu: '3' } },
      overhead: { cpu: '1' },
    },
    { cpu: 4000, 'a.b/c': 2 },
  ],
];
for (const [what, spec, expected] of cases)
  test(`a pod asks for ${what}`, () => assert.deepEqual(podRequests(pod(spec)), expected));

test('a container that asks for nothing counts 100m and 200Mi when nodes are scored', () => {
  const guessed = (spec: Partial<Pod['spec']>) => nonZeroRequests(pod(spec));
  const mi = 1024 ** 2;
  assert.deepEqual(guessed({ containers: [asking('a'), asking('b', { cpu: '1' })] }), { cpu: 1100, memory: 400 * mi });
  assert.deepEqual(guessed({ containers: [asking('a', { cpu: '0', memory: '0' })] }), { cpu: 0, memory: 0 });
  const init = { initContainers: [asking('i', { cpu: '2' })], containers: [asking('a')] };
  assert.deepEqual(guessed(init), { cpu: 2000, memory: 200 * mi }, 'the larger of the two, not both');
  assert.deepEqual(guessed({ containers: [asking('a')], resources: { requests: { cpu: '1' } } }).cpu, 1000);
});
