import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '#base';
import { isStatusError } from '#machinery';
import { openStoreHarness, type TestWidget } from './testing/store-harness.ts';

const widget = (name: string, spec: TestWidget['spec'] = {}): object => ({ metadata: { name }, spec });

function failsWith(reason: string, message: string | RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(isStatusError(error), String(error));
    assert.equal(error.reason, reason);
    if (typeof message === 'string') assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  };
}

test('an object is created, read, updated, patched and deleted', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  const created = await rest.create(context, 'a', widget('one', { size: 1 }));
  assert.equal(created.object.metadata.namespace, 'a');
  assert.ok(created.object.metadata.uid);
  assert.equal(created.object.metadata.generation, 1);
  assert.equal(created.object.metadata.resourceVersion, String(created.resourceVersion));
  assert.deepEqual(JSON.parse(created.json.toString()), created.object);
  assert.ok(Object.isFrozen(created.object.metadata));

  const read = await rest.get(context, 'a', 'one');
  assert.deepEqual(read.object, created.object);

  const changed = structuredClone(read.object) as TestWidget;
  changed.spec.size = 2;
  const { stored: updated } = await rest.update(context, 'a', 'one', changed);
  assert.equal(updated.object.metadata.generation, 2);

  await assert.rejects(
    rest.update(context, 'a', 'one', changed),
    failsWith(
      'Conflict',
      'Operation cannot be fulfilled on widgets.test.k8s.io "one": the object has been modified; please apply your changes to the latest version and try again',
    ),
  );
  const { stored: patched } = await rest.patch(context, 'a', 'one', 'application/merge-patch+json', {
    spec: { size: 3 },
  });
  assert.deepEqual((patched.object as TestWidget).spec, { size: 3 });
  const { stored: patchedAgain } = await rest.patch(context, 'a', 'one', 'application/json-patch+json', [
    { op: 'test', path: '/spec/size', value: 3 },
    { op: 'replace', path: '/spec/size', value: 4 },
  ]);
  assert.deepEqual((patchedAgain.object as TestWidget).spec, { size: 4 });

  const { deleted } = await rest.delete(context, 'a', 'one');
  assert.equal(deleted, true);
  await assert.rejects(rest.get(context, 'a', 'one'), failsWith('NotFound', 'widgets.test.k8s.io "one" not found'));
});

test('a name that is taken is refused, and generateName finds another', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  await rest.create(context, 'a', widget('one'));
  await assert.rejects(
    rest.create(context, 'a', widget('one')),
    failsWith('AlreadyExists', 'widgets.test.k8s.io "one" already exists'),
  );
  const made = await rest.create(context, 'a', { metadata: { generateName: 'gen-' } });
  assert.match(made.object.metadata.name ?? '', /^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

test('an update that changes nothing writes nothing', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  const created = await rest.create(context, 'a', widget('one', { size: 1 }));
  const { stored } = await rest.update(context, 'a', 'one', widget('one', { size: 1 }));
  assert.equal(stored.resourceVersion, created.resourceVersion);
});

test('the status is written through its own door only, and does not count as a wish', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  await rest.create(context, 'a', { ...widget('one', { size: 1 }), status: { size: 9 } });
  const read = (await rest.get(context, 'a', 'one')).object as TestWidget;
  assert.deepEqual(read.status, {});
  const status = rest.subresource('status');
  const answer = await status?.update?.(context, 'a', 'one', { ...read, spec: { size: 5 }, status: { size: 1 } });
  const after = answer?.object as TestWidget;
  assert.deepEqual([after.spec, after.status, after.metadata.generation], [{ size: 1 }, { size: 1 }, 1]);
  const { stored } = await rest.update(context, 'a', 'one', widget('one', { size: 6 }));
  assert.deepEqual((stored.object as TestWidget).status, { size: 1 });
});

test('patches of one object by fifty writers at once all take', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  await rest.create(context, 'a', widget('one'));
  const labels = Array.from({ length: 50 }, (_, at) => `l${at}`);
  await Promise.all(
    labels.map((label) =>
      rest.patch(context, 'a', 'one', 'application/merge-patch+json', { metadata: { labels: { [label]: 'x' } } }),
    ),
  );
  const { object } = await rest.get(context, 'a', 'one');
  assert.deepEqual(Object.keys(object.metadata.labels ?? {}).sort(), labels.sort());
});

