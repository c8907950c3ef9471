import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldErrors } from '#machinery';
import { causes, defaulted, row } from '../testing/submit.ts';
import { mutatingAdmissionPolicies } from './v1/mutating-admission-policies.ts';
import { mutatingAdmissionPolicyBindings } from './v1/mutating-admission-policy-bindings.ts';
import { mutatingWebhookConfigurations } from './v1/mutating-webhook-configurations.ts';
import { validatingAdmissionPolicies } from './v1/validating-admission-policies.ts';
import { validatingAdmissionPolicyBindings } from './v1/validating-admission-policy-bindings.ts';
import { validateValidatingAdmissionPolicyStatus } from './v1/validating-admission-policy-validation.ts';
import { validatingWebhookConfigurations } from './v1/validating-webhook-configurations.ts';

const metadata = { name: 'one' };
const rule = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] };
const service = { namespace: 'a', name: 'b' };
const webhook = {
  name: 'check.example.com',
  clientConfig: { service },
  rules: [rule],
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
};

function hooks(...more: object[]): object {
  return { metadata, webhooks: more.map((one) => ({ ...webhook, ...one })) };
}

const wrong = (...more: object[]): string[] =>
  causes(validatingWebhookConfigurations, hooks(...more)).map((one) => one.replace('webhooks[0].', ''));
const ruleWrong = (more: object): string[] =>
  wrong({ rules: [{ ...rule, ...more }] }).map((one) => one.replace('rules[0].', ''));

test('a webhook gets its defaults', () => {
  const [made] = defaulted(mutatingWebhookConfigurations, hooks({})).webhooks ?? [];
  assert.deepEqual(made, {
    ...webhook,
    clientConfig: { service: { ...service, port: 443 } },
    rules: [{ ...rule, scope: '*' }],
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
    reinvocationPolicy: 'Never',
  });
});

test('a webhook has a name of its own, and says what asking it does', () => {
  assert.deepEqual(wrong({}), []);
  assert.deepEqual(wrong({ name: 'check.example' }), [
    'name: Invalid value: "check.example": should be a domain with at least three segments separated by dots',
  ]);
  assert.deepEqual(wrong({}, {}), ['webhooks[1].name: Duplicate value: "check.example.com"']);
  assert.deepEqual(wrong({ sideEffects: undefined }), [
    'sideEffects: Required value: must specify one of None, NoneOnDryRun',
  ]);
  assert.deepEqual(wrong({ sideEffects: 'Some' }), [
    'sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"',
  ]);
  assert.deepEqual(wrong({ timeoutSeconds: 31 }), [
    'timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds',
  ]);
  assert.deepEqual(wrong({ admissionReviewVersions: [] }), [
    'admissionReviewVersions: Required value: must specify one of v1, v1beta1',
  ]);
  assert.deepEqual(wrong({ admissionReviewVersions: ['v2', 'v2'] }), [
    'admissionReviewVersions[1]: Invalid value: "v2": duplicate version',
    'admissionReviewVersions: Invalid value: ["v2","v2"]: must include at least one of v1, v1beta1',
  ]);
  // What was stored before a rule came may stay.
  const old = hooks({ sideEffects: 'Some' });
  assert.deepEqual(causes(validatingWebhookConfigurations, old, old), []);
});

test('a webhook is called by a URL or behind a Service', () => {
  const client = (clientConfig: object): string[] => wrong({ clientConfig });
  assert.deepEqual(client({ url: 'https://example.com/check' }), []);
  assert.deepEqual(client({}), ['clientConfig: Required value: exactly one of url or service is required']);
  assert.deepEqual(client({ url: 'http://me:x@example.com/?a#b' }), [
    `clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]`,
    'clientConfig.url: Invalid value: "me:x": user information is not permitted in the URL',
    'clientConfig.url: Invalid value: "b": fragments are not permitted in the URL',
    'clientConfig.url: Invalid value: "a": query parameters are not permitted in the URL',
  ]);
  assert.deepEqual(client({ service: { ...service, port: 70_000, path: 'a//b' } }), [
    'clientConfig.service.port: Invalid value: 70000: port is not valid: must be between 1 and 65535, inclusive',
    `clientConfig.service.path: Invalid value: "a//b": must start with a '/'`,
    'clientConfig.service.path: Invalid value: "a//b": segment[0] may not be empty',
    'clientConfig.service.path: Invalid value: "a//b": segment[1] may not be empty',
  ]);
});

