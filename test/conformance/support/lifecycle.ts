import assert from 'node:assert/strict';
import type { New, ResourceClient } from '#client';
import { isStatusError, nameOf, uidOf, type KubeObject } from '#machinery';
import { until } from '../../support/until.ts';
import { assertGone } from './api-operations.ts';

export interface Lifecycle<T> {
  calls: ResourceClient<T>;
  make: (at: number) => New<T>;
}

/**
 * What the tests of "should run through the lifecycle of ..." do: create, read, patch a label, list by it, delete;
 * then a second object, which is updated, and deleted as a collection.
 */
export async function showLifecycle<T extends KubeObject>({ calls, make }: Lifecycle<T>): Promise<void> {
  const first = await calls.create(make(1));
  const name = nameOf(first);
  const read = await calls.get(name);
  assert.deepEqual([nameOf(read), uidOf(read)], [name, uidOf(first)]);
  const labels = { e2e: name };
  const patched = await calls.patch(name, { metadata: { labels } }, { type: 'application/strategic-merge-patch+json' });
  assert.equal(patched.metadata.labels?.['e2e'], name);
  const { items } = await calls.list({ labelSelector: `e2e=${name}` });
  assert.deepEqual(items.map(nameOf), [name]);
  await calls.delete(name);
  await assertGone(calls, name);

  const second = nameOf(await calls.create(make(2)));
  const updated = await updateLabel(calls, second, 'e2e', 'updated');
  assert.equal(updated.metadata.labels?.['e2e'], 'updated');
  await calls.deleteCollection({ labelSelector: 'e2e=updated' });
  await assertNoneLeft(calls, 'e2e=updated');
}

/** Reads an object and writes it back with a label, as often as others come between. */
export async function updateLabel<T extends KubeObject>(
  calls: ResourceClient<T>,
  name: string,
  label: string,
  value: string,
): Promise<T> {
  for (;;) {
    const object = await calls.get(name);
    const labels = { ...object.metadata.labels, [label]: value };
    try {
      return await calls.update({ ...object, metadata: { ...object.metadata, labels } });
    } catch (error) {
      if (!isStatusError(error, 'Conflict')) throw error;
    }
  }
}

/** Waits until no object has these labels. */
export async function assertNoneLeft(calls: ResourceClient<unknown>, labelSelector: string): Promise<void> {
  await until(
    () => calls.list({ labelSelector }),
    ({ items }) => assert.equal(items.length, 0),
  );
}
