import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeValue, StoredObject } from './stored.ts';
import { OwnWrite, OwnWrites } from './own-writes.ts';

const object = {
  spec: { template: { metadata: { labels: { a: 'b' } } } },
  metadata: { name: 'x', resourceVersion: '3' },
  kind: 'Thing',
  apiVersion: 'v1',
};

test('the served JSON is the stored value with the revision let in', () => {
  const value = encodeValue(object);
  assert.equal(
    value,
    '{"apiVersion":"v1","kind":"Thing","metadata":{"name":"x"},"spec":{"template":{"metadata":{"labels":{"a":"b"}}}}}',
  );
  for (const stored of [new StoredObject(7, Buffer.from(value)), new StoredObject(7, value, object)]) {
    assert.deepEqual(JSON.parse(stored.json.toString()), { ...object, metadata: { name: 'x', resourceVersion: '7' } });
    assert.deepEqual(stored.object, JSON.parse(stored.json.toString()));
    assert.ok(Object.isFrozen(stored.object.metadata));
  }
});

test('managed fields, of which the text is known, and objects without anything are stored as well', () => {
  const managedFields = [{ manager: 'm', operation: 'Update', fieldsV1: { 'f:spec': {} }, subresource: 'status' }];
  for (const one of [
    { ...object, metadata: { managedFields, name: 'x' } },
    { ...object, metadata: { managedFields } },
    { apiVersion: 'v1', kind: 'Thing', metadata: {} },
  ]) {
    assert.deepEqual(JSON.parse(encodeValue(one)), one);
  }
});

test('values that others wrote in another order are read as well', () => {
  const foreign = Buffer.from('{"spec":{"template":{"metadata":{}}},"metadata":{},"kind":"Thing","apiVersion":"v1"}');
  const stored = new StoredObject(7, foreign);
  assert.equal((JSON.parse(stored.json.toString()) as typeof object).metadata.resourceVersion, '7');
  assert.equal(stored.object.metadata.resourceVersion, '7');
  const bare = new StoredObject(8, Buffer.from('{"apiVersion":"v1","kind":"Thing","metadata":{}}'));
  assert.equal(bare.json.toString(), '{"apiVersion":"v1","kind":"Thing","metadata":{"resourceVersion":"8"}}');
});

test('an event of a write of our own is the object that was written', () => {
  const writes = new OwnWrites();
  const write = new OwnWrite(object, encodeValue(object));
  writes.expect('x', write);
  assert.equal(writes.claim('x', Buffer.from('{}'), 4), undefined);
  const claimed = writes.claim('x', Buffer.from(write.value), 5);
  assert.equal(claimed, write.storedAt(5));
  assert.equal(writes.claim('x', write.value, 5), undefined);
});
