import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject, Resource } from '#machinery';
import { deployments } from './apps/v1/deployments.ts';
import { persistentVolumeClaims } from './core/v1/persistent-volume-claims.ts';
import { pods } from './core/v1/pods.ts';
import { resourceQuotas } from './core/v1/resource-quotas.ts';
import { secrets } from './core/v1/secrets.ts';
import { services } from './core/v1/services.ts';
import { showAmounts } from './quota/amounts.ts';
import { podAmountsWithOverhead } from './quota/pod-amounts.ts';
import { isInScopesOf, quotaEvaluatorOf } from './quota/quota.ts';
import { defaulted } from './testing/submit.ts';

const nowMs = Date.parse('2026-01-01T00:10:00Z');

function usage(resource: Resource<never>, object: object): string {
  const typed = resource as Resource<KubeObject>;
  return showAmounts(quotaEvaluatorOf(typed).usage(defaulted(typed, object), nowMs));
}

const container = (requests: object, limits: object = {}): object => ({ name: 'c', resources: { requests, limits } });

test('a pod uses what it requests and is limited to, and its place', () => {
  const gpu = { 'example.com/gpu': '1' };
  const spec = { containers: [container({ cpu: '1', ...gpu }, { memory: '2Gi', ...gpu })], overhead: { cpu: '250m' } };
  assert.equal(
    usage(pods as Resource<never>, { spec }),
    'count/pods=1,cpu=1250m,limits.memory=2Gi,memory=2Gi,pods=1,requests.cpu=1250m,requests.example.com/gpu=1,requests.memory=2Gi',
  );
  assert.equal(usage(pods as Resource<never>, { spec, status: { phase: 'Succeeded' } }), 'count/pods=1');
  const overdue = { deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 30 };
  assert.equal(usage(pods as Resource<never>, { metadata: overdue, spec }), 'count/pods=1');
});

test('a pod is its containers and sidecars, or the largest that prepares it, unless it says itself', () => {
  const cpu = (amount: string, more: object = {}): object => ({ ...container({ cpu: amount }), ...more });
  const requests = (spec: object): string =>
    showAmounts(podAmountsWithOverhead(defaulted(pods, { spec }).spec, 'requests'));
  const sidecar = cpu('1', { restartPolicy: 'Always' });
  assert.equal(requests({ containers: [cpu('1'), cpu('1')], initContainers: [cpu('3')] }), 'cpu=3');
  assert.equal(requests({ containers: [cpu('1'), cpu('1')], initContainers: [sidecar, cpu('3')] }), 'cpu=4');
  assert.equal(requests({ containers: [cpu('1')], resources: { requests: { cpu: '9' } } }), 'cpu=9');
});

test('services use ports and load balancers, claims storage by class, all else counts', () => {
  const ports = [{ port: 1 }, { port: 2, nodePort: 30000 }];
  const balanced = { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports };
  const served = (spec: object): string => usage(services as Resource<never>, { spec });
  assert.equal(served(balanced), 'count/services=1,services.loadbalancers=1,services.nodeports=1,services=1');
  assert.equal(
    served({ type: 'NodePort', ports }),
    'count/services=1,services.loadbalancers=0,services.nodeports=2,services=1',
  );
  const claim = {
    spec: { storageClassName: 'gold', resources: { requests: { storage: '1Gi' } } },
    status: { allocatedResources: { storage: '2Gi' } },
  };
  assert.equal(
    usage(persistentVolumeClaims as Resource<never>, claim),
    'count/persistentvolumeclaims=1,gold.storageclass.storage.k8s.io/persistentvolumeclaims=1,gold.storageclass.storage.k8s.io/requests.storage=2Gi,persistentvolumeclaims=1,requests.storage=2Gi',
  );
  assert.equal(usage(secrets as Resource<never>, {}), 'count/secrets=1,secrets=1');
  const evaluator = quotaEvaluatorOf(deployments);
  const limits = ['count/deployments.apps', 'deployments', 'pods'];
  assert.deepEqual(
    limits.filter((name) => evaluator.counts(name)),
    ['count/deployments.apps'],
  );
});

const scopeCases: [what: string, spec: object, pod: object, isIn: boolean][] = [
  ['no scope', {}, {}, true],
  ['pods that end', { scopes: ['Terminating'] }, { spec: { activeDeadlineSeconds: 5 } }, true],
  ['pods that do not', { scopes: ['NotTerminating'] }, { spec: { activeDeadlineSeconds: 5 } }, false],
  ['the last to be served', { scopes: ['BestEffort'] }, { status: { qosClass: 'BestEffort' } }, true],
  ['all scopes', { scopes: ['BestEffort', 'Terminating'] }, { status: { qosClass: 'BestEffort' } }, false],
  ['some class', { scopes: ['PriorityClass'] }, {}, false],
  [
    'one of these classes',
    { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] } },
    { spec: { priorityClassName: 'high' } },
    true,
  ],
  [
    'none of these classes',
    { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'NotIn', values: ['high'] }] } },
    {},
    true,
  ],
  [
    'neighbours elsewhere',
    { scopes: ['CrossNamespacePodAffinity'] },
    {
      spec: {
        affinity: {
          podAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 1, podAffinityTerm: { topologyKey: 'k', namespaces: ['other'] } },
            ],
          },
        },
      },
    },
    true,
  ],
];

for (const [what, spec, pod, isIn] of scopeCases) {
  test(`the scope of ${what}`, () => {
    const quota = defaulted(resourceQuotas, { spec });
    const { spec: podSpec = {}, ...rest } = pod as { spec?: object };
    const object = defaulted(pods, { ...rest, spec: { containers: [], ...podSpec } });
    assert.equal(isInScopesOf(quota, quotaEvaluatorOf(pods), object), isIn);
  });
}

test('services are in no scope', () => {
  const quota = defaulted(resourceQuotas, { spec: { scopes: ['BestEffort'] } });
  assert.equal(isInScopesOf(quota, quotaEvaluatorOf(services), defaulted(services, {})), false);
});
