import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causes, defaulted, row } from '../testing/submit.ts';
import { mandatoryFlowSchemas, suggestedFlowSchemas } from './v1/bootstrap-flow-schemas.ts';
import { mandatoryPriorityLevels, suggestedPriorityLevels } from './v1/bootstrap-priority-levels.ts';
import { flowSchemas } from './v1/flow-schemas.ts';
import { priorityLevelConfigurations } from './v1/priority-level-configurations.ts';

const metadata = { name: 'one' };
const subjects = [{ kind: 'User', user: { name: '*' } }];
const resourceRules = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true }];

function schema(spec: object): object {
  return { metadata, spec: { priorityLevelConfiguration: { name: 'system' }, ...spec } };
}

const withRule = (rule: object): string[] =>
  causes(flowSchemas, schema({ rules: [{ subjects, resourceRules, ...rule }] })).map((one) =>
    one.replace('spec.rules[0].', '').replace('spec.rules[0]', 'rule'),
  );

test('what every cluster has is valid, and has nothing left to default', () => {
  for (const { name, spec } of [...mandatoryFlowSchemas, ...suggestedFlowSchemas]) {
    assert.deepEqual(causes(flowSchemas, { metadata: { name }, spec }), [], name);
    assert.deepEqual(defaulted(flowSchemas, { metadata: { name }, spec }).spec, spec);
  }
  for (const { name, spec } of [...mandatoryPriorityLevels, ...suggestedPriorityLevels]) {
    assert.deepEqual(causes(priorityLevelConfigurations, { metadata: { name }, spec }), [], name);
    assert.deepEqual(defaulted(priorityLevelConfigurations, { metadata: { name }, spec }).spec, spec);
  }
});

test('a schema leads to a level, in a certain order', () => {
  assert.equal(defaulted(flowSchemas, schema({})).spec.matchingPrecedence, 1000);
  assert.deepEqual(causes(flowSchemas, { metadata, spec: {} }), [
    'spec.priorityLevelConfiguration.name: Required value: must reference a priority level',
  ]);
  assert.deepEqual(causes(flowSchemas, schema({ matchingPrecedence: 1 })), [
    "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1",
  ]);
  assert.deepEqual(causes(flowSchemas, schema({ matchingPrecedence: 10_001 })), [
    'spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000',
  ]);
  const catchAll = { ...schema({ matchingPrecedence: 10_000 }), metadata: { name: 'catch-all' } };
  assert.match(
    causes(flowSchemas, catchAll).join(),
    /^spec: Invalid value: {.*}: spec of 'catch-all' must equal the fixed/,
  );
});

test('rules tell whose requests they are, and which', () => {
  assert.deepEqual(withRule({}), []);
  assert.deepEqual(withRule({ subjects: [] }), ['subjects: Required value: subjects must contain at least one value']);
  assert.deepEqual(withRule({ resourceRules: [] }), [
    'rule: Required value: at least one of resourceRules and nonResourceRules has to be non-empty',
  ]);
  assert.deepEqual(withRule({ subjects: [{ kind: 'Group', user: { name: 'a' } }] }), [
    "subjects[0].group: Required value: group is required when subject kind is 'Group'",
    "subjects[0].user: Forbidden: user is forbidden when subject kind is not 'User'",
  ]);
  assert.deepEqual(withRule({ subjects: [{ kind: 'ServiceAccount', serviceAccount: { name: 'a' } }] }), [
    'subjects[0].serviceAccount.namespace: Required value: must specify namespace for service account',
  ]);
  assert.deepEqual(withRule({ subjects: [{ kind: 'Robot' }] }), [
    'subjects[0].kind: Unsupported value: "Robot": supported values: "Group", "ServiceAccount", "User"',
  ]);
  const resource = (more: object): string[] => withRule({ resourceRules: [{ ...resourceRules[0], ...more }] });
  assert.deepEqual(resource({ verbs: ['*', 'get'] }), [
    `resourceRules[0].verbs: Invalid value: ["*","get"]: if '*' is present, must not specify other verbs`,
  ]);
  assert.match(
    resource({ verbs: ['fly'] }).join(),
    /verbs: Unsupported value: \["fly"\]: supported values: "create", /,
  );
  assert.deepEqual(resource({ clusterScope: false }), [
    'resourceRules[0].namespaces: Required value: resource rules that are not cluster scoped must supply at least one namespace',
  ]);
  assert.match(
    resource({ namespaces: ['A'] }).join(),
    /each member of this list must be '\*' or a DNS-1123 label; a lower/,
  );
  const url = (one: string): string[] => withRule({ nonResourceRules: [{ verbs: ['get'], nonResourceURLs: [one] }] });
  const problem = (one: string): string => url(one).join().split(': ').at(-1) ?? '';
  assert.deepEqual(['/a/*', '/', '*'].flatMap(url), []);
  assert.deepEqual(['', 'a', '/a b', '//', '/a*', '/*/*'].map(problem), [
    'must not be empty',
    'must start with slash',
    'must not contain white-space',
    'must not contain double slash',
    'wildcard can only do suffix matching',
    'wildcard can only do suffix matching',
  ]);
});

