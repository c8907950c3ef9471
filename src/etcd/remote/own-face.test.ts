import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom, silentLogger, systemClock, VirtualClock } from '#base';
import { openEmbeddedStore } from '../embedded/embedded-store.ts';
import { EtcdServer } from '../server/serve-etcd.ts';
import type { Store } from '../store.ts';
import { storeContract, type StoreHarness } from '../testing/contract.ts';
import { openRemoteStore } from './remote-store.ts';

/** Our own store behind etcd's protocol: its leases run by a virtual clock, the network by the machine's. */
async function openHarness(): Promise<StoreHarness> {
  const directory = await mkdtemp(join(tmpdir(), 'kedge-store-'));
  const [clock, random, log] = [new VirtualClock(), seededRandom(1), silentLogger];
  const clients: Store[] = [];
  const serve = async () => {
    const member = await openEmbeddedStore({ directory, clock, random, log });
    const server = await EtcdServer.open({ member, clock: systemClock, random, log });
    return { member, server, port: await server.listen({ host: '127.0.0.1', port: 0 }) };
  };
  let served = await serve();
  const connect = async (): Promise<Store> => {
    const endpoints = [`http://127.0.0.1:${served.port}`];
    const store = await openRemoteStore({ endpoints, clock: systemClock, random, log });
    clients.push(store);
    return store;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await served.server.close();
    await served.member.close();
  };
  return {
    store: await connect(),
    connect,
    clock,
    advance: (ms) => clock.advance(ms),
    restart: async () => {
      await stop();
      served = await serve();
      return connect();
    },
    dispose: async () => {
      await stop();
      await rm(directory, { recursive: true });
    },
  };
}

storeContract('remote, on our own face', { open: openHarness });
