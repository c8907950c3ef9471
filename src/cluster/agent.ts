import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, lockOrThrow, runAll, type Component, type Logger } from '#base';
import { Client, httpTransport, type Transport } from '#client';
import { ClusterDns } from '#cluster-dns';
import { createContainerRuntime, type ContainerRuntime } from '#container-runtime';
import { serveCri } from '#cri';
import { KubeProxy } from '#kube-proxy';
import { Kubelet } from '#kubelet';
import type { KeyPair } from '#wire';
import type { ClusterConfig, NodeConfig } from './config.ts';
import { dnsServiceIp, dnsUser } from './dns-service.ts';
import { ensureMemoryFolder } from './host/mounts.ts';
import { untilListening } from './listening.ts';
import type { Machine } from './machine.ts';
import { NodeRoutes } from './node-routes.ts';
import { runtimeOptions } from './node-runtime.ts';
import type { ClusterPaths } from './paths.ts';
import { Pki } from './pki.ts';
import { dialThrough, Relay } from './relay.ts';
import { machineResolver } from './upstream-dns.ts';

const kubeletPort = 10250;
const dnsPort = 53;

export interface AgentOptions {
  machine: Machine;
  paths: ClusterPaths;
  config: ClusterConfig;
  node: NodeConfig;
  log: Logger;
}

/** The process of a node: runs inside the node's network namespace, where its containers get theirs. */
export class Agent implements Component {
  readonly #options: AgentOptions;
  readonly #pki: Pki;
  readonly #transports: Transport[] = [];

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#pki = new Pki({ directory: options.paths.pki, clock: options.machine.clock });
  }

  async run(signal: AbortSignal): Promise<void> {
    const { paths, node } = this.#options;
    await mkdir(paths.node(node.name), { recursive: true });
    await using _lock = await lockOrThrow(paths.node(node.name), `the node "${node.name}"`);
    await letPacketsThrough();
    // As upstream's below /run: what starts and watches processes works on a full disk, and ends with the machine.
    await ensureMemoryFolder(this.#runtimeOptions.state);
    const kubelet: { current?: Kubelet } = {};
    const runtime = await this.#runtime(() => kubelet.current?.podCidr);
    const cri = await serveCri({ socketPath: paths.criSocket(node.name), runtime, images: runtime });
    try {
      const relay = new Relay({ path: paths.dialSocket(node.name), log: this.#logOf('relay') });
      const parts = async (): Promise<Component[]> => [
        (kubelet.current = await this.#kubelet(runtime)),
        ...(await this.#network()),
      ];
      await runAll([runtime, relay, { run: (stop) => this.#withApi(parts, stop) }], signal);
    } finally {
      await cri.close();
      await Promise.all(this.#transports.map(async (transport) => transport.close?.()));
    }
  }

  /**
   * The agent starts beside the server, and containers are held without it. What talks to the API is made and started when
   * there is one to talk to: its first calls would fail, and back off for longer than the server needs. Its certificates
   * have been made by then, too.
   */
  async #withApi(parts: () => Promise<Component[]>, signal: AbortSignal): Promise<void> {
    const { machine, config } = this.#options;
    await untilListening(machine.clock, config.bridgeIp, config.apiPort, signal);
    await runAll(await parts(), signal);
  }

  get #runtimeOptions(): ReturnType<typeof runtimeOptions> {
    const { paths, config, node } = this.#options;
    return runtimeOptions(paths, config, node.name);
  }

  #runtime(podCidr: () => string | undefined): Promise<ContainerRuntime> {
    const { machine, paths, config } = this.#options;
    const { clock, random } = machine;
    const dial = (host: string, port: number) => dialThrough(paths.relaySocket, host, port);
    return createContainerRuntime({
      ...this.#runtimeOptions,
      podCidr,
      clusterCidr: config.podCidr,
      clock,
      random,
      log: this.#logOf('container-runtime'),
      registry: { dial },
    });
  }

  async #kubelet(runtime: ContainerRuntime): Promise<Kubelet> {
    const { machine, paths, config, node } = this.#options;
    const { clock, random } = machine;
    const root = paths.node(node.name);
    const memoryDirectory = join(root, 'memory'); // for secrets, so that no disk remembers them
    await ensureMemoryFolder(memoryDirectory);
    const serving = await this.#pki.kubelet(node.name, node.ip);
    const ca = await this.#pki.ca();
    return new Kubelet({
      client: await this.#client('kubelet', await this.#pki.node(node.name)),
      runtime,
      images: runtime,
      nodeName: node.name,
      nodeIp: node.ip,
      clock,
      random,
      log: this.#logOf('kubelet'),
      rootDirectory: join(root, 'kubelet'),
      memoryDirectory,
      logDirectory: join(root, 'pod-logs'),
      cgroupRoot: this.#runtimeOptions.cgroupParent,
      clusterDns: [dnsServiceIp(config)],
      resolvConf: await readFile('/etc/resolv.conf', 'utf8').catch(() => ''),
      serving: { ...serving, clientCaPem: ca.certPem, host: node.ip, port: kubeletPort },
    });
  }

  async #network(): Promise<Component[]> {
    const { machine, paths, config, node } = this.#options;
    const { clock, random } = machine;
    const proxyClient = await this.#client('kube-proxy', await this.#pki.component('system:kube-proxy'));
    const common = { client: proxyClient, clock, random, nodeName: node.name };
    const proxy = new KubeProxy({ ...common, log: this.#logOf('kube-proxy'), podCidr: config.podCidr });
    const routes = new NodeRoutes({ ...common, log: this.#logOf('node-routes') });
    const dns = new ClusterDns({
      client: await this.#client('cluster-dns', await this.#pki.component(dnsUser)),
      clock,
      random,
      log: this.#logOf('cluster-dns'),
      listen: [{ address: node.ip, port: dnsPort }],
      domain: 'cluster.local',
      upstream: machineResolver({ dial: (host, port) => dialThrough(paths.relaySocket, host, port) }),
    });
    return [proxy, routes, dns];
  }

  async #client(component: string, { certPem, keyPem }: KeyPair): Promise<Client> {
    const { config, machine } = this.#options;
    const transport = httpTransport({
      server: `https://${config.bridgeIp}:${config.apiPort}`,
      ca: (await this.#pki.ca()).certPem,
      cert: certPem,
      key: keyPem,
      log: this.#logOf(component),
      clock: machine.clock,
    });
    this.#transports.push(transport);
    return new Client({ transport, component });
  }

  #logOf(component: string): Logger {
    return this.#options.log.child({ component });
  }
}

/** A node forwards between its pods and the bridge. The setting belongs to the network namespace, not to the machine. */
async function letPacketsThrough(): Promise<void> {
  await mkdir('/run/netns', { recursive: true });
  await writeFile('/proc/sys/net/ipv4/ip_forward', '1');
  // Bridged packets pass the bridge without the firewall of this namespace, where the module exists at all.
  await writeFile('/proc/sys/net/bridge/bridge-nf-call-iptables', '0').catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw error;
  });
}
