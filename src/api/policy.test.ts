import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podDisruptionBudgets } from './policy/v1/pod-disruption-budgets.ts';
import { causes, row, statusCauses } from './testing/submit.ts';

const metadata = { name: 'web', namespace: 'default', creationTimestamp: '2026-01-01T00:00:00Z' };
const nowMs = Date.parse('2026-01-01T00:10:00Z');
const budget = (spec: object = {}, status: object = {}): object => ({ metadata, spec, status });

const budgetCases: [what: string, spec: object, causes: string[]][] = [
  ['says nothing', {}, []],
  ['keeps a share', { minAvailable: '50%', selector: {} }, []],
  ['lets a number go', { maxUnavailable: 0, unhealthyPodEvictionPolicy: 'AlwaysAllow' }, []],
  [
    'says both',
    { minAvailable: 1, maxUnavailable: 1 },
    ['spec: Invalid value: {"minAvailable":1,"maxUnavailable":1}: minAvailable and maxUnavailable cannot be both set'],
  ],
  [
    'keeps more than all',
    { minAvailable: '101%' },
    ['spec.minAvailable: Invalid value: "101%": must not be greater than 100%'],
  ],
  [
    'lets less than none go',
    { maxUnavailable: -1 },
    ['spec.maxUnavailable: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [
    'keeps some',
    { minAvailable: 'some' },
    [
      `spec.minAvailable: Invalid value: "some": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')`,
    ],
  ],
  [
    'treats the sick in its own way',
    { unhealthyPodEvictionPolicy: 'Never' },
    ['spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: "AlwaysAllow", "IfHealthyBudget"'],
  ],
];

for (const [what, spec, expected] of budgetCases) {
  test(`a budget that ${what}`, () => assert.deepEqual(causes(podDisruptionBudgets, budget(spec)), expected));
}

test('what a budget allows is not less than nothing', () => {
  const now = budget({}, { disruptionsAllowed: -1, conditions: [{ type: 'DisruptionAllowed', status: 'True' }] });
  assert.deepEqual(statusCauses(podDisruptionBudgets, now, budget()), [
    'status.conditions[0].lastTransitionTime: Required value',
    'status.conditions[0].reason: Required value',
    'status.disruptionsAllowed: Invalid value: -1: must be greater than or equal to 0',
  ]);
});

test('the columns of budgets', () => {
  assert.deepEqual(row(podDisruptionBudgets, budget({ maxUnavailable: '20%' }, { disruptionsAllowed: 2 }), { nowMs }), {
    Name: 'web',
    'Min Available': 'N/A',
    'Max Unavailable': '20%',
    'Allowed Disruptions': 2,
    Age: '10m',
  });
});