test('rules say everything, and nothing twice', () => {
  assert.deepEqual(ruleWrong({ operations: [], apiGroups: [], apiVersions: [], resources: [] }), [
    'operations: Required value',
    'apiGroups: Required value',
    'apiVersions: Required value',
    'resources: Required value',
  ]);
  assert.deepEqual(ruleWrong({ apiGroups: ['*', 'apps'] }), [
    `apiGroups: Invalid value: ["*","apps"]: if '*' is present, must not specify other API groups`,
  ]);
  assert.deepEqual(ruleWrong({ resources: ['pods/*', 'pods/status'] }), [
    `resources[1]: Invalid value: "pods/status": if 'pods/*' is present, must not specify pods/status`,
  ]);
  assert.deepEqual(ruleWrong({ resources: ['*/*', 'pods'] }), [
    `resources: Invalid value: ["*/*","pods"]: if '*/*' is present, must not specify other resources`,
  ]);
  assert.deepEqual(ruleWrong({ resources: ['*', 'pods'] }), [
    `resources: Invalid value: ["*","pods"]: if '*' is present, must not specify other resources without subresources`,
  ]);
  assert.deepEqual(ruleWrong({ scope: 'World' }), [
    'scope: Unsupported value: "World": supported values: "*", "Cluster", "Namespaced"',
  ]);
});

const matchConstraints = { resourceRules: [rule] };
const validations = [{ expression: 'true' }];

function policy(spec: object): object {
  return { metadata, spec: { matchConstraints, validations, ...spec } };
}

const policyWrong = (spec: object): string[] =>
  causes(validatingAdmissionPolicies, policy(spec)).map((one) => one.replace('spec.', ''));

test('a policy says of which requests it speaks, and what has to be true of them', () => {
  const { spec } = defaulted(validatingAdmissionPolicies, policy({}));
  assert.deepEqual(spec, {
    matchConstraints: {
      namespaceSelector: {},
      objectSelector: {},
      resourceRules: [{ ...rule, scope: '*' }],
      matchPolicy: 'Equivalent',
    },
    validations,
    failurePolicy: 'Fail',
  });
  assert.deepEqual(policyWrong({}), []);
  assert.deepEqual(policyWrong({ matchConstraints: {} }), ['matchConstraints.resourceRules: Required value']);
  const why = 'Required value: validations or auditAnnotations must contain at least one item';
  assert.deepEqual(policyWrong({ validations: [] }), [`validations: ${why}`, `auditAnnotations: ${why}`]);
  assert.deepEqual(policyWrong({ validations: [{ expression: ' ', message: 'a\nb', reason: 'Conflict' }] }), [
    'validations[0].expression: Required value: expression is not specified',
    'validations[0].message: Invalid value: "a\\nb": message must not contain line breaks',
    'validations[0].reason: Unsupported value: "Conflict": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge"',
  ]);
  const conditions = {
    matchConditions: [
      { name: 'a', expression: '' },
      { name: 'a', expression: 'x' },
    ],
  };
  assert.deepEqual(policyWrong(conditions), [
    'matchConditions[0].expression: Required value',
    'matchConditions[1].name: Duplicate value: "a"',
  ]);
  assert.deepEqual(policyWrong({ variables: [{ name: 'in', expression: '' }] }), [
    'variables[0].expression: Required value: expression is not specified',
    'variables[0].name: Invalid value: "in": must be a valid CEL identifier',
  ]);
  assert.deepEqual(
    policyWrong({ paramKind: { apiVersion: 'a/b/c', kind: 'A_B' } }).map((one) => one.slice(0, 80)),
    [
      'paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/',
      'paramKind.kind: Invalid value: "A_B": may have mixed case, but should otherwise ',
    ],
  );
  const annotation = { key: 'k', valueExpression: 'x' };
  assert.deepEqual(policyWrong({ auditAnnotations: [annotation, annotation] }), [
    'auditAnnotations[1].key: Duplicate value: "k"',
  ]);
});

test('what is said of a policy has a place and a text', () => {
  const errors = new FieldErrors();
  const typeChecking = { expressionWarnings: [{ fieldRef: '', warning: '' }] };
  const whole = defaulted(validatingAdmissionPolicies, { ...policy({}), status: { typeChecking } });
  validateValidatingAdmissionPolicyStatus(whole, errors);
  assert.deepEqual(
    errors.list.map(({ field }) => field),
    ['status.typeChecking.expressionWarnings[0].warning', 'status.typeChecking.expressionWarnings[0].fieldRef'],
  );
});

