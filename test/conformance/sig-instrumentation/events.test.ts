import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { events, eventsV1, type Event, type EventV1 } from '#api';
import type { New } from '#client';
import { nameOf } from '#machinery';
import { assertGone } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';

const time = '2017-09-19T13:49:16.000000Z';
const strategic = 'application/strategic-merge-patch+json';

/** The part of an object that two reads of it agree in. */
function withoutBookkeeping(object: EventV1): object {
  return { ...object, metadata: { ...object.metadata, resourceVersion: undefined, managedFields: undefined } };
}

describe('Events', () => {
  const cluster = conformanceCluster();

  const coreEvent = (namespace: string, name: string, labels: Record<string, string>): New<Event> => ({
    metadata: { name, labels },
    message: `This is ${name}`,
    reason: 'Test',
    type: 'Normal',
    count: 1,
    involvedObject: { namespace },
  });

  const newEvent = (namespace: string, name: string, labels: Record<string, string>): New<EventV1> => ({
    metadata: { name, labels },
    regarding: { namespace },
    eventTime: time,
    note: `This is ${name}`,
    action: 'Do',
    reason: 'Test',
    type: 'Normal',
    reportingController: 'test-controller',
    reportingInstance: 'test-node',
  });

  test('[sig-instrumentation] Events should manage the lifecycle of an event [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const everywhere = cluster.client.of(events);
    const calls = everywhere.in(namespace);
    const name = 'event-test';
    const labelSelector = 'testevent-constant=true';
    await calls.create(coreEvent(namespace, name, { 'testevent-constant': 'true' }));
    assert.deepEqual((await everywhere.list({ labelSelector })).items.map(nameOf), [name]);
    const message = 'This is a test event - patched';
    await calls.patch(name, { message }, { type: strategic });
    const patched = await calls.get(name);
    assert.equal(patched.message, message);
    await calls.update({ ...patched, series: { count: 100, lastObservedTime: time } });
    const updated = await calls.get(name);
    assert.deepEqual(updated.series, { count: 100, lastObservedTime: time });
    await calls.delete(name);
    assert.deepEqual((await everywhere.list({ labelSelector })).items, []);
  });

  test('[sig-instrumentation] Events should delete a collection of events [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const calls = cluster.client.of(events).in(namespace);
    const labelSelector = 'testevent-set=true';
    for (const at of [1, 2, 3])
      await calls.create(coreEvent(namespace, `test-event-${at}`, { 'testevent-set': 'true' }));
    assert.equal((await calls.list({ labelSelector })).items.length, 3);
    await calls.deleteCollection({ labelSelector });
    assert.deepEqual((await calls.list({ labelSelector })).items, []);
  });

  test('[sig-instrumentation] Events API should ensure that an event can be fetched, patched, deleted, and listed [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const everywhere = cluster.client.of(eventsV1);
    const calls = everywhere.in(namespace);
    const name = 'event-test';
    const labelSelector = 'testevent-constant=true';
    await calls.create(newEvent(namespace, name, { 'testevent-constant': 'true' }));
    for (const from of [everywhere, calls])
      assert.deepEqual((await from.list({ labelSelector })).items.map(nameOf), [name]);
    const core = await cluster.client.of(events).in(namespace).list({ fieldSelector: 'source=test-controller' });
    assert.deepEqual(core.items.map(nameOf), [name]);
    const filtered = await calls.list({ fieldSelector: 'reportingController=test-controller' });
    assert.deepEqual(filtered.items.map(nameOf), [name]);

    const read = await calls.get(name);
    const begun = { count: 2, lastObservedTime: time };
    await calls.patch(name, { series: begun }, { type: strategic });
    const patched = await calls.get(name);
    assert.deepEqual(withoutBookkeeping(patched), withoutBookkeeping({ ...read, series: begun }));
    const series = { count: 100, lastObservedTime: time };
    await calls.update({ ...patched, series });
    assert.deepEqual(withoutBookkeeping(await calls.get(name)), withoutBookkeeping({ ...patched, series }));
    await calls.delete(name);
    await assertGone(calls, name);
    for (const from of [everywhere, calls]) assert.deepEqual((await from.list({ labelSelector })).items, []);
  });

  test('[sig-instrumentation] Events API should delete a collection of events [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const calls = cluster.client.of(eventsV1).in(namespace);
    const labelSelector = 'testevent-set=true';
    for (const at of [1, 2, 3])
      await calls.create(newEvent(namespace, `test-event-${at}`, { 'testevent-set': 'true' }));
    assert.equal((await calls.list({ labelSelector })).items.length, 3);
    await calls.deleteCollection({ labelSelector });
    assert.deepEqual((await calls.list({ labelSelector })).items, []);
  });
});
