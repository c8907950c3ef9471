/** Node ports as several API servers on one store take them. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { seededRandom, silentLogger, systemClock } from '#base';
import { openEmbeddedStore, type Store } from '#etcd';
import { PortAllocator } from './port-allocator.ts';
import { StoredPorts } from './port-book.ts';
import { PortSet } from './port-set.ts';

const range = { first: 30_000, last: 30_063 };

interface Bench extends AsyncDisposable {
  readonly store: Store;
  /** Another API server. */
  server(seed: number): PortAllocator;
}

async function openBench(): Promise<Bench> {
  const directory = await mkdtemp(join(tmpdir(), 'kedge-ports-'));
  const store = await openEmbeddedStore({
    directory,
    clock: systemClock,
    random: seededRandom(1),
    log: silentLogger,
  });
  return {
    store,
    server: (seed) => new PortAllocator({ range, book: new StoredPorts({ store, range }), random: seededRandom(seed) }),
    async [Symbol.asyncDispose]() {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
}

test('two servers give out every port once, and then none', async () => {
  await using bench = await openBench();
  // The same seed: both begin to look at the same places.
  const servers = [bench.server(5), bench.server(5)];
  const ports = await Promise.all(servers.flatMap((server) => Array.from({ length: 33 }, () => server.takeAny(false))));
  const given = ports.filter((port) => port !== undefined);
  assert.equal(given.length, 64);
  assert.equal(new Set(given).size, 64);
});

test('what one server took another sees, and what it gave back another may have', async () => {
  await using bench = await openBench();
  const [one, other] = [bench.server(1), bench.server(2)];
  assert.equal(await one.take(30_005, false), undefined);
  assert.equal(await other.take(30_005, false), 'provided port is already allocated');
  await one.release([30_005]);
  assert.equal(await other.take(30_005, false), undefined);
  assert.equal(await one.take(30_005, false), 'provided port is already allocated');
  assert.match((await one.take(29_999, false)) ?? '', /provided port is not in the valid range/);
});

test('a dry run takes nothing, and asks of nothing', async () => {
  await using bench = await openBench();
  const server = bench.server(1);
  await server.take(30_001, false);
  assert.equal(await server.take(30_001, true), undefined);
  assert.equal(await server.takeAny(true), range.first);
  assert.equal(await server.take(range.first, false), undefined);
});

test('the ports are kept as upstream keeps them', async () => {
  await using bench = await openBench();
  await bench.server(1).take(30_009, false);
  const { kvs } = await bench.store.range({ key: Buffer.from('/registry/ranges/servicenodeports') });
  assert.deepEqual(JSON.parse(Buffer.from(kvs[0]?.value ?? []).toString()), {
    kind: 'RangeAllocation',
    apiVersion: 'v1',
    metadata: { creationTimestamp: null },
    range: '30000-30063',
    data: Buffer.from([2, 0]).toString('base64'),
  });
});

test('of a range that is not the one of before nothing is known', async () => {
  await using bench = await openBench();
  await bench.server(1).take(30_009, false);
  const wider = { first: 30_009, last: 30_100 };
  const book = new StoredPorts({ store: bench.store, range: wider });
  const server = new PortAllocator({ range: wider, book, random: seededRandom(1) });
  const { added, leaked } = await server.hold(new Set([30_009]));
  assert.deepEqual([added, leaked], [[30_009], []]);
});

test('a set of ports is what was put in, also after it was written and read', () => {
  const offsets = fc.uniqueArray(fc.nat(199));
  fc.assert(
    fc.property(offsets, offsets, (added, removed) => {
      const set = new PortSet(200);
      for (const one of added) assert.ok(set.add(one));
      for (const one of removed) set.delete(one);
      const expected = added.filter((one) => !removed.includes(one)).toSorted((a, b) => a - b);
      const read = PortSet.of(200, set.toBytes());
      assert.deepEqual([[...set.values()], [...read.values()]], [expected, expected]);
      assert.ok(read.equals(set));
      for (const one of expected) assert.ok(!read.add(one));
    }),
    { seed: 7 },
  );
});
