import { seededRandom, silentLogger, systemClock } from '#base';
import type { Store } from '../store.ts';
import { storeContract, type StoreHarness } from '../testing/contract.ts';
import { EtcdCluster, hasEtcd } from '../testing/etcd-cluster.ts';
import { openRemoteStore } from './remote-store.ts';

const skip = !hasEtcd && 'etcd is not installed';

async function openHarness(): Promise<StoreHarness> {
  const cluster = await EtcdCluster.start();
  const clients: Store[] = [];
  const connect = async (): Promise<Store> => {
    const options = { endpoints: cluster.endpoints, clock: systemClock, random: seededRandom(1), log: silentLogger };
    const store = await openRemoteStore(options);
    clients.push(store);
    return store;
  };
  const disconnect = (): Promise<void[]> => Promise.all(clients.splice(0).map((client) => client.close()));
  return {
    store: await connect(),
    connect,
    advance: (ms) => systemClock.sleep(ms),
    restart: async () => {
      await disconnect();
      await cluster.stop(0);
      cluster.start(0);
      return connect();
    },
    dispose: async () => {
      await disconnect();
      await cluster[Symbol.asyncDispose]();
    },
  };
}

const differences = { otherErrorFirst: true, judgesAgain: true }; // Debian has 3.4
storeContract("remote, on Debian's etcd", { open: openHarness, skip, leaseSeconds: 2, differences });
