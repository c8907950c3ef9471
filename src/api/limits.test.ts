import assert from 'node:assert/strict';
import { test } from 'node:test';
import { componentStatuses } from './core/v1/component-statuses.ts';
import { limitRanges } from './core/v1/limit-ranges.ts';
import { podTemplates } from './core/v1/pod-templates.ts';
import { replicationControllers } from './core/v1/replication-controllers.ts';
import { resourceQuotas } from './core/v1/resource-quotas.ts';
import { runtimeClasses } from './node/v1/runtime-classes.ts';
import { priorityClasses } from './scheduling/v1/priority-classes.ts';
import { causes, defaulted, row } from './testing/submit.ts';

const metadata = { name: 'one' };
const labels = { app: 'web' };
const template = { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'x' }] } };

test('a replication controller takes its labels and selector from its template', () => {
  const made = defaulted(replicationControllers, { metadata, spec: { template } });
  assert.deepEqual([made.spec.replicas, made.spec.selector, made.metadata.labels], [1, labels, labels]);
  assert.deepEqual(causes(replicationControllers, { metadata, spec: { template } }), []);
  assert.deepEqual(causes(replicationControllers, { metadata, spec: { template, selector: { app: 'other' } } }), [
    'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
  ]);
  assert.deepEqual(causes(replicationControllers, { metadata, spec: { replicas: -1 } }), [
    'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    'spec.selector: Required value',
    'spec.template: Required value',
  ]);
});

test('a pod template is judged as the pods are', () => {
  assert.deepEqual(causes(podTemplates, { metadata, template }), []);
  assert.deepEqual(causes(podTemplates, { metadata, template: { spec: {} } }), [
    'template.spec.containers: Required value',
  ]);
  const cells = Object.values(row(podTemplates, { metadata, template }));
  assert.deepEqual(cells, ['one', 'a', 'x', 'app=web']);
});

function limits(item: object): object {
  return { metadata, spec: { limits: [item] } };
}

test('what containers may use is what they get', () => {
  const item = {
    type: 'Container',
    max: { cpu: '2' },
    min: { cpu: '100m', memory: '1Mi' },
    default: { memory: '2Mi' },
  };
  const [made] = defaulted(limitRanges, limits(item)).spec.limits;
  assert.deepEqual(made?.default, { cpu: '2', memory: '2Mi' });
  assert.deepEqual(made?.defaultRequest, { cpu: '2', memory: '2Mi' });
  const [pod] = defaulted(limitRanges, limits({ type: 'Pod', max: { cpu: '2' } })).spec.limits;
  assert.equal(pod?.default, undefined);
});

const limitCases: [what: string, item: object, causes: string[]][] = [
  ['are good', { type: 'Pod', max: { cpu: '2' }, min: { cpu: '1' }, maxLimitRequestRatio: { cpu: '2' } }, []],
  [
    'are the wrong way round',
    { type: 'Container', max: { cpu: '1' }, min: { cpu: '2' }, default: { cpu: '1' }, defaultRequest: { cpu: '1' } },
    [
      'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
      'spec.limits[0].defaultRequest[cpu]: Invalid value: "1": min value 2 is greater than default request value 1',
      'spec.limits[0].default[cpu]: Invalid value: "2": min value 2 is greater than default value 1',
    ],
  ],
  [
    'ask too much of the ratio',
    { type: 'Pod', max: { cpu: '2' }, min: { cpu: '1' }, maxLimitRequestRatio: { cpu: '3' } },
    ['spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "3": ratio 3 is greater than max/min = 2.000000'],
  ],
  [
    'tell pods what is for containers',
    { type: 'Pod', default: { cpu: '1' } },
    ["spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'"],
  ],
  [
    'leave claims without bounds',
    { type: 'PersistentVolumeClaim' },
    [
      'spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided',
    ],
  ],
  [
    'are of nothing known',
    { type: 'Thing', max: { things: '1' } },
    [
      'spec.limits[0].type: Invalid value: "Thing": must be a standard limit type or fully qualified',
      'spec.limits[0].max[things]: Invalid value: "things": must be a standard resource type or fully qualified',
    ],
  ],
];

for (const [what, item, expected] of limitCases) {
  test(`limits that ${what}`, () => assert.deepEqual(causes(limitRanges, limits(item)), expected));
}

function quota(spec: object): object {
  return { metadata, spec };
}

