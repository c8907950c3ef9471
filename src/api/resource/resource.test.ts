import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldErrors, isDns1123Label } from '#machinery';
import { causes, defaulted, row } from '../testing/submit.ts';
import { deviceClasses } from './v1/device-classes.ts';
import { resourceClaimTemplates } from './v1/resource-claim-templates.ts';
import { validateResourceClaimStatus } from './v1/resource-claim-status-validation.ts';
import { resourceClaims } from './v1/resource-claims.ts';
import { resourceSlices } from './v1/resource-slices.ts';

const metadata = { name: 'one', namespace: 'default' };
const gpu = { name: 'gpu', exactly: { deviceClassName: 'gpu' } };
const either = { name: 'either', firstAvailable: [{ name: 'big', deviceClassName: 'gpu' }] };

const claim = (devices: object): object => ({ metadata, spec: { devices } });
const wrong = (devices: object): string[] =>
  causes(resourceClaims, claim(devices)).map((one) => one.replace('spec.devices.', ''));
const request = (more: object): string[] =>
  wrong({ requests: [{ name: 'gpu', exactly: { ...gpu.exactly, ...more } }] });

test('a claim asks for one device, unless it says how many', () => {
  const { spec } = defaulted(resourceClaims, claim({ requests: [gpu, either] }));
  assert.deepEqual(spec.devices.requests?.[0]?.exactly, {
    deviceClassName: 'gpu',
    allocationMode: 'ExactCount',
    count: 1,
  });
  assert.equal(spec.devices.requests?.[1]?.firstAvailable?.[0]?.count, 1);
  const all = defaulted(resourceClaims, claim({ requests: [{ name: 'a', exactly: { allocationMode: 'All' } }] }));
  assert.equal(all.spec.devices.requests?.[0]?.exactly?.count, undefined);
});

test('a request wants devices, in one way or in one of several', () => {
  assert.deepEqual(wrong({ requests: [gpu, either] }), []);
  const cases: [object, string][] = [
    [{ name: 'gpu' }, 'requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required'],
    [
      { ...gpu, ...either },
      'requests[0]: Invalid value: null: exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set',
    ],
    [{ ...gpu, name: '' }, `requests[0].name: Invalid value: "": ${isDns1123Label('').join()}`],
    [{ name: 'a', exactly: {} }, 'requests[0].exactly.deviceClassName: Required value'],
  ];
  for (const [one, why] of cases) assert.deepEqual(wrong({ requests: [one] }), [why]);
  assert.deepEqual(wrong({ requests: [gpu, gpu] }), ['requests[1]: Duplicate value: "gpu"']);
  assert.deepEqual(wrong({ requests: Array.from({ length: 33 }, () => gpu) }), [
    'requests: Too many: 33: must have at most 32 items',
  ]);
  assert.deepEqual(request({ allocationMode: 'All', count: 2 }), [
    "requests[0].exactly.count: Invalid value: 2: must not be specified when allocationMode is 'All'",
  ]);
  assert.deepEqual(request({ count: -1 }), ['requests[0].exactly.count: Invalid value: -1: must be greater than zero']);
  assert.deepEqual(request({ selectors: [{}] }), ['requests[0].exactly.selectors[0].cel: Required value']);
  assert.deepEqual(request({ selectors: [{ cel: { expression: 'x'.repeat(10_241) } }] }), [
    'requests[0].exactly.selectors[0].cel.expression: Too long: may not be more than 10240 bytes',
  ]);
  assert.deepEqual(request({ tolerations: [{ operator: 'Exists', value: 'x' }] }), [
    'requests[0].exactly.tolerations[0].value: Invalid value: "x": must be empty for operator `Exists`',
  ]);
});

