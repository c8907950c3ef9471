import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployments } from '#api';
import { deepFreeze } from '#base';
import { decode } from '#machinery';
import { decodeChanged } from './decode-changed.ts';

const managedFields = [{ manager: 'm', operation: 'Update', fieldsV1: { 'f:spec': {} } }];
const metadata = { name: 'a', managedFields };
const old = deepFreeze(decode(deployments.kind, { metadata, spec: { replicas: 2 } }).object);

test('what stands untouched in an object is copied, and the rest is decoded', () => {
  const made = { ...old, metadata: { ...old.metadata, labels: { a: 'b' }, wrong: 1 }, more: 1 };
  const { object, unknownFields } = decodeChanged(deployments.kind, made, old);
  assert.deepEqual(object, decode(deployments.kind, made).object);
  assert.equal(object.metadata.managedFields, old.metadata.managedFields);
  assert.deepEqual(unknownFields, ['metadata.wrong', 'more']);
  object.spec.replicas = 3;
  assert.equal(old.spec.replicas, 2);
});

test('managed fields that were changed are decoded', () => {
  const made = { ...old, metadata: { ...old.metadata, managedFields: [{ manager: 'other', wrong: 1 }] } };
  const { object, unknownFields } = decodeChanged(deployments.kind, made, old);
  assert.deepEqual(object, decode(deployments.kind, made).object);
  assert.deepEqual(unknownFields, ['metadata.managedFields[0].wrong']);
});

test('what was changed is looked at as a whole', () => {
  const made = { ...old, spec: { ...old.spec, replicas: 'many' } };
  assert.throws(() => decodeChanged(deployments.kind, made, old), /spec\.replicas of type int32/);
});