test('unknown fields are an error, a warning or nothing, as the caller asks', async () => {
  await using harness = await openStoreHarness();
  const { rest, context, warnings } = harness;
  const body = { metadata: { name: 'one' }, spec: { size: 1, weight: 2 } };
  await assert.rejects(
    rest.create(context, 'a', body, { fieldValidation: 'Strict' }),
    failsWith(
      'BadRequest',
      'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.weight"',
    ),
  );
  await rest.create(context, 'a', body, { fieldValidation: 'Ignore' });
  assert.deepEqual(warnings, []);
  await rest.update(context, 'a', 'one', body);
  assert.deepEqual(warnings, ['unknown field "spec.weight"']);
});

test('metadata is validated, and what is immutable stays', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  await assert.rejects(
    rest.create(context, 'a', widget('Bad_Name')),
    failsWith(
      'Invalid',
      /^Widget.* "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain/,
    ),
  );
  await assert.rejects(
    rest.create(context, 'a', {}),
    failsWith('Invalid', /metadata.name: Required value: name or generateName is required/),
  );
  const { object } = await rest.create(context, 'a', widget('one'));
  const other = { ...widget('one'), metadata: { name: 'one', uid: 'other' } };
  await assert.rejects(
    rest.update(context, 'a', 'one', other),
    failsWith(
      'Conflict',
      /StorageError: invalid object, Code: 4, Key: \/widgets\/a\/one, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: other, UID in object meta: /,
    ),
  );
  const moved = { ...widget('one'), metadata: { name: 'one', creationTimestamp: '2001-01-01T00:00:00Z' } };
  const kept = await rest.update(context, 'a', 'one', moved);
  assert.equal(kept.stored.object.metadata.creationTimestamp, object.metadata.creationTimestamp);
});

test('dry runs are checked like writes and leave nothing', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  const dryRun = true;
  const dry = await rest.create(context, 'a', widget('one'), { dryRun });
  assert.equal(dry.object.metadata.resourceVersion, undefined);
  await assert.rejects(rest.get(context, 'a', 'one'), failsWith('NotFound', /not found/));
  const { resourceVersion } = await rest.create(context, 'a', widget('one'));
  await assert.rejects(rest.create(context, 'a', widget('one'), { dryRun }), failsWith('AlreadyExists', /exists/));
  const { stored } = await rest.update(context, 'a', 'one', widget('one', { size: 2 }), { dryRun });
  assert.deepEqual((stored.object as TestWidget).spec, { size: 2 });
  assert.equal((await rest.delete(context, 'a', 'one', { dryRun })).deleted, true);
  assert.equal((await rest.get(context, 'a', 'one')).resourceVersion, resourceVersion);
});

test('finalizers hold a deleted object until the last one is taken away', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  await rest.create(context, 'a', { metadata: { name: 'one', finalizers: ['test/hold'] } });
  const { deleted, stored } = await rest.delete(context, 'a', 'one');
  assert.equal(deleted, false);
  assert.ok(stored.object.metadata.deletionTimestamp);
  assert.equal(stored.object.metadata.deletionGracePeriodSeconds, 0);
  await assert.rejects(
    rest.create(context, 'a', widget('one')),
    failsWith('AlreadyExists', /^object is being deleted: widgets.test.k8s.io "one" already exists$/),
  );
  const add = { metadata: { finalizers: ['test/hold', 'test/more'] } };
  await assert.rejects(
    rest.patch(context, 'a', 'one', 'application/merge-patch+json', add),
    failsWith(
      'Invalid',
      /metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted/,
    ),
  );
  await rest.patch(context, 'a', 'one', 'application/merge-patch+json', { metadata: { finalizers: null } });
  await assert.rejects(rest.get(context, 'a', 'one'), failsWith('NotFound', /not found/));
});