test('constraints and settings name requests of the claim', () => {
  const requests = [gpu, either];
  assert.deepEqual(
    wrong({ requests, constraints: [{ requests: ['gpu', 'either/big'], matchAttribute: 'example.com/a' }] }),
    [],
  );
  const unknown =
    "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
  assert.deepEqual(
    wrong({ requests, constraints: [{ requests: ['either/small'], matchAttribute: 'example.com/a' }] }),
    [`constraints[0].requests[0]: Invalid value: "either/small": ${unknown}`],
  );
  assert.deepEqual(wrong({ requests, constraints: [{ matchAttribute: 'a' }] }), [
    'constraints[0].matchAttribute: Invalid value: "a": a fully qualified name must be a domain and a name separated by a slash',
  ]);
  const opaque = { driver: 'd.example.com', parameters: { a: 1 } };
  assert.deepEqual(wrong({ requests, config: [{ opaque }] }), []);
  assert.deepEqual(wrong({ requests, config: [{}] }), ['config[0].opaque: Required value']);
  assert.deepEqual(wrong({ requests, config: [{ opaque: { ...opaque, parameters: 'x' } }] }), [
    'config[0].opaque.parameters: Invalid value: "<value omitted>": must be a valid JSON object',
  ]);
});

test('what a claim wants never changes, nor does a template', () => {
  const [one, other] = [claim({ requests: [gpu] }), claim({ requests: [either] })];
  assert.match(causes(resourceClaims, one, other).join(), /^spec: Invalid value: {.*}: field is immutable$/);
  const template = (devices: object): object => ({ metadata, spec: { spec: { devices } } });
  assert.deepEqual(causes(resourceClaimTemplates, template({ requests: [{ name: 'gpu' }] })), [
    'spec.spec.devices.requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required',
  ]);
  const changed = causes(resourceClaimTemplates, template({ requests: [gpu] }), template({}));
  assert.match(changed.join(), /^spec: Invalid value: {.*}: field is immutable$/);
});

const result = { request: 'gpu', driver: 'd.example.com', pool: 'node', device: 'gpu-0' };
const allocation = { devices: { results: [result] } };
const pod = { resource: 'pods', name: 'p', uid: 'u' };

function judge(now: object, old: object = {}, deletionTimestamp?: string): string[] {
  const whole = (status: object): ReturnType<typeof defaulted<InstanceType<typeof resourceClaims.kind>>> =>
    defaulted(resourceClaims, {
      ...claim({ requests: [gpu] }),
      metadata: { ...metadata, ...(deletionTimestamp && { deletionTimestamp }) },
      status,
    });
  const errors = new FieldErrors();
  validateResourceClaimStatus(whole(now), errors, whole(old));
  return errors.list.map(({ field, message }) => `${field}: ${message}`);
}

test('a claim is given devices of its requests, once, and only then used', () => {
  assert.deepEqual(judge({ allocation, reservedFor: [pod] }), []);
  assert.deepEqual(judge({ reservedFor: [pod] }), [
    'status.reservedFor: Forbidden: may not be specified when `allocated` is not set',
  ]);
  const other = { devices: { results: [{ ...result, device: 'gpu-1' }] } };
  assert.match(
    judge({ allocation: other }, { allocation }).join(),
    /^status.allocation: Invalid value: .*: field is immutable/,
  );
  const stranger = { devices: { results: [{ ...result, request: 'x' }] } };
  assert.match(
    judge({ allocation: stranger }).join(),
    /results\[0\].request: Invalid value: "x": must be the name of a/,
  );
  assert.deepEqual(judge({ allocation, reservedFor: [pod] }, { allocation }, '2026-01-01T00:00:00Z'), [
    'status.reservedFor: Forbidden: new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set',
  ]);
});