test('a level is exempt or has limits', () => {
  const level = (spec: object, name = 'one'): string[] =>
    causes(priorityLevelConfigurations, { metadata: { name }, spec });
  const reject = { limitResponse: { type: 'Reject' } };
  assert.deepEqual(level({ type: 'Limited', limited: reject }), []);
  assert.deepEqual(level({ type: 'Limited' }), [
    'spec.limited: Required value: must not be empty when type is Limited',
  ]);
  assert.deepEqual(level({ type: 'Exempt', limited: reject }), [
    `spec.type: Invalid value: "Exempt": must be 'Exempt' if and only if \`name\` is 'exempt'`,
    'spec.limited: Forbidden: must be nil if the type is not Limited',
  ]);
  assert.deepEqual(level({ type: 'Exempt', exempt: { lendablePercent: 50 } }, 'exempt'), []);
  assert.match(
    level({ type: 'Limited', limited: reject }, 'catch-all').join(),
    /spec of 'catch-all' must equal the fixed/,
  );
  const queue = (queuing: object): string[] =>
    level({ type: 'Limited', limited: { limitResponse: { type: 'Queue', queuing } } });
  assert.deepEqual(queue({}), []);
  assert.deepEqual(queue({ queues: 4, handSize: 5 }), [
    'spec.limited.limitResponse.queuing.handSize: Invalid value: 5: should not be greater than queues (4)',
  ]);
  assert.deepEqual(queue({ queues: 1024, handSize: 7 }), [
    'spec.limited.limitResponse.queuing.handSize: Invalid value: 7: required entropy bits of deckSize 1024 and handSize 7 should not be greater than 60',
  ]);
  assert.deepEqual(
    level({ type: 'Limited', limited: { ...reject, lendablePercent: 101, borrowingLimitPercent: -1 } }),
    [
      'spec.limited.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive',
      'spec.limited.borrowingLimitPercent: Invalid value: -1: if specified, must be a non-negative integer',
    ],
  );
});

test('what kubectl get shows of flow control', () => {
  const conditions = [{ type: 'Dangling', status: 'False' }];
  const shown = row(flowSchemas, { ...schema({ matchingPrecedence: 7 }), status: { conditions } });
  assert.deepEqual(shown, {
    Name: 'one',
    PriorityLevel: 'system',
    MatchingPrecedence: 7,
    DistinguisherMethod: '<none>',
    Age: '<unknown>',
    MissingPL: 'False',
  });
  const system = row(priorityLevelConfigurations, { metadata, spec: suggestedPriorityLevels[0]?.spec });
  assert.deepEqual(Object.values(system), ['one', 'Limited', 30, 64, 6, 50, '<unknown>']);
  const exempt = row(priorityLevelConfigurations, { metadata, spec: { type: 'Exempt' } });
  assert.deepEqual(Object.values(exempt), ['one', 'Exempt', '<none>', '<none>', '<none>', '<none>', '<unknown>']);
});
