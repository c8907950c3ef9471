import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger, VirtualClock } from '#base';
import { selectorOfMap } from '#machinery';
import { Client } from './client.ts';
import { widgets } from './fake/widget.ts';
import { InformerFactory } from './informer-factory.ts';
import { Informer } from './informer.ts';
import { FakeTransport } from './testing.ts';

function world() {
  const clock = new VirtualClock();
  const transport = new FakeTransport({ clock });
  const client = new Client({ transport });
  const informer = new Informer({ client, resource: widgets, clock, log: silentLogger });
  const seen: string[] = [];
  informer.on({
    added: (object) => seen.push(`+${object.metadata.name}`),
    updated: (before, after) => seen.push(`~${after.metadata.name} ${before.spec.size}>${after.spec.size}`),
    deleted: (object) => seen.push(`-${object.metadata.name}`),
  });
  const stop = new AbortController();
  const start = (): Promise<void> => informer.run(stop.signal);
  return { clock, transport, client, informer, seen, stop, start };
}

const widget = (name: string, size = 1) => ({ metadata: { name, namespace: 'default' }, spec: { size } });

test('an informer lists, then follows', async () => {
  const { clock, transport, informer, seen, stop, start, client } = world();
  transport.seed(widgets, widget('a'));
  const running = start();
  await informer.synced;
  assert.deepEqual(seen, ['+a']);
  await clock.advance(0);
  const calls = client.of(widgets).in('default');
  await calls.create(widget('b'));
  await calls.patch('a', { spec: { size: 2 } });
  await calls.delete('b');
  await clock.advance(0);
  assert.deepEqual(seen, ['+a', '+b', '~a 1>2', '-b']);
  assert.ok(Object.isFrozen(informer.lister.get('default/a')?.spec));
  stop.abort();
  await running;
  assert.equal(clock.pendingTimers, 0);
});

test('what happened while the server had forgotten us is told after a new list', async () => {
  const { clock, transport, informer, seen, stop, start } = world();
  transport.seed(widgets, widget('a'), widget('b'), widget('c'));
  const running = start();
  await informer.synced;
  await clock.advance(0);
  seen.length = 0;
  transport.breakWatches(new Error('connection lost'));
  transport.remove(widgets, 'default/a');
  transport.change(widgets, 'default/b', (draft) => void (draft.spec.size = 7));
  transport.seed(widgets, widget('d'));
  transport.compact();
  await clock.advance(60_000);
  assert.deepEqual(seen.toSorted(), ['+d', '-a', '~b 1>7']);
  stop.abort();
  await running;
});

test('an object that was replaced by another of the same name is told as deleted and added', async () => {
  const { clock, transport, informer, seen, stop, start } = world();
  transport.seed(widgets, widget('a'));
  const running = start();
  await informer.synced;
  await clock.advance(0);
  transport.breakWatches();
  transport.remove(widgets, 'default/a');
  transport.seed(widgets, widget('a', 2));
  transport.compact();
  await clock.advance(60_000);
  assert.deepEqual(seen, ['+a', '-a', '+a']);
  stop.abort();
  await running;
});

test('an informer keeps trying while the server fails', async () => {
  const { clock, transport, informer, stop, start } = world();
  transport.seed(widgets, widget('a'));
  let failures = 0;
  const release = transport.intercept(() => {
    failures++;
    throw new Error('connection refused');
  });
  const running = start();
  await clock.advance(10_000);
  assert.equal(informer.hasSynced, false);
  assert.ok(failures >= 3 && failures < 10, `${failures} tries in 10 s`);
  release();
  await clock.advance(30_000);
  assert.equal(informer.hasSynced, true);
  stop.abort();
  await running;
});

test('the lister finds by namespace, selector and index', async () => {
  const { transport, informer, stop, start, client } = world();
  informer.addIndex('size', ({ spec }) => [String(spec.size)]);
  transport.seed(widgets, widget('a', 1), widget('b', 2));
  transport.seed(widgets, { metadata: { name: 'a', namespace: 'other', labels: { x: 'y' } }, spec: { size: 2 } });
  const running = start();
  await informer.synced;
  assert.equal(informer.lister.list().length, 3);
  assert.equal(informer.lister.inNamespace('default').length, 2);
  assert.equal(informer.lister.list(selectorOfMap({ x: 'y' })).length, 1);
  assert.equal(informer.byIndex('size', '2').length, 2);
  const moved = client
    .of(widgets)
    .in('default')
    .patch('b', { spec: { size: 1 } });
  await moved;
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(informer.byIndex('size', '2').length, 1);
  assert.equal(informer.byIndex('size', '1').length, 2);
  stop.abort();
  await running;
});

test('a factory shares informers and starts late ones at once', async () => {
  const { clock, transport, client, stop } = world();
  transport.seed(widgets, widget('a'));
  const factory = new InformerFactory({ client, clock, log: silentLogger });
  const running = factory.run(stop.signal);
  const informer = factory.of(widgets);
  assert.equal(informer, factory.of(widgets));
  await factory.waitForSync(stop.signal);
  assert.ok(informer.lister.get('default/a'));
  const late: string[] = [];
  informer.on({ added: ({ metadata }) => late.push(metadata.name ?? '') });
  assert.deepEqual(late, ['a']);
  stop.abort();
  await running;
});