const quotaCases: [what: string, spec: object, causes: string[]][] = [
  ['is good', { hard: { pods: '2', 'requests.cpu': '1', 'count/deployments.apps': '3', 'example.com/x': '1' } }, []],
  [
    'limits what no quota can',
    { hard: { storage: '1', pods: '1500m', things: '1' } },
    [
      'spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota',
      'spec.hard[pods]: Invalid value: "1500m": must be an integer',
      'spec.hard[things]: Invalid value: "things": must be a standard resource type or fully qualified',
      'spec.hard[things]: Invalid value: "things": must be a standard resource for quota',
    ],
  ],
  [
    'is scoped to nothing',
    { hard: { pods: '1', 'requests.cpu': '1' }, scopes: ['BestEffort', 'NotBestEffort', 'Nice'] },
    [
      'spec.scopes: Invalid value: ["BestEffort","NotBestEffort","Nice"]: unsupported scope applied to resource',
      'spec.scopes: Invalid value: ["BestEffort","NotBestEffort","Nice"]: unsupported scope',
      'spec.scopes: Invalid value: ["BestEffort","NotBestEffort","Nice"]: conflicting scopes',
    ],
  ],
  [
    'selects by nothing',
    { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In' }] } },
    [
      "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
    ],
  ],
];

for (const [what, spec, expected] of quotaCases) {
  test(`a quota that ${what}`, () => assert.deepEqual(causes(resourceQuotas, quota(spec)), expected));
}

test('the scopes of a quota stay', () => {
  assert.deepEqual(causes(resourceQuotas, quota({ scopes: ['Terminating'] }), quota({})), [
    'spec.scopes: Invalid value: ["Terminating"]: field is immutable',
  ]);
});

test('quotas show what is used, component statuses who is well', () => {
  const status = {
    hard: { pods: '2', 'limits.cpu': '4', 'requests.cpu': '2' },
    used: { pods: '1', 'limits.cpu': '1' },
  };
  const { Request, Limit } = row(resourceQuotas, { metadata, spec: {}, status });
  assert.deepEqual([Request, Limit], ['pods: 1/2, requests.cpu: 0/2', 'limits.cpu: 1/4']);
  const sick = { metadata, conditions: [{ type: 'Healthy', status: 'False', error: 'gone' }] };
  assert.deepEqual(Object.values(row(componentStatuses, sick)), ['one', 'Unhealthy', '', 'gone']);
  assert.deepEqual(Object.values(row(componentStatuses, { metadata })), ['one', 'Unknown', '', '']);
});

test('the names of the system are kept for the system', () => {
  const made = defaulted(priorityClasses, { metadata, value: 1 });
  assert.equal(made.preemptionPolicy, 'PreemptLowerPriority');
  const system = (value: number): object => ({ metadata: { name: 'system-node-critical' }, value });
  assert.deepEqual(causes(priorityClasses, system(2_000_001_000)), []);
  const reserved =
    "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: ";
  assert.deepEqual(causes(priorityClasses, system(5)), [
    `${reserved}value of system-node-critical PriorityClass must be 2000001000`,
  ]);
  assert.deepEqual(causes(priorityClasses, { metadata: { name: 'system-mine' }, value: 5 }), [
    `${reserved}system-mine is not a known system priority class`,
  ]);
  assert.deepEqual(causes(priorityClasses, { metadata, value: 1_000_000_001 }), [
    'value: Forbidden: maximum allowed value of a user defined priority is 1000000000',
  ]);
  assert.deepEqual(causes(priorityClasses, { metadata, value: 2 }, { metadata, value: 1 }), [
    'value: Forbidden: may not be changed in an update.',
  ]);
});

test('a runtime class names a runtime', () => {
  assert.match(causes(runtimeClasses, { metadata, handler: 'Run C' })[0] ?? '', /^handler: Invalid value: "Run C": a /);
  const overhead = { podFixed: { pods: '1' } };
  assert.deepEqual(causes(runtimeClasses, { metadata, handler: 'runc', overhead }), [
    'overhead.limits[pods]: Invalid value: "pods": must be a standard resource for containers',
  ]);
  assert.deepEqual(causes(runtimeClasses, { metadata, handler: 'a' }, { metadata, handler: 'b' }), [
    'handler: Invalid value: "a": field is immutable',
  ]);
});