test('a propagation policy becomes a finalizer for the garbage collector', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  for (const [propagationPolicy, finalizers] of [
    ['Foreground', ['foregroundDeletion']],
    ['Orphan', ['orphan']],
  ] as const) {
    await rest.create(context, 'a', widget(propagationPolicy.toLowerCase()));
    const { stored, deleted } = await rest.delete(context, 'a', propagationPolicy.toLowerCase(), { propagationPolicy });
    assert.equal(deleted, false);
    assert.deepEqual(stored.object.metadata.finalizers, finalizers);
  }
  await assert.rejects(
    rest.delete(context, 'a', 'foreground', { propagationPolicy: 'Sideways' }),
    failsWith('Invalid', /propagationPolicy: Unsupported value: "Sideways"/),
  );
});

test('a deletion with preconditions takes only the object that was meant', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  const { object } = await rest.create(context, 'a', widget('one'));
  await assert.rejects(
    rest.delete(context, 'a', 'one', { preconditions: { uid: 'other' } }),
    failsWith('Conflict', /the UID in the precondition \(other\) does not match the UID in record/),
  );
  await assert.rejects(
    rest.delete(context, 'a', 'one', { preconditions: { resourceVersion: '1' } }),
    failsWith('Conflict', /the ResourceVersion in the precondition \(1\) does not match/),
  );
  const { uid } = object.metadata;
  assert.equal((await rest.delete(context, 'a', 'one', { preconditions: { ...(uid && { uid }) } })).deleted, true);
});

test('a grace period runs once, and may only be shortened', async () => {
  const clock = new VirtualClock();
  await using harness = await openStoreHarness({
    clock,
    strategy: { graceSeconds: (_, { gracePeriodSeconds }) => gracePeriodSeconds ?? 30 },
  });
  const { rest, context } = harness;
  await rest.create(context, 'a', widget('one'));
  const first = await rest.delete(context, 'a', 'one');
  assert.equal(first.deleted, false);
  assert.equal(first.stored.object.metadata.deletionGracePeriodSeconds, 30);
  assert.equal(first.stored.object.metadata.deletionTimestamp, '2026-01-01T00:00:30Z');
  assert.equal(first.stored.object.metadata.generation, 2);
  const again = await rest.delete(context, 'a', 'one', { gracePeriodSeconds: 60 });
  assert.equal(again.stored.resourceVersion, first.stored.resourceVersion);
  const shorter = await rest.delete(context, 'a', 'one', { gracePeriodSeconds: 5 });
  assert.equal(shorter.stored.object.metadata.deletionTimestamp, '2026-01-01T00:00:05Z');
  assert.equal((await rest.delete(context, 'a', 'one', { gracePeriodSeconds: 0 })).deleted, true);
});

test('a collection is deleted by selector', async () => {
  await using harness = await openStoreHarness();
  const { rest, context } = harness;
  for (let at = 0; at < 10; at++) {
    await rest.create(context, 'a', { metadata: { name: `w${at}`, labels: { odd: String(at % 2 === 1) } } });
  }
  const { items } = await rest.deleteCollection(context, 'a', { labelSelector: 'odd=true' });
  assert.equal(items.length, 5);
  assert.equal((await rest.list(context, 'a', {})).items.length, 5);
});

test('admission may say whose the fields are, and what of that nobody can read is put back', async () => {
  const said = [{ manager: 'webhook', operation: 'Update', apiVersion: 'test.k8s.io/v1', fieldsType: 'FieldsV1' }];
  let managedFields: object[] = [{ manager: 'webhook' }];
  const mutate = ({ object }: { object?: { metadata: object } }): void => {
    if (object) Object.assign(object.metadata, { managedFields });
  };
  await using harness = await openStoreHarness({ plugins: [{ name: 'Webhook', mutate }] });
  const { rest, context, warnings } = harness;
  const created = await rest.create(context, 'a', widget('one', { size: 1 }));
  assert.deepEqual(
    created.object.metadata.managedFields?.map(({ manager }) => manager),
    ['test'],
  );
  const invalid =
    '.metadata.managedFields was in an invalid state after admission; this could be caused by an outdated';
  const why = 'mutating admission controller; please fix your requests: operation must be `Apply` or `Update`';
  assert.deepEqual(warnings, [`${invalid} ${why}`]);
  managedFields = said.map((one) => ({ ...one, fieldsV1: { 'f:spec': { 'f:size': {} } } }));
  const { stored } = await rest.update(context, 'a', 'one', widget('one', { size: 2 }));
  assert.deepEqual(stored.object.metadata.managedFields, managedFields);
});
