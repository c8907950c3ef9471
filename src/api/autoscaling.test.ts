import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from '#machinery';
import { autoscalerFromV1, autoscalerToV1 } from './autoscaling/v1/conversion.ts';
import { horizontalPodAutoscalersV1 } from './autoscaling/v1/horizontal-pod-autoscalers.ts';
import { HorizontalPodAutoscaler } from './autoscaling/v2/horizontal-pod-autoscaler.ts';
import { horizontalPodAutoscalers } from './autoscaling/v2/horizontal-pod-autoscalers.ts';
import { causes, defaulted, row, statusCauses } from './testing/submit.ts';

const metadata = { name: 'web', namespace: 'default', creationTimestamp: '2026-01-01T00:00:00Z' };
const nowMs = Date.parse('2026-01-01T00:10:00Z');
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const cpu = (target: object): object => ({ type: 'Resource', resource: { name: 'cpu', target } });
const byCpu = cpu({ type: 'Utilization', averageUtilization: 80 });
const autoscaler = (spec: object = {}, status: object = {}): object => ({
  metadata,
  spec: { scaleTargetRef, maxReplicas: 5, ...spec },
  status,
});

test('an autoscaler of few words goes by the CPU', () => {
  const { spec } = defaulted(horizontalPodAutoscalers, autoscaler());
  assert.deepEqual([spec.minReplicas, spec.metrics, spec.behavior], [1, [byCpu], undefined]);
});

test('who says something of the behavior gets the rest of it', () => {
  const behavior = { scaleUp: { stabilizationWindowSeconds: 30, policies: [] }, scaleDown: { selectPolicy: 'Min' } };
  const { spec } = defaulted(horizontalPodAutoscalers, autoscaler({ behavior }));
  const doubling = { type: 'Percent', value: 100, periodSeconds: 15 };
  assert.deepEqual(spec.behavior, {
    scaleUp: {
      stabilizationWindowSeconds: 30,
      selectPolicy: 'Max',
      policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, doubling],
    },
    scaleDown: { selectPolicy: 'Min', policies: [doubling] },
  });
});

const metric = (...metrics: object[]): object => ({ metrics });
const at = 'spec.metrics[0]';
const value = { type: 'Value', value: '10' };

