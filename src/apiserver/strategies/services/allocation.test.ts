import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Service } from '#api';
import { seededRandom } from '#base';
import { ServiceAllocation } from './allocation.ts';
import { IpAllocator } from './ip-allocator.ts';

const newAllocation = (cidr = '10.96.0.0/16'): ServiceAllocation =>
  new ServiceAllocation({ cidr, nodePorts: { first: 30_000, last: 30_019 }, random: seededRandom(3) });

const service = (spec: Partial<Service['spec']>): Service => ({ metadata: { name: 's' }, spec, status: {} });

test('addresses that nobody names come from the upper part of the range', () => {
  const ips = new IpAllocator('10.96.0.0/24', seededRandom(1));
  assert.equal(ips.first, '10.96.0.1');
  for (let at = 0; at < 200; at++) assert.ok(Number(ips.takeAny()?.split('.')[3]) > 16);
});

test('every address of a range is given out once, and then none', () => {
  const ips = new IpAllocator('10.0.0.0/28', seededRandom(1));
  const taken = new Set(Array.from({ length: 14 }, () => ips.takeAny()));
  assert.equal(taken.size, 14);
  assert.ok(!taken.has('10.0.0.0') && !taken.has('10.0.0.15') && !taken.has(undefined));
  assert.equal(ips.takeAny(), undefined);
  ips.release('10.0.0.7');
  assert.equal(ips.takeAny(), '10.0.0.7');
});

test('IPv6 ranges work alike', () => {
  const ips = new IpAllocator('fd00:1::/108', seededRandom(1));
  assert.equal(ips.first, 'fd00:1::1');
  assert.equal(ips.take('fd00:1::1'), undefined);
  assert.equal(ips.take('fd00:1::1'), 'provided IP is already allocated');
  assert.match(ips.take('10.0.0.1') ?? '', /not in the valid range. The range of valid IPs is fd00:1::\/108/);
});

test('a requested address is had once, in range', () => {
  const allocation = newAllocation();
  const wanted = (ip: string): Service => service({ type: 'ClusterIP', clusterIP: ip, clusterIPs: [ip] });
  allocation.reserve(wanted('10.96.0.10'), undefined).settle(true);
  assert.throws(() => allocation.reserve(wanted('10.96.0.10'), undefined), {
    message:
      'Service "s" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.10"]: failed to allocate IP 10.96.0.10: provided IP is already allocated',
  });
  assert.throws(() => allocation.reserve(wanted('10.97.0.10'), undefined), /provided IP is not in the valid range/);
  allocation.release(wanted('10.96.0.10'));
  allocation.reserve(wanted('10.96.0.10'), undefined);
});

test('what a failed write took is given back, also when only a part of it could be had', () => {
  const allocation = newAllocation('10.0.0.0/28');
  allocation.reserve(service({ type: 'NodePort', ports: [{ port: 1, nodePort: 30_005 }] }), undefined).settle(true);
  for (let tries = 0; tries < 50; tries++) {
    const clash = service({ type: 'NodePort', ports: [{ port: 1 }, { port: 2, nodePort: 30_005 }] });
    assert.throws(() => allocation.reserve(clash, undefined), {
      message:
        'Service "s" is invalid: spec.ports[1].nodePort: Invalid value: 30005: provided port is already allocated',
    });
    allocation.reserve(service({ type: 'ClusterIP' }), undefined).settle(false);
  }
});

test('TCP and UDP of one port share a node port', () => {
  const both = service({
    type: 'NodePort',
    ports: [
      { name: 'tcp', port: 53, protocol: 'TCP' },
      { name: 'udp', port: 53, protocol: 'UDP' },
    ],
  });
  newAllocation().reserve(both, undefined).settle(true);
  const [tcp, udp] = both.spec.ports ?? [];
  assert.ok(tcp?.nodePort);
  assert.equal(tcp.nodePort, udp?.nodePort);
});

test('headless and ExternalName services hold nothing', () => {
  const allocation = newAllocation();
  const headless = service({ type: 'ClusterIP', clusterIP: 'None', clusterIPs: ['None'], ports: [{ port: 80 }] });
  const external = service({ type: 'ExternalName', externalName: 'example.org' });
  for (const one of [headless, external]) {
    const before = structuredClone(one);
    allocation.reserve(one, undefined).settle(true);
    assert.deepEqual(one, before);
  }
});

test('however services come, change and go, nothing is held twice and nothing is lost', () => {
  const types = ['ClusterIP', 'NodePort', 'ExternalName'] as const;
  fc.assert(
    fc.property(
      fc.array(fc.record({ id: fc.nat(5), type: fc.constantFrom(...types, 'delete' as const), written: fc.boolean() })),
      (steps) => {
        const allocation = newAllocation('10.0.0.0/28');
        const services = new Map<number, Service>();
        for (const { id, type, written } of steps) {
          const old = services.get(id);
          if (type === 'delete') {
            if (old) allocation.release(old);
            services.delete(id);
            continue;
          }
          const next = service({ type, ports: type === 'ExternalName' ? [] : [{ port: 80 }] });
          const keepsIp = old && type !== 'ExternalName' && old.spec.type !== 'ExternalName';
          if (keepsIp && old.spec.clusterIPs) next.spec.clusterIPs = [...old.spec.clusterIPs];
          allocation.reserve(next, old).settle(written);
          if (written) services.set(id, next);
        }
        const held = [...services.values()].flatMap(({ spec }) => spec.clusterIPs ?? []);
        assert.equal(new Set(held).size, held.length);
        const free = Array.from({ length: 14 - held.length }, () => allocation.ips.takeAny());
        assert.ok(!free.includes(undefined));
        assert.equal(allocation.ips.takeAny(), undefined);
      },
    ),
    { seed: 11 },
  );
});
