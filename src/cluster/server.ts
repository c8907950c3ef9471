import { runAll, type Component, type Logger } from '#base';
import { openEmbeddedStore, saveSnapshotOf, SnapshotSchedule } from '#etcd';
import { apiServerCertificate } from './certificates.ts';
import type { ClusterConfig } from './config.ts';
import { loadEncryption } from './encryption.ts';
import { ControlPlane } from './control-plane.ts';
import type { Machine } from './machine.ts';
import type { ClusterPaths } from './paths.ts';
import { Pki } from './pki.ts';
import { dialThrough, Relay } from './relay.ts';
import { StoreSocket } from './store-socket.ts';

/** The server process of a cluster: the store, the API server, and the parts that reach it without a network. */
export class Server implements Component {
  readonly #machine: Machine;
  readonly #paths: ClusterPaths;
  readonly #config: ClusterConfig;
  readonly #log: Logger;

  constructor(options: { machine: Machine; paths: ClusterPaths; config: ClusterConfig; log: Logger }) {
    this.#machine = options.machine;
    this.#paths = options.paths;
    this.#config = options.config;
    this.#log = options.log;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#machine;
    const { apiPort, bridgeIp, serviceCidr, podCidr, encryption, snapshots } = this.#config;
    const pki = new Pki({ directory: this.#paths.pki, clock });
    const log = this.#logOf('etcd');
    await using store = await openEmbeddedStore({ directory: this.#paths.store, clock, random, log });
    const relay = new Relay({ path: this.#paths.relaySocket, log: this.#logOf('relay') });
    const face = new StoreSocket({ member: store, path: this.#paths.etcdSocket, clock, random, log });
    const plane = new ControlPlane({
      machine: this.#machine,
      log: this.#log,
      store,
      pki,
      serving: await apiServerCertificate(pki, this.#config),
      listen: ['127.0.0.1', bridgeIp].map((host) => ({ host, port: apiPort })),
      advertise: { addresses: [bridgeIp], port: apiPort },
      serviceCidr,
      podCidr,
      dialPod: (host, port) => this.#dialPod(host, port),
      ...(encryption && { encryption: await loadEncryption(encryption, this.#machine, this.#logOf('apiserver')) }),
    });
    const save = (path: string): Promise<void> => saveSnapshotOf(store, path);
    const schedules = snapshots ? [new SnapshotSchedule({ ...snapshots, store, save, clock, log })] : [];
    await runAll([relay, face, plane, ...schedules], signal);
  }

  /** Pods are reached from within the network of a node; every node reaches all of them. */
  #dialPod(host: string, port: number): ReturnType<typeof dialThrough> {
    const [node] = this.#config.nodes;
    return dialThrough(this.#paths.dialSocket(node?.name ?? ''), host, port);
  }

  #logOf(component: string): Logger {
    return this.#log.child({ component });
  }
}
