import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '#api';
import { seededRandom, silentLogger } from '#base';
import { PortAllocator } from './port-allocator.ts';
import { PortRepair } from './port-repair.ts';

function newRepair(): { ports: PortAllocator; repair: PortRepair } {
  const ports = new PortAllocator({ first: 30_000, last: 30_019 }, seededRandom(3));
  return { ports, repair: new PortRepair({ ports, log: silentLogger }) };
}

const service = (name: string, ...nodePorts: number[]): Service => ({
  metadata: { name, namespace: 'default' },
  spec: { type: 'NodePort', ports: nodePorts.map((nodePort) => ({ port: nodePort, nodePort })) },
  status: {},
});

test('the ports of services are taken, whoever gave them out', () => {
  const { ports, repair } = newRepair();
  const health = service('a', 30_001);
  health.spec.healthCheckNodePort = 30_002;
  repair.repair([health, service('b', 30_001), service('c', 40_000)]);
  assert.deepEqual(new Set(ports.taken()), new Set([30_001, 30_002]));
  assert.equal(ports.take(30_001), 'provided port is already allocated');
});

test('a port that no service has is free again after a while, unless a service comes', () => {
  const { ports, repair } = newRepair();
  ports.take(30_005);
  ports.take(30_006);
  for (let round = 1; round <= 3; round += 1) repair.repair([]);
  assert.deepEqual(new Set(ports.taken()), new Set([30_005, 30_006]));
  repair.repair([service('late', 30_006)]);
  assert.deepEqual([...ports.taken()], [30_006]);
});