const autoscalerCases: [what: string, spec: object, causes: string[]][] = [
  ['is good', { minReplicas: 2 }, []],
  [
    'scales what is in the core group',
    { scaleTargetRef: { kind: 'ReplicationController', name: 'web', apiVersion: 'v1' } },
    [],
  ],
  [
    'has no bounds',
    { maxReplicas: 0, minReplicas: 0 },
    [
      'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1',
      'spec.maxReplicas: Required value: must be set and greater than 0',
      'spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas',
    ],
  ],
  [
    'has less than more',
    { maxReplicas: -1, minReplicas: 3 },
    [
      'spec.maxReplicas: Invalid value: -1: must be greater than or equal to 1',
      'spec.maxReplicas: Invalid value: -1: must be greater than or equal to `minReplicas`',
    ],
  ],
  [
    'scales something in no group',
    { scaleTargetRef: { kind: 'Deploy/ment', name: 'web' } },
    [
      `spec.scaleTargetRef.kind: Invalid value: "Deploy/ment": may not contain '/'`,
      'spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group',
    ],
  ],
  [
    'scales something in no version',
    { scaleTargetRef: { ...scaleTargetRef, apiVersion: 'a/b/c' } },
    ['spec.scaleTargetRef.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c'],
  ],
  [
    'goes by nothing',
    metric({ type: '' }),
    [
      `${at}.type: Required value: must specify a metric source type`,
      `${at}.type: Unsupported value: "": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"`,
    ],
  ],
  [
    'goes by something else than it says',
    metric({ ...byCpu, type: 'Pods' }),
    [`${at}.pods: Required value: must populate information for the given metric source`],
  ],
  [
    'goes by two things at once',
    metric({ ...byCpu, pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '1' } } }),
    [`${at}.pods: Forbidden: must populate the given metric source only`],
  ],
  [
    'goes by an object',
    metric({
      type: 'Object',
      object: { describedObject: { kind: 'Service', name: 'web' }, metric: { name: 'rps' }, target: value },
    }),
    [],
  ],
  [
    'goes by an object without a target',
    metric({
      type: 'Object',
      object: { describedObject: { kind: 'Service', name: 'web' }, metric: { name: '' }, target: { type: 'Much' } },
    }),
    [
      `${at}.object.metric.name: Required value: must specify a metric name`,
      `${at}.object.target.type: Invalid value: "Much": must be either Utilization, Value, or AverageValue`,
      `${at}.object.target.averageValue: Required value: must set either a target value or averageValue`,
    ],
  ],
  [
    'goes by the outside in two ways',
    metric({ type: 'External', external: { metric: { name: 'queue' }, target: { ...value, averageValue: '0' } } }),
    [
      `${at}.external.target.averageValue: Invalid value: "0": must be positive`,
      `${at}.external.target.value: Forbidden: may not set both a target value for metric and a per-pod target`,
    ],
  ],
  [
    'goes by pods without an average',
    metric({ type: 'Pods', pods: { metric: { name: 'rps' }, target: value } }),
    [`${at}.pods.target.averageValue: Required value: must specify a positive target averageValue`],
  ],
  [
    'goes by no use of no resource',
    metric({ type: 'Resource', resource: { name: '', target: { type: 'Utilization', averageUtilization: 0 } } }),
    [
      `${at}.resource.name: Required value: must specify a resource name`,
      `${at}.resource.target.averageUtilization: Invalid value: 0: must be greater than 0`,
    ],
  ],
  [
    'goes by a container of no name',
    metric({
      type: 'ContainerResource',
      containerResource: { name: 'cpus', container: '', target: { type: 'Utilization' } },
    }),
    [
      `${at}.containerResource.name: Invalid value: "cpus": must be a standard resource type or fully qualified`,
      `${at}.containerResource.name: Invalid value: "cpus": must be a standard resource for containers`,
      `${at}.containerResource.container: Required value: must specify a container`,
      `${at}.containerResource.target.averageUtilization: Required value: must set either a target raw value or a target utilization`,
    ],
  ],
  [
    'behaves badly',
    {
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 3601, tolerance: '-1' },
        scaleDown: { policies: [{ type: 'All', value: 0, periodSeconds: 1801 }], selectPolicy: 'Any' },
      },
    },
    [
      'spec.behavior.scaleDown.selectPolicy: Unsupported value: "Any": supported values: "Disabled", "Max", "Min"',
      'spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600',
      'spec.behavior.scaleUp.tolerance: Invalid value: "-1": must be greater than or equal to 0',
      'spec.behavior.scaleDown.policies[0].type: Unsupported value: "All": supported values: "Percent", "Pods"',
      'spec.behavior.scaleDown.policies[0].value: Invalid value: 0: must be greater than zero',
      'spec.behavior.scaleDown.policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800',
    ],
  ],
];

for (const [what, spec, expected] of autoscalerCases) {
  test(`an autoscaler that ${what}`, () => {
    assert.deepEqual(causes(horizontalPodAutoscalers, autoscaler(spec)), expected);
  });
}

test('what was let in before may stay', () => {
  const core = { scaleTargetRef: { kind: 'Deployment', name: 'web' } };
  assert.deepEqual(causes(horizontalPodAutoscalers, autoscaler({ ...core, maxReplicas: 9 }), autoscaler(core)), []);
  const toZero = {
    minReplicas: 0,
    metrics: [{ type: 'External', external: { metric: { name: 'q' }, target: value } }],
  };
  assert.deepEqual(causes(horizontalPodAutoscalers, autoscaler(toZero), autoscaler(toZero)), []);
  assert.deepEqual(statusCauses(horizontalPodAutoscalers, autoscaler({}, { desiredReplicas: -1 }), autoscaler()), [
    'status.desiredReplicas: Invalid value: -1: must be greater than or equal to 0',
  ]);
});

/** An autoscaler with everything. */
const whole = defaulted(
  horizontalPodAutoscalers,
  autoscaler(
    {
      minReplicas: 2,
      metrics: [
        {
          type: 'Object',
          object: {
            describedObject: { kind: 'Service', name: 'web', apiVersion: 'v1' },
            metric: { name: 'rps', selector: { matchLabels: { path: 'a' } } },
            target: { type: 'AverageValue', averageValue: '5' },
          },
        },
        { type: 'Pods', pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '1k' } } },
        { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } } },
        {
          type: 'ContainerResource',
          containerResource: { name: 'cpu', container: 'a', target: { type: 'Utilization', averageUtilization: 50 } },
        },
        { type: 'External', external: { metric: { name: 'queue' }, target: { type: 'Value', value: '30' } } },
        byCpu,
      ],
      behavior: { scaleUp: { selectPolicy: 'Disabled', tolerance: '50m' } },
    },
    {
      observedGeneration: 3,
      lastScaleTime: '2026-01-01T00:00:00Z',
      currentReplicas: 2,
      desiredReplicas: 3,
      currentMetrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', current: { averageValue: '300m', averageUtilization: 30 } },
        },
      ],
      conditions: [{ type: 'AbleToScale', status: 'True', reason: 'Ready', message: 'can scale' }],
    },
  ),
);

