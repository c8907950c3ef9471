import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leases } from '#api';
import { seededRandom, silentLogger, VirtualClock } from '#base';
import { Client } from './client.ts';
import { LeaderElector } from './leader-elector.ts';
import { FakeTransport } from './testing.ts';

class World {
  readonly clock = new VirtualClock();
  readonly transport = new FakeTransport({ clock: this.clock });
  readonly leading = new Set<string>();

  candidate(identity: string) {
    const stop = new AbortController();
    const cut = { off: false, hangs: false };
    const transport = {
      request: (request: Parameters<FakeTransport['request']>[0]) => {
        if (cut.hangs) return new Promise<never>(() => {});
        return cut.off ? Promise.reject(new Error('cut off')) : this.transport.request(request);
      },
      watch: (request: Parameters<FakeTransport['watch']>[0]) => this.transport.watch(request),
    };
    const lead = {
      run: (signal: AbortSignal) =>
        new Promise<void>((resolve) => {
          this.leading.add(identity);
          signal.addEventListener('abort', () => {
            this.leading.delete(identity);
            resolve();
          });
        }),
    };
    const elector = new LeaderElector({
      client: new Client({ transport }),
      namespace: 'kube-system',
      name: 'boss',
      identity,
      lead,
      clock: this.clock,
      random: seededRandom(1),
      log: silentLogger,
    });
    return { stop, cut, running: elector.run(stop.signal) };
  }

  get lease() {
    return this.transport.objects(leases)[0];
  }
}

test('one of two leads; when it stops it hands over at once', async () => {
  const world = new World();
  const a = world.candidate('a');
  await world.clock.advance(1000);
  const b = world.candidate('b');
  await world.clock.advance(20_000);
  assert.deepEqual([...world.leading], ['a']);
  assert.equal(world.lease?.spec?.holderIdentity, 'a');
  a.stop.abort();
  await a.running;
  assert.equal(world.lease?.spec?.holderIdentity, '');
  await world.clock.advance(5000);
  assert.deepEqual([...world.leading], ['b']);
  assert.equal(world.lease?.spec?.leaseTransitions, 1);
  b.stop.abort();
  await b.running;
  assert.equal(world.clock.pendingTimers, 0);
});

for (const jumpMs of [3_600_000, -3_600_000]) {
  test(`a clock that jumps by ${jumpMs / 3_600_000} h takes the lead from nobody, and keeps it from nobody`, async () => {
    const world = new World();
    const a = world.candidate('a');
    await world.clock.advance(1000);
    const b = world.candidate('b');
    await world.clock.advance(5000);
    world.clock.jump(jumpMs);
    await world.clock.advance(60_000);
    assert.deepEqual([...world.leading], ['a']);
    const lost = assert.rejects(a.running, /leader election lost/);
    a.cut.off = true;
    world.clock.jump(jumpMs);
    await world.clock.advance(30_000);
    await lost;
    assert.deepEqual([...world.leading], ['b']);
    b.stop.abort();
    await b.running;
  });
}

test('a leader that is cut off stops before another one begins', async () => {
  const world = new World();
  const a = world.candidate('a');
  await world.clock.advance(1000);
  const b = world.candidate('b');
  await world.clock.advance(5000);
  const lost = assert.rejects(a.running, /leader election lost/);
  a.cut.off = true;
  for (let second = 0; second < 25; second++) {
    await world.clock.advance(1000);
    assert.ok(world.leading.size <= 1, 'two lead');
  }
  await lost;
  assert.deepEqual([...world.leading], ['b']);
  b.stop.abort();
  await b.running;
});

test('a leader whose server hangs stops before another one begins', async () => {
  const world = new World();
  const a = world.candidate('a');
  await world.clock.advance(1000);
  const b = world.candidate('b');
  await world.clock.advance(5000);
  a.cut.hangs = true;
  const lost = assert.rejects(a.running, /leader election lost: boss/);
  for (let second = 0; second < 30; second++) {
    await world.clock.advance(1000);
    assert.ok(world.leading.size <= 1, `two lead after ${second} s`);
    if (!world.leading.has('a')) a.cut.hangs = false; // it gives the lease back, if it can
  }
  await lost;
  assert.deepEqual([...world.leading], ['b']);
  b.stop.abort();
  await b.running;
});
