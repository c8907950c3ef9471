import assert from 'node:assert/strict';
import { test } from 'node:test';
import { events } from '#api';
import { seededRandom, silentLogger, VirtualClock } from '#base';
import { Client } from '../client.ts';
import { FakeTransport } from '../testing.ts';
import { EventRecorder } from './recorder.ts';

function world() {
  const clock = new VirtualClock();
  const transport = new FakeTransport({ clock });
  const client = new Client({ transport });
  const facts = { client, component: 'kubelet', host: 'node-1', clock, random: seededRandom(1), log: silentLogger };
  const recorder = new EventRecorder(facts);
  const told = () => transport.objects(events);
  return { clock, transport, recorder, told };
}

const pod = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', uid: name } });

test('an event is written with all that kubectl shows of it', async () => {
  const { recorder, told } = world();
  recorder.event(pod('a'), 'Warning', 'BackOff', 'Back-off restarting', { fieldPath: 'spec.containers{main}' });
  await recorder.flush();
  const [event] = told();
  assert.match(event?.metadata.name ?? '', /^a\.[0-9a-f]{14,}$/);
  assert.equal(event?.metadata.namespace, 'default');
  const { involvedObject, source, type, reason, message, count, reportingComponent } = event ?? {};
  const about = { apiVersion: 'v1', kind: 'Pod', name: 'a', namespace: 'default', uid: 'a' };
  assert.deepEqual({ ...involvedObject }, { ...about, fieldPath: 'spec.containers{main}' });
  assert.deepEqual({ ...source }, { component: 'kubelet', host: 'node-1' });
  assert.deepEqual([type, reason, message, count], ['Warning', 'BackOff', 'Back-off restarting', 1]);
  assert.equal(reportingComponent, 'kubelet');
});

test('the same event is counted', async () => {
  const { clock, recorder, told } = world();
  for (let time = 0; time < 4; time++) {
    recorder.event(pod('a'), 'Normal', 'Pulled', 'Image is there');
    await clock.advance(1000);
  }
  await recorder.flush();
  assert.equal(told().length, 1);
  const [event] = told();
  assert.equal(event?.count, 4);
  assert.deepEqual([event?.firstTimestamp, event?.lastTimestamp], ['2026-01-01T00:00:00Z', '2026-01-01T00:00:03Z']);
});

test('many events that differ in their message only become one', async () => {
  const { recorder, told } = world();
  for (let number = 0; number < 15; number++) recorder.event(pod('a'), 'Normal', 'Tick', `tick ${number}`);
  await recorder.flush();
  assert.equal(told().length, 10);
  const combined = told().find(({ message }) => message?.startsWith('(combined from similar events): '));
  assert.deepEqual([combined?.message, combined?.count], ['(combined from similar events): tick 14', 6]);
});

test('an object that is told of too often goes quiet, and others do not', async () => {
  const { clock, transport, recorder, told } = world();
  for (let number = 0; number < 40; number++) recorder.event(pod('a'), 'Normal', `Reason${number}`, 'x');
  recorder.event(pod('b'), 'Normal', 'Started', 'x');
  await recorder.flush();
  assert.equal(told().length, 26);
  await clock.advance(300_000);
  recorder.event(pod('a'), 'Normal', 'Later', 'x');
  await recorder.flush();
  assert.equal(transport.objects(events).length, 27);
});

test('an event about something without a namespace lands in default', async () => {
  const { recorder, told } = world();
  recorder.event({ kind: 'Node', name: 'node-1', uid: 'node-1' }, 'Normal', 'NodeReady', 'Node is ready');
  await recorder.flush();
  assert.equal(told()[0]?.metadata.namespace, 'default');
});

test('a counted event that has expired is written anew; a refused one is dropped; a lost connection is tried again', async () => {
  const { clock, transport, recorder, told } = world();
  recorder.event(pod('a'), 'Normal', 'Pulled', 'x');
  await recorder.flush();
  transport.remove(events, `default/${told()[0]?.metadata.name}`);
  recorder.event(pod('a'), 'Normal', 'Pulled', 'x');
  await recorder.flush();
  assert.equal(told()[0]?.count, 2);
  let failures = 2;
  transport.intercept(() => {
    if (failures-- > 0) throw new Error('connection lost');
  });
  recorder.event(pod('b'), 'Normal', 'Pulled', 'x');
  await clock.advance(25_000);
  await recorder.flush();
  assert.equal(told().length, 2);
});
