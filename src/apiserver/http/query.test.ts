import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStatusError } from '#machinery';
import { deleteOptionsOf, listOptionsOf, writeOptionsOf } from './query.ts';

function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (isStatusError(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'nothing was thrown';
}

const query = (text: string): URLSearchParams => new URLSearchParams(text);

test('list options are read, and told wrong in Go’s words', () => {
  assert.deepEqual(listOptionsOf(query('limit=5&labelSelector=a%3Db&resourceVersion=7'), false), {
    labelSelector: 'a=b',
    limit: 5,
    resourceVersion: '7',
  });
  assert.equal(
    messageOf(() => listOptionsOf(query('limit=abc'), false)),
    '400 strconv.ParseInt: parsing "abc": invalid syntax',
  );
  assert.equal(
    messageOf(() => listOptionsOf(query('resourceVersionMatch=Exact'), false)),
    '422 ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
  );
  assert.match(
    messageOf(() => listOptionsOf(query('sendInitialEvents=true'), true)),
    /sendInitialEvents requires setting resourceVersionMatch to NotOlderThan/,
  );
  assert.deepEqual(listOptionsOf(query('sendInitialEvents=true&resourceVersionMatch=NotOlderThan'), true), {
    resourceVersionMatch: 'NotOlderThan',
    sendInitialEvents: true,
  });
});

test('write options', () => {
  assert.deepEqual(writeOptionsOf(query('dryRun=All&fieldManager=me&fieldValidation=Strict'), 'CreateOptions'), {
    dryRun: true,
    fieldManager: 'me',
    fieldValidation: 'Strict',
  });
  assert.equal(
    messageOf(() => writeOptionsOf(query('fieldValidation=No'), 'CreateOptions')),
    '422 CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "No": supported values: "", "Ignore", "Strict", "Warn"',
  );
  assert.match(
    messageOf(() => writeOptionsOf(query('dryRun=Some'), 'UpdateOptions')),
    /dryRun: Unsupported value: \["Some"\]: supported values: "All"/,
  );
  assert.match(
    messageOf(() => writeOptionsOf(query('force=true'), 'PatchOptions', 'application/merge-patch+json')),
    /force: Forbidden: may not be specified for non-apply patch/,
  );
  assert.match(
    messageOf(() => writeOptionsOf(query(''), 'PatchOptions', 'application/apply-patch+yaml')),
    /fieldManager: Required value: is required for apply patch/,
  );
});

test('delete options come from the body, or else from the query', () => {
  assert.deepEqual(deleteOptionsOf(query('gracePeriodSeconds=3&propagationPolicy=Orphan'), undefined), {
    gracePeriodSeconds: 3,
    propagationPolicy: 'Orphan',
    dryRun: false,
  });
  const body = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: 'u' }, dryRun: ['All'] };
  assert.deepEqual(deleteOptionsOf(query('gracePeriodSeconds=3'), body), { preconditions: { uid: 'u' }, dryRun: true });
  assert.match(
    messageOf(() => deleteOptionsOf(query(''), { propagationPolicy: 'No' })),
    /supported values: "Foreground", "Background", "Orphan", "nil"/,
  );
  assert.match(
    messageOf(() => deleteOptionsOf(query(''), { gracePeriodSeconds: 'x' })),
    /^400 json: cannot unmarshal string/,
  );
  assert.match(
    messageOf(() => deleteOptionsOf(query(''), { kind: 'Pod', apiVersion: 'v1' })),
    /cannot be converted to DeleteOptions/,
  );
});