test('an autoscaler is the same after it was seen through autoscaling/v1', () => {
  const old = autoscalerToV1(whole);
  assert.equal(old.spec.targetCPUUtilizationPercentage, 80);
  assert.equal(old.status.currentCPUUtilizationPercentage, 30);
  assert.deepEqual(JSON.parse(old.metadata.annotations?.['autoscaling.alpha.kubernetes.io/metrics'] ?? '')[0], {
    type: 'Object',
    object: {
      target: { kind: 'Service', name: 'web', apiVersion: 'v1' },
      metricName: 'rps',
      targetValue: '0',
      selector: { matchLabels: { path: 'a' } },
      averageValue: '5',
    },
  });
  assert.deepEqual(JSON.parse(old.metadata.annotations?.['autoscaling.alpha.kubernetes.io/behavior'] ?? '').ScaleUp, {
    StabilizationWindowSeconds: 0,
    SelectPolicy: 'Disabled',
    Policies: [
      { Type: 'Pods', Value: 4, PeriodSeconds: 15 },
      { Type: 'Percent', Value: 100, PeriodSeconds: 15 },
    ],
    Tolerance: '50m',
  });
  // Seen through JSON, as a client does.
  const seen = decode(horizontalPodAutoscalersV1.kind, JSON.parse(JSON.stringify(old))).object;
  assert.deepEqual(autoscalerFromV1(seen), whole);
});

test('autoscaling/v1 goes by the CPU, and passes over what cannot be read', () => {
  const plain = defaulted(horizontalPodAutoscalersV1, autoscaler());
  assert.deepEqual(autoscalerFromV1(plain).spec.metrics, [byCpu]);
  const annotations = {
    'autoscaling.alpha.kubernetes.io/metrics': '[{"type":7}]',
    'autoscaling.alpha.kubernetes.io/behavior': '{"scaleup":{"selectpolicy":"Min"}}',
    'autoscaling.alpha.kubernetes.io/conditions': '{',
    mine: 'kept',
  };
  const odd = { ...autoscaler({ targetCPUUtilizationPercentage: 50 }), metadata: { ...metadata, annotations } };
  const read = autoscalerFromV1(defaulted(horizontalPodAutoscalersV1, odd));
  assert.deepEqual(read.spec.metrics, [cpu({ type: 'Utilization', averageUtilization: 50 })]);
  assert.deepEqual(read.spec.behavior, { scaleUp: { selectPolicy: 'Min' } });
  assert.deepEqual([read.status.conditions, read.metadata.annotations], [undefined, { mine: 'kept' }]);
  // The newer version has no use for the annotations.
  const newer = defaulted(horizontalPodAutoscalers, { ...autoscaler(), metadata: { ...metadata, annotations } });
  assert.deepEqual(newer.metadata.annotations, { mine: 'kept' });
});

test('the columns of autoscalers, the same through both versions', () => {
  const expected = {
    Name: 'web',
    Reference: 'Deployment/web',
    Targets: '<unknown>/5 (avg), <unknown>/1k + 4 more...',
    MinPods: '2',
    MaxPods: 5,
    Replicas: 2,
    Age: '10m',
  };
  assert.deepEqual(row(horizontalPodAutoscalers, whole, { nowMs }), expected);
  assert.deepEqual(row(horizontalPodAutoscalersV1, autoscalerToV1(whole), { nowMs }), expected);
  const status = { currentMetrics: whole.status.currentMetrics };
  const { Targets } = row(horizontalPodAutoscalers, autoscaler({ metrics: [byCpu] }, status));
  assert.equal(Targets, 'cpu: 30%/80%');
  assert.equal(decode(HorizontalPodAutoscaler, {}).object.spec.maxReplicas, 0);
});