test('drivers speak of devices that were given', () => {
  const { driver, pool, device } = result;
  const said = { driver, pool, device };
  assert.deepEqual(judge({ allocation, devices: [said] }), []);
  assert.deepEqual(judge({ devices: [said] }), [
    'status.devices[0]: Invalid value: "d.example.com/node/gpu-0": must be an allocated device in the claim',
  ]);
  const networkData = { ips: ['10.0.0.1', '2001:DB8::1/64'] };
  assert.deepEqual(judge({ allocation, devices: [{ ...said, networkData }] }), [
    'status.devices[0].networkData.ips[0]: Invalid value: "10.0.0.1": must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)',
    'status.devices[0].networkData.ips[1]: Invalid value: "2001:DB8::1/64": must be in canonical form ("2001:db8::1/64")',
  ]);
  const conditions = [{ type: 'Ready', status: 'Maybe', reason: '', message: '' }];
  assert.deepEqual(judge({ allocation, devices: [{ ...said, conditions }] }), [
    'status.devices[0].conditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"',
    'status.devices[0].conditions[0].lastTransitionTime: Required value',
    'status.devices[0].conditions[0].reason: Required value',
  ]);
});

const pool = { name: 'node', generation: 0, resourceSliceCount: 1 };
const slice = (spec: object): object => ({
  metadata: { name: 'one' },
  spec: { driver: 'd.example.com', pool, nodeName: 'node', ...spec },
});
const sliceWrong = (spec: object, old?: object): string[] =>
  causes(resourceSlices, slice(spec), old && slice(old)).map((one) => one.replace(/^spec\.?/, ''));
const deviceWrong = (device: object, spec = {}): string[] =>
  sliceWrong({ devices: [{ name: 'gpu-0', ...device }], ...spec }).map((one) => one.replace(/^devices\[0\]\.?/, ''));

test('a slice is of one driver and pool, for some nodes', () => {
  assert.deepEqual(sliceWrong({}), []);
  const why = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';
  assert.deepEqual(sliceWrong({ nodeName: undefined }), [`: Required value: ${why}`]);
  assert.deepEqual(sliceWrong({ allNodes: true }), [
    `: Invalid value: "{\`nodeName\`, \`allNodes\`}": ${why}, but multiple fields are set`,
  ]);
  assert.deepEqual(sliceWrong({ pool: { ...pool, resourceSliceCount: 0 } }), [
    'pool.resourceSliceCount: Invalid value: 0: must be greater than zero',
  ]);
  assert.deepEqual(sliceWrong({ driver: 'e.example.com' }, {}), [
    'driver: Invalid value: "e.example.com": field is immutable',
  ]);
  const devices = Array.from({ length: 129 }, (_, at) => ({ name: `gpu-${at}` }));
  assert.deepEqual(sliceWrong({ devices }), ['devices: Too many: 129: must have at most 128 items']);
  const tainted = devices.slice(0, 65).map((one) => ({ ...one, taints: [{ key: 'a', effect: 'NoSchedule' }] }));
  assert.deepEqual(sliceWrong({ devices: tainted }), ['devices: Too many: 65: must have at most 64 items']);
});

test('a device has attributes and capacities with names and values', () => {
  assert.deepEqual(deviceWrong({ attributes: { 'example.com/a': { int: 1 }, b: { version: '1.2.3-rc.1' } } }), []);
  const attribute = (one: object): string[] => deviceWrong({ attributes: { a: one } });
  assert.deepEqual(attribute({}), ['attributes[a]: Invalid value: "": exactly one value must be specified']);
  assert.deepEqual(attribute({ int: 1, bool: true }), [
    'attributes[a]: Invalid value: {"int":1,"bool":true}: exactly one value must be specified',
  ]);
  assert.deepEqual(attribute({ version: '1.2' }), [
    'attributes[a].version: Invalid value: "1.2": must be a string compatible with semver.org spec 2.0.0',
  ]);
  assert.deepEqual(deviceWrong({ attributes: { 'a/b/c': { int: 1 } } }), [
    'attributes: Invalid value: "a/b/c": must not contain more than one slash',
  ]);
  const many = Object.fromEntries(Array.from({ length: 33 }, (_, at) => [`a${at}`, { int: at }]));
  assert.deepEqual(deviceWrong({ attributes: many }), [
    ': Invalid value: 33: the total number of attributes and capacities must not exceed 32',
  ]);
});

