import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '#api';
import { seededRandom, silentLogger } from '#base';
import { PortAllocator } from './port-allocator.ts';
import { PortRepair } from './port-repair.ts';
import { MemoryPorts } from './testing/memory-ports.ts';

const range = { first: 30_000, last: 30_019 };

function newRepair(): { book: MemoryPorts; ports: PortAllocator; repair: PortRepair } {
  const book = new MemoryPorts(range);
  const ports = new PortAllocator({ range, book, random: seededRandom(3) });
  return { book, ports, repair: new PortRepair({ ports, log: silentLogger }) };
}

const service = (name: string, ...nodePorts: number[]): Service => ({
  metadata: { name, namespace: 'default' },
  spec: { type: 'NodePort', ports: nodePorts.map((nodePort) => ({ port: nodePort, nodePort })) },
  status: {},
});

test('the ports of services are taken, whoever gave them out', async () => {
  const { book, ports, repair } = newRepair();
  const health = service('a', 30_001);
  health.spec.healthCheckNodePort = 30_002;
  await repair.repair([health, service('b', 30_001), service('c', 40_000)]);
  assert.deepEqual(book.taken, [30_001, 30_002]);
  assert.equal(await ports.take(30_001, false), 'provided port is already allocated');
});

test('a port that no service has is free again after a while, unless a service comes', async () => {
  const { book, ports, repair } = newRepair();
  await ports.take(30_005, false);
  await ports.take(30_006, false);
  for (let round = 1; round <= 3; round += 1) await repair.repair([]);
  assert.deepEqual(book.taken, [30_005, 30_006]);
  await repair.repair([service('late', 30_006)]);
  assert.deepEqual(book.taken, [30_006]);
});
