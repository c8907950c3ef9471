import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { formatDuration, humanDuration, parseDuration } from './duration.ts';
import { FieldErrors } from './field-errors.ts';
import { FieldPath } from './field-path.ts';
import { controllerOf, keyOf, splitKey } from './meta.ts';
import {
  isConfigMapKey,
  isDns1123Label,
  isDns1123Subdomain,
  isPathSegment,
  isPortName,
  isQualifiedName,
} from './names.ts';
import { conflict, forbidden, internalError, invalid, isStatusError, methodNotSupported, notFound } from './status.ts';
import { formatMicroTime, formatTime, normalizeMicroTime, normalizeTime, parseTime } from './time.ts';

const pods = { group: '', plural: 'pods' };
const deployments = { group: 'apps', plural: 'deployments' };

test('errors are worded as apimachinery words them', () => {
  assert.deepEqual(notFound(pods, 'a').status, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'pods "a" not found',
    reason: 'NotFound',
    details: { name: 'a', kind: 'pods' },
    code: 404,
  });
  assert.equal(conflict(deployments, 'a', 'why').message, 'Operation cannot be fulfilled on deployments.apps "a": why');
  assert.equal(forbidden(deployments, '', 'why').message, 'deployments.apps is forbidden: why');
  assert.equal(forbidden({ group: '', plural: '' }, '', 'why').message, 'forbidden: why');
  assert.equal(methodNotSupported(pods, 'create').message, 'create is not supported on resources of kind "pods"');
  assert.ok(isStatusError(internalError('x'), 'InternalError') && !isStatusError(internalError('x'), 'NotFound'));
});

test('an invalid object lists its causes', () => {
  const errors = new FieldErrors();
  errors.required(FieldPath.of('spec', 'containers').index(0).child('name'));
  const one = invalid({ group: '', kindName: 'Pod' }, 'a', errors);
  assert.equal(one.message, 'Pod "a" is invalid: spec.containers[0].name: Required value');
  errors.invalid(FieldPath.of('spec', 'x'), 'Y', 'bad');
  const two = invalid({ group: 'apps', kindName: 'Deployment' }, 'a', errors);
  assert.equal(
    two.message,
    'Deployment.apps "a" is invalid: [spec.containers[0].name: Required value, spec.x: Invalid value: "Y": bad]',
  );
  assert.equal(two.status.details?.causes?.length, 2);
  const odd = new FieldErrors();
  const text = '\u0007\u0001\n"\\u0007 é\u007f\u200b\u{e0001}';
  odd.invalid(FieldPath.of('x'), text, 'bad');
  const quoted = String.raw`"\a\x01\n\"\\u0007 é\x7f\u200b\U000e0001"`;
  assert.equal(odd.list[0]?.message, `Invalid value: ${quoted}: bad`);
  assert.match(invalid({ group: '', kindName: 'Pod' }, text, odd).message, /^Pod "\\a\\x01/);
});

test('names', () => {
  assert.deepEqual(isDns1123Label('my-name'), []);
  assert.deepEqual(isDns1123Label('a.b'), ['must not contain dots']);
  assert.match(
    isDns1123Label('A')[0] ?? '',
    /^a lowercase RFC 1123 label must .* \(e\.g\. 'my-name',  or '123-abc', regex used for validation is '\[a-z0-9\]/,
  );
  assert.deepEqual(isDns1123Subdomain('a'.repeat(254)), ['must be no more than 253 characters']);
  assert.deepEqual(isQualifiedName('example.com/a_b.c'), []);
  assert.deepEqual(isQualifiedName('/a'), ['prefix part must be non-empty']);
  assert.deepEqual(isPortName('a--1'), ['must not contain consecutive hyphens']);
  assert.deepEqual(isConfigMapKey('..a'), ["must not start with '..'"]);
  assert.deepEqual(isPathSegment('a/b%'), ["may not contain '/'", "may not contain '%'"]);
});

test('times', () => {
  const ms = Date.UTC(2024, 1, 29, 1, 2, 3, 456);
  assert.equal(formatTime(ms), '2024-02-29T01:02:03Z');
  assert.equal(formatMicroTime(ms), '2024-02-29T01:02:03.456000Z');
  assert.equal(parseTime('2024-02-29T01:02:03.456789Z'), ms);
  assert.equal(normalizeTime('2024-02-29T03:02:03.5+02:00'), '2024-02-29T01:02:03Z');
  assert.equal(normalizeMicroTime('2024-02-29T01:02:03.456789Z'), '2024-02-29T01:02:03.456789Z');
  const fails: [string, string][] = [
    ['abc', 'parsing time "abc" as "2006-01-02T15:04:05Z07:00": cannot parse "abc" as "2006"'],
    ['2024-02-30T00:00:00Z', 'parsing time "2024-02-30T00:00:00Z": day out of range'],
    ['2024-02-01', 'parsing time "2024-02-01" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"'],
    ['2024-02-01T00:00:00Zx', 'parsing time "2024-02-01T00:00:00Zx": extra text: "x"'],
  ];
  for (const [text, message] of fails) assert.throws(() => parseTime(text), { message });
});

test('durations', () => {
  assert.equal(parseDuration('1h2m3.5s'), 3_723_500);
  assert.equal(parseDuration('-1.5s'), -1500);
  assert.equal(parseDuration('0'), 0);
  assert.throws(() => parseDuration('5'), { message: 'time: missing unit in duration "5"' });
  assert.throws(() => parseDuration('5 days'), { message: 'time: unknown unit " days" in duration "5 days"' });
  assert.throws(() => parseDuration(''), { message: 'time: invalid duration ""' });
  assert.equal(formatDuration(3_723_500), '1h2m3.5s');
  assert.equal(formatDuration(60_000), '1m0s');
  assert.equal(formatDuration(0.25), '250µs');
  fc.assert(fc.property(fc.nat(10 ** 9), (ms) => assert.equal(parseDuration(formatDuration(ms)), ms)));
});

test('ages as kubectl shows them', () => {
  const table: [number, string][] = [
    [-5, '<invalid>'],
    [0, '0s'],
    [119, '119s'],
    [120, '2m'],
    [125, '2m5s'],
    [3600, '60m'],
    [3 * 3600, '3h'],
    [3 * 3600 + 60, '3h1m'],
    [9 * 3600, '9h'],
    [50 * 3600, '2d2h'],
    [10 * 86400, '10d'],
    [800 * 86400, '2y70d'],
    [3650 * 86400, '10y'],
  ];
  for (const [seconds, want] of table) assert.equal(humanDuration(seconds * 1000), want);
});

test('keys and owners', () => {
  assert.equal(keyOf({ metadata: { name: 'a', namespace: 'b' } }), 'b/a');
  assert.deepEqual(splitKey('b/a'), { namespace: 'b', name: 'a' });
  assert.deepEqual(splitKey('a'), { namespace: '', name: 'a' });
  const owner = { apiVersion: 'v1', kind: 'Pod', name: 'x', uid: '1', controller: true };
  assert.equal(controllerOf({ metadata: { ownerReferences: [{ ...owner, controller: false }, owner] } }), owner);
});
