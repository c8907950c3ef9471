import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Service } from '#api';
import { seededRandom, silentLogger } from '#base';
import { ServiceAllocation } from './allocation.ts';
import { AddressRange } from './address-range.ts';
import { MemoryBook } from './testing/memory-book.ts';
import { MemoryPorts } from './testing/memory-ports.ts';

interface Bench {
  allocation: ServiceAllocation;
  book: MemoryBook;
  ports: MemoryPorts;
  readonly reserve: (service: Service, old?: Service, written?: boolean) => Promise<void>;
}

function newBench(...cidrs: string[]): Bench {
  const book = new MemoryBook(cidrs);
  const nodePorts = { first: 30_000, last: 30_019 };
  const ports = new MemoryPorts(nodePorts);
  const random = seededRandom(3);
  const allocation = new ServiceAllocation({ cidrs, book, nodePorts, portBook: ports, random, log: silentLogger });
  return {
    allocation,
    book,
    ports,
    reserve: async (service, old, written = true) => {
      await (await allocation.reserve(service, old, false))?.settle(written);
    },
  };
}

const service = (spec: Partial<Service['spec']>): Service => ({ metadata: { name: 's' }, spec, status: {} });
const take = (range: AddressRange, count: number): string[] => [...range.inOrder(seededRandom(1)).take(count)];

test('addresses that nobody names come from the upper part of the range', () => {
  const range = new AddressRange('10.96.0.0/24');
  assert.equal(range.first, '10.96.0.1');
  assert.equal(range.network, '10.96.0.0');
  for (const ip of take(range, 200)) assert.ok(Number(ip.split('.')[3]) > 16);
});

test('every address of a range comes once', () => {
  const range = new AddressRange('10.0.0.0/28');
  const all = take(range, 100);
  assert.equal(new Set(all).size, 14);
  assert.equal(all.length, 14);
  assert.ok(all.every((ip) => range.contains(ip)));
  for (const ip of ['10.0.0.0', '10.0.0.15', '10.0.0.16', 'fd00::1', 'x']) assert.ok(!range.contains(ip), ip);
});

test('IPv6 ranges work alike', () => {
  const range = new AddressRange('fd00:1::/64');
  assert.equal(range.first, 'fd00:1::1');
  assert.ok(range.contains('fd00:1::ffff:ffff:ffff:ffff'));
  assert.ok(!range.contains('fd00:2::1') && !range.contains('10.0.0.1'));
  assert.match(take(range, 1).join(), /^fd00:1::/);
});

test('a requested address is had once, in range', async () => {
  const { allocation, book, reserve } = newBench('10.96.0.0/16');
  const wanted = (ip: string): Service => service({ type: 'ClusterIP', clusterIP: ip, clusterIPs: [ip] });
  await reserve(wanted('10.96.0.10'));
  assert.deepEqual(book.taken, ['10.96.0.10']);
  await assert.rejects(reserve(wanted('10.96.0.10')), {
    message:
      'Service "s" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.10"]: failed to allocate IP 10.96.0.10: provided IP is already allocated',
  });
  await assert.rejects(reserve(wanted('10.97.0.10')), /the provided network does not match the current range/);
  await allocation.release(wanted('10.96.0.10'));
  await reserve(wanted('10.96.0.10'));
});

test('a range that is not ready, or on its way out, gives nothing out', async () => {
  const { book, reserve } = newBench('10.0.0.0/28');
  book.conditions = [{ type: 'Ready', status: 'False', reason: '', message: '', lastTransitionTime: '' }];
  await assert.rejects(reserve(service({ type: 'ClusterIP' })), /failed to allocate a serviceIP: range is full/);
  book.conditions = [];
  await reserve(service({ type: 'ClusterIP' }));
  assert.equal(book.taken.length, 1);
});

test('what a failed write took is given back, also when only a part of it could be had', async () => {
  const { book, reserve } = newBench('10.0.0.0/28');
  await reserve(service({ type: 'NodePort', ports: [{ port: 1, nodePort: 30_005 }] }));
  for (let tries = 0; tries < 50; tries++) {
    const clash = service({ type: 'NodePort', ports: [{ port: 1 }, { port: 2, nodePort: 30_005 }] });
    await assert.rejects(reserve(clash), {
      message:
        'Service "s" is invalid: spec.ports[1].nodePort: Invalid value: 30005: provided port is already allocated',
    });
    await reserve(service({ type: 'ClusterIP' }), undefined, false);
  }
  assert.equal(book.taken.length, 1);
});

test('TCP and UDP of one port share a node port, whichever of them names it', async () => {
  const { reserve } = newBench('10.96.0.0/16');
  const both = service({
    type: 'NodePort',
    ports: [
      { name: 'tcp', port: 53, protocol: 'TCP' },
      { name: 'udp', port: 53, protocol: 'UDP', nodePort: 30_007 },
    ],
  });
  await reserve(both);
  assert.deepEqual(
    both.spec.ports?.map(({ nodePort }) => nodePort),
    [30_007, 30_007],
  );
});

test('a port to ask for health at is had once', async () => {
  const { reserve } = newBench('10.96.0.0/16');
  const local = (healthCheckNodePort?: number): Service =>
    service({
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      ...(healthCheckNodePort !== undefined && { healthCheckNodePort }),
    });
  const one = local();
  await reserve(one);
  const port = one.spec.healthCheckNodePort ?? 0;
  assert.ok(port >= 30_000);
  await assert.rejects(reserve(local(port)), {
    code: 500,
    message: `Internal error occurred: failed to allocate requested HealthCheck NodePort ${port}: provided port is already allocated`,
  });
});

test('headless and ExternalName services hold nothing', async () => {
  const { book, reserve } = newBench('10.96.0.0/16');
  await reserve(service({ type: 'ClusterIP', clusterIP: 'None', clusterIPs: ['None'], ports: [{ port: 80 }] }));
  const external = service({ type: 'ExternalName', externalName: 'example.org' });
  const before = structuredClone(external);
  await reserve(external);
  assert.deepEqual(external, before);
  assert.deepEqual(book.taken, []);
});

test('however services come, change and go, nothing is held twice and nothing is lost', async () => {
  const types = ['ClusterIP', 'NodePort', 'ExternalName'] as const;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ id: fc.nat(5), type: fc.constantFrom(...types, 'delete' as const), written: fc.boolean() })),
      async (steps) => {
        const { allocation, book, ports, reserve } = newBench('10.0.0.0/28');
        const services = new Map<number, Service>();
        for (const { id, type, written } of steps) {
          const old = services.get(id);
          if (type === 'delete') {
            if (old) await allocation.release(old);
            services.delete(id);
            continue;
          }
          const next = service({ type, ports: type === 'ExternalName' ? [] : [{ port: 80 }] });
          const keepsIp = old && type !== 'ExternalName' && old.spec.type !== 'ExternalName';
          if (keepsIp && old.spec.clusterIPs) next.spec.clusterIPs = [...old.spec.clusterIPs];
          await reserve(next, old, written);
          if (written) services.set(id, next);
        }
        const held = [...services.values()].flatMap(({ spec }) => spec.clusterIPs ?? []);
        assert.equal(new Set(held).size, held.length);
        assert.deepEqual(held.sort(), book.taken);
        const open = [...services.values()].flatMap(
          (one) => one.spec.ports?.map(({ nodePort }) => nodePort ?? 0) ?? [],
        );
        assert.deepEqual(new Set(ports.taken), new Set(open.filter((port) => port !== 0)));
      },
    ),
    { seed: 11 },
  );
});