test('a capacity that is shared says how much can be asked for', () => {
  const capacity = (requestPolicy: object, allowMultipleAllocations = true): string[] =>
    deviceWrong({ allowMultipleAllocations, capacity: { memory: { value: '10Gi', requestPolicy } } }).map((one) =>
      one.replace('capacity[memory].requestPolicy', 'policy'),
    );
  const validRange = { min: '1Gi', max: '10Gi', step: '1Gi' };
  assert.deepEqual(capacity({ default: '2Gi', validRange }), []);
  assert.deepEqual(capacity({}, false), ['policy: Forbidden: allowMultipleAllocations must be true']);
  assert.deepEqual(capacity({ validRange }), ['policy.default: Required value: required when validRange is defined']);
  assert.deepEqual(capacity({ default: '1536Mi', validRange }), [
    'policy.validRange.step: Invalid value: "1536Mi": value is not a multiple of a given step (1Gi) from (1Gi)',
  ]);
  assert.deepEqual(capacity({ default: '3Gi', validValues: ['2Gi', '1Gi', '11Gi'] }), [
    'policy.validValues[1]: Invalid value: "1Gi": values must be sorted in ascending order',
    'policy.validValues[2]: Invalid value: "11Gi": option is larger than capacity value: 10Gi',
    'policy.validValues: Invalid value: "3Gi": default value is not valid according to the requestPolicy',
  ]);
});

test('a device tells its nodes where the slice does not, and its conditions in pairs', () => {
  const own = { nodeName: undefined, perDeviceNodeSelection: true };
  assert.deepEqual(deviceWrong({ allNodes: true }, own), []);
  assert.match(
    deviceWrong({}, own).join(),
    /^: Required value: exactly one of `nodeName`, `nodeSelector`, or `allNodes`/,
  );
  assert.match(deviceWrong({ allNodes: true }).join(), /can only be set if `perDeviceNodeSelection` is set to true/);
  assert.deepEqual(deviceWrong({ bindingConditions: ['a'] }), [
    'bindingFailureConditions: Invalid value: []: bindingFailureConditions are required to use bindingConditions',
  ]);
  assert.deepEqual(deviceWrong({ bindingConditions: ['a'], bindingFailureConditions: ['a'] }), [
    'bindingFailureConditions[0]: Invalid value: "a": bindingFailureConditions must not overlap with bindingConditions',
  ]);
  assert.deepEqual(deviceWrong({ taints: [{ key: 'a', effect: 'Fly' }] }), [
    'taints[0].effect: Unsupported value: "Fly": supported values: "NoExecute", "NoSchedule", "None"',
  ]);
  assert.deepEqual(deviceWrong({ consumesCounters: [{ counterSet: 'a' }] }), [
    'consumesCounters[0].counters: Required value',
  ]);
});

test('a class may stand for an extended resource', () => {
  const named = (extendedResourceName: string): string[] =>
    causes(deviceClasses, { metadata: { name: 'gpu' }, spec: { extendedResourceName } });
  assert.deepEqual(named('example.com/gpu'), []);
  for (const bad of ['gpu', 'kubernetes.io/gpu', 'requests.example.com/gpu']) {
    assert.deepEqual(named(bad), [
      `spec.extendedResourceName: Invalid value: "${bad}": must be a valid extended resource name`,
    ]);
  }
});

test('what kubectl get shows of claims and slices', () => {
  const state = (status: object, deletionTimestamp?: string): unknown =>
    row(resourceClaims, { metadata: { ...metadata, ...(deletionTimestamp && { deletionTimestamp }) }, status })[
      'State'
    ];
  assert.equal(state({}), 'pending');
  assert.equal(state({ allocation, reservedFor: [pod] }), 'allocated,reserved');
  assert.equal(state({ allocation }, '2026-01-01T00:00:00Z'), 'deleted,allocated');
  assert.deepEqual(row(resourceSlices, slice({})), {
    Name: 'one',
    Node: 'node',
    Driver: 'd.example.com',
    Pool: 'node',
    Age: '<unknown>',
  });
});
