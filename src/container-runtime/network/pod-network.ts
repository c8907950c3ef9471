import { readFile, writeFile } from 'node:fs/promises';
import { execute, runProcess, type Logger } from '#base';
import { gatewayOf, hardwareAddress, nextAddress, parseNetwork, type Network } from './addresses.ts';
import { HostPorts } from './host-ports.ts';

export interface PodNetworkOptions {
  /** The pods' network on this node, once it is known. */
  podCidr: () => string | undefined;
  /** The network of all pods of the cluster: what leaves it gets the node's address. Absent: nothing is translated. */
  clusterCidr?: string | undefined;
  bridge: string;
  table: string;
  log: Logger;
}

/**
 * The network of a node's pods: a bridge in the network namespace of this process, one veth pair a pod, addresses from
 * the node's pod CIDR.
 *
 * A pod has its address as a /32 and reaches everything through the gateway, its neighbours too. So all traffic is routed
 * by the node, and what kube-proxy translates is translated back on the way home; a bridge alone would carry the answer
 * past it unless br_netfilter were there.
 */
export class PodNetwork {
  readonly hostPorts: HostPorts;
  readonly #options: PodNetworkOptions;
  readonly #taken = new Set<string>();
  #last: string | undefined;
  #told: string | undefined;
  #setUp: Promise<void> | undefined;

  constructor(options: PodNetworkOptions) {
    this.#options = options;
    this.hostPorts = new HostPorts(options);
  }

  /** What the kubelet says by `UpdateRuntimeConfig`; it counts when nothing was configured. */
  tellPodCidr(cidr: string): void {
    if (cidr !== '') this.#told = cidr;
  }

  get podCidr(): string | undefined {
    return this.#options.podCidr() ?? this.#told;
  }

  /** Marks the address of a pod that an earlier process made as taken. */
  adopt(ip: string): void {
    this.#taken.add(ip);
    this.#last = ip;
  }

  /** Takes an address for a pod. */
  allocate(): { ip: string } {
    const network = this.#network();
    const ip = nextAddress(network, this.#taken, this.#last);
    if (ip === undefined)
      throw new Error(`failed to allocate for range: no IP addresses available in range set: ${this.podCidr}`);
    this.#taken.add(ip);
    this.#last = ip;
    return { ip };
  }

  get gateway(): string {
    return gatewayOf(this.#network());
  }

  release(ip: string): void {
    this.#taken.delete(ip);
  }

  /** Commands of `ip -batch` that give a pod its interface; they run inside the pod's namespace. */
  podCommands(link: string, ip: string, gateway: string): string[] {
    return [
      `link add eth0 address ${hardwareAddress(ip)} type veth peer name ${link} netns ${process.pid}`,
      `address add ${ip}/32 dev eth0`,
      'link set eth0 up',
      `route add ${gateway} dev eth0 scope link`,
      `route add default via ${gateway} dev eth0`,
    ];
  }

  /** Hangs the node's end of a pod's interface onto the bridge. */
  async connect(link: string): Promise<void> {
    await this.ensureBridge();
    // Where br_netfilter is on, it bridges what was translated to a neighbour's address, past the routing; what a pod sent
    // to itself through a Service or a port of the node must then leave by the port that it came from.
    const commands = [
      `link set ${link} master ${this.#options.bridge} up`,
      `link set ${link} type bridge_slave hairpin on`,
    ];
    await execute(['ip', '-batch', '-'], { input: `${commands.join('\n')}\n` });
  }

  /** Removes a pod's interface; one that is not there is no error. */
  async disconnect(link: string): Promise<void> {
    const result = await runProcess(['ip', 'link', 'delete', link]);
    if (result.code !== 0 && !/Cannot find device/.test(result.stderr))
      this.#options.log.warn({ link, error: result.stderr.trim() }, 'an interface cannot be removed');
  }

  /** Makes the bridge once; after a failure the next call tries again. */
  ensureBridge(): Promise<void> {
    this.#setUp ??= this.#makeBridge().catch((error: unknown) => {
      this.#setUp = undefined;
      throw error;
    });
    return this.#setUp;
  }

  /** Takes bridge and rules away. */
  async teardown(): Promise<void> {
    await this.hostPorts.teardown();
    if (this.#setUp !== undefined || (await this.#hasBridge()))
      await runProcess(['ip', 'link', 'delete', this.#options.bridge]);
  }

  #network(): Network {
    const cidr = this.podCidr;
    if (cidr === undefined) throw new Error('network is not ready: the node has no pod CIDR yet');
    return parseNetwork(cidr);
  }

  async #hasBridge(): Promise<boolean> {
    return (await runProcess(['ip', 'link', 'show', this.#options.bridge])).code === 0;
  }

  async #makeBridge(): Promise<void> {
    const { bridge, log } = this.#options;
    const network = this.#network();
    const gateway = gatewayOf(network);
    if (!(await this.#hasBridge())) await execute(['ip', 'link', 'add', bridge, 'type', 'bridge']);
    const commands = [
      `link set ${bridge} address ${hardwareAddress(gateway)} up`,
      `address replace ${gateway}/${network.prefix} dev ${bridge}`,
      'link set lo up',
    ];
    await execute(['ip', '-batch', '-'], { input: `${commands.join('\n')}\n` });
    await writeSysctl('net/ipv4/ip_forward', '1');
    // pods are not told to talk to each other directly: that is the point of routing them
    for (const name of ['all', bridge]) await writeSysctl(`net/ipv4/conf/${name}/send_redirects`, '0');
    await this.hostPorts.ensureTable(this.podCidr ?? '');
    // so that a port of the node is also one of its loopback; the table just made keeps others from it
    await writeSysctl(`net/ipv4/conf/${bridge}/route_localnet`, '1');
    log.info({ bridge, gateway, podCidr: this.podCidr }, 'pod network made');
  }
}

/** Sets a sysctl of our network namespace; one that is right already may be read-only. */
async function writeSysctl(name: string, value: string): Promise<void> {
  const file = `/proc/sys/${name}`;
  if ((await readFile(file, 'utf8')).trim() !== value) await writeFile(file, value);
}