test('a policy that changes objects says how', () => {
  const change = (spec: object): string[] =>
    causes(mutatingAdmissionPolicies, {
      metadata,
      spec: { matchConstraints, reinvocationPolicy: 'Never', ...spec },
    }).map((one) => one.replace('spec.', ''));
  const jsonPatch = { expression: '[]' };
  assert.deepEqual(change({ mutations: [{ patchType: 'JSONPatch', jsonPatch }] }), []);
  assert.deepEqual(change({ reinvocationPolicy: undefined }), [
    'mutations: Required value: mutations must contain at least one item',
    'reinvocationPolicy: Required value',
  ]);
  assert.deepEqual(change({ mutations: [{ patchType: 'ApplyConfiguration', jsonPatch }] }), [
    'mutations[0].applyConfiguration: Required value: must be specified when patchType is ApplyConfiguration',
    'mutations[0].jsonPatch: Invalid value: "{jsonPatch}": must not be specified when patchType is ApplyConfiguration',
  ]);
  assert.deepEqual(change({ mutations: [{}] }), ['mutations[0].patchType: Required value']);
});

test('a binding names a policy, its parameters, and what becomes of offenders', () => {
  const binding = (spec: object): string[] =>
    causes(validatingAdmissionPolicyBindings, {
      metadata,
      spec: { policyName: 'one', validationActions: ['Deny'], ...spec },
    }).map((one) => one.replace('spec.', ''));
  assert.deepEqual(binding({}), []);
  assert.deepEqual(binding({ policyName: '', validationActions: [] }), [
    'policyName: Required value',
    'validationActions: Required value: at least one validation action is required',
  ]);
  assert.match(binding({ validationActions: ['Deny', 'Warn'] }).join(), /must not contain both Deny and Warn/);
  const parameterNotFoundAction = 'Deny';
  assert.deepEqual(binding({ paramRef: {} }), [
    'paramRef: Required value: one of name or selector must be specified',
    'paramRef.parameterNotFoundAction: Required value',
  ]);
  assert.deepEqual(binding({ paramRef: { name: 'a', selector: {}, parameterNotFoundAction } }), [
    'paramRef.name: Forbidden: name and selector are mutually exclusive',
    'paramRef.selector: Forbidden: name and selector are mutually exclusive',
  ]);
  const labels = { matchLabels: { '!': '' } };
  const asked = { matchPolicy: 'Never', namespaceSelector: labels, objectSelector: labels };
  assert.deepEqual(
    binding({ matchResources: asked }).map((one) => one.replace(/:.*/, '')),
    [
      'matchResources.matchPolicy',
      'matchResources.namespaceSelector.matchLabels',
      'matchResources.objectSelector.matchLabels',
    ],
  );
  const spec = { policyName: 'one', paramRef: { name: 'a', parameterNotFoundAction }, matchResources: {} };
  assert.deepEqual(defaulted(mutatingAdmissionPolicyBindings, { metadata, spec }).spec, {
    policyName: 'one',
    paramRef: { name: 'a', parameterNotFoundAction },
    matchResources: { namespaceSelector: {}, objectSelector: {}, matchPolicy: 'Equivalent' },
  });
});

test('what kubectl get shows of admission', () => {
  assert.equal(row(validatingWebhookConfigurations, hooks({}, {}))['Webhooks'], 2);
  const paramKind = { apiVersion: 'v1', kind: 'ConfigMap' };
  const shown = row(validatingAdmissionPolicies, policy({ paramKind }));
  assert.deepEqual(shown, { Name: 'one', Validations: 1, ParamKind: 'v1/ConfigMap', Age: '<unknown>' });
  const params = (paramRef?: object): unknown =>
    row(validatingAdmissionPolicyBindings, { metadata, spec: { policyName: 'one', paramRef } })['ParamRef'];
  assert.equal(params(), '<unset>');
  assert.equal(params({ name: 'a' }), '*/a');
  assert.equal(params({ name: 'a', namespace: 'b' }), 'b/a');
  assert.equal(
    params({ selector: { matchLabels: { a: 'b' } } }),
    '&LabelSelector{MatchLabels:map[string]string{a: b,},MatchExpressions:[]LabelSelectorRequirement{},}',
  );
});
