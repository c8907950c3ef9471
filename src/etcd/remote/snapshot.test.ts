import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { seededRandom, silentLogger, systemClock } from '#base';
import { EtcdServer } from '../server/serve-etcd.ts';
import { openEmbeddedStore } from '../embedded/embedded-store.ts';
import { snapshotStatus } from '../snapshot/status.ts';
import { freePorts } from '../testing/etcd-cluster.ts';
import { openRemoteStore } from './remote-store.ts';

test('a snapshot is taken of a member that can be asked, whichever it is', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kedge-remote-snapshot-'));
  const [clock, random, log] = [systemClock, seededRandom(1), silentLogger];
  try {
    await using member = await openEmbeddedStore({ directory: join(directory, 'store'), clock, random, log });
    const server = await EtcdServer.open({ member, clock, random, log });
    const [nobody = 0] = await freePorts(1);
    const ports = [nobody, await server.listen({ host: '127.0.0.1', port: 0 }), nobody];
    const endpoints = ports.map((port) => `http://127.0.0.1:${port}`);
    {
      await using store = await openRemoteStore({ endpoints, clock, random, log });
      await store.put({ key: Buffer.from('k'), value: Buffer.from('v') });
      for (const name of ['first.db', 'second.db']) {
        const path = join(directory, 'snapshots', name);
        await store.saveSnapshot(path);
        const { revision, totalKeys } = await snapshotStatus(path);
        assert.deepEqual([revision, totalKeys], [2, 1]);
      }
    }
    await server.close();
  } finally {
    await rm(directory, { recursive: true });
  }
});
