import { runAll, type Component, type Logger } from '#base';
import { ApiServer, type ComponentCheck } from '#apiserver';
import { Client } from '#client';
import { ControllerManager } from '#controller-manager';
import { openEmbeddedStore, type Store } from '#etcd';
import { Scheduler } from '#scheduler';
import type { KeyPair } from '#wire';
import { certificateAuthority } from './certificate-authority.ts';
import { apiServerCertificate } from './certificates.ts';
import type { ClusterConfig } from './config.ts';
import { loadEncryption } from './encryption.ts';
import { dnsPolicy, DnsService, dnsServiceIp } from './dns-service.ts';
import type { Machine } from './machine.ts';
import type { ClusterPaths } from './paths.ts';
import { Pki } from './pki.ts';
import { dialThrough, Relay } from './relay.ts';
import { StoreSocket } from './store-socket.ts';
import { Watched } from './watched.ts';

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
    const pki = new Pki({ directory: this.#paths.pki, clock });
    await using store = await openEmbeddedStore({
      directory: this.#paths.store,
      clock,
      random,
      log: this.#logOf('etcd'),
    });
    const watched: Watched[] = [];
    const apiServer = await this.#apiServer(store, pki, () => watched);
    const relay = new Relay({ path: this.#paths.relaySocket, log: this.#logOf('relay') });
    const face = new StoreSocket({
      member: store,
      path: this.#paths.etcdSocket,
      clock,
      random,
      log: this.#logOf('etcd'),
    });
    const { scheduler, manager, dns } = this.#components(apiServer, await pki.ca());
    watched.push(new Watched('scheduler', scheduler), new Watched('controller-manager', manager));
    await runAll([relay, face, apiServer, ...watched, dns], signal);
  }

  async #apiServer(store: Store, pki: Pki, components: () => readonly ComponentCheck[]): Promise<ApiServer> {
    const { clock, random } = this.#machine;
    const { apiPort, bridgeIp, serviceCidr, encryption } = this.#config;
    const serving = await apiServerCertificate(pki, this.#config);
    const kubeletClient = await pki.kubeletClient();
    const ca = (await pki.ca()).certPem;
    return new ApiServer({
      store,
      clock,
      random,
      log: this.#logOf('apiserver'),
      listen: [
        { host: '127.0.0.1', port: apiPort },
        { host: bridgeIp, port: apiPort },
      ],
      tls: { ...serving, clientCaPem: ca },
      kubeletClient: { ...kubeletClient, caPem: ca },
      serviceAccountKey: await pki.serviceAccountKey(),
      serviceCidr,
      advertise: { addresses: [bridgeIp], port: apiPort },
      policy: dnsPolicy(),
      dialPod: (host, port) => this.#dialPod(host, port),
      components,
      ...(encryption && { encryption: await loadEncryption(encryption, this.#machine, this.#logOf('apiserver')) }),
    });
  }

  /** Pods are reached from within the network of a node; every node reaches all of them. */
  #dialPod(host: string, port: number): ReturnType<typeof dialThrough> {
    const [node] = this.#config.nodes;
    return dialThrough(this.#paths.dialSocket(node?.name ?? ''), host, port);
  }

  #components(
    apiServer: ApiServer,
    ca: KeyPair,
  ): { scheduler: Scheduler; manager: ControllerManager; dns: DnsService } {
    const { clock, random } = this.#machine;
    const clientFor = (name: string): Client =>
      new Client({
        transport: apiServer.transport({ name: `system:${name}`, groups: ['system:masters'] }),
        component: name,
      });
    const part = (name: string): { client: Client; clock: typeof clock; random: typeof random; log: Logger } => ({
      client: clientFor(name),
      clock,
      random,
      log: this.#logOf(name),
    });
    const manager = new ControllerManager({
      ...part('kube-controller-manager'),
      log: this.#logOf('controller-manager'),
      clusterCidr: this.#config.podCidr,
      rootCa: ca.certPem,
      certificateAuthority: certificateAuthority(ca),
    });
    const dns = new DnsService({ ...part('kedge'), ip: dnsServiceIp(this.#config) });
    const scheduler = new Scheduler({ ...part('kube-scheduler'), log: this.#logOf('scheduler') });
    return { scheduler, manager, dns };
  }

  #logOf(component: string): Logger {
    return this.#log.child({ component });
  }
}
