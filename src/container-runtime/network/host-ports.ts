import { execute, KeyedMutex, runProcess, type Logger } from '#base';
import type { PortMapping } from '#cri';

export interface HostPortsOptions {
  table: string;
  clusterCidr?: string | undefined;
  log: Logger;
}

const markBit = '0x2000';

/**
 * The node's ports that lead to pods (`hostPort`), and the node's address for what leaves the cluster: one nftables table
 * with maps, changed by the element.
 */
export class HostPorts {
  readonly #options: HostPortsOptions;
  readonly #mutex = new KeyedMutex();

  constructor(options: HostPortsOptions) {
    this.#options = options;
  }

  /** Makes the table and its rules; the elements of an earlier process stay. */
  async ensureTable(podCidr: string): Promise<void> {
    await this.#nft(this.#rules(podCidr));
  }

  /** Leads ports of the node to a pod. */
  async add(ip: string, ports: readonly PortMapping[]): Promise<void> {
    await this.#elements('add', ip, ports);
  }

  /** Takes ports back. */
  async remove(ip: string, ports: readonly PortMapping[]): Promise<void> {
    for (const port of ports.filter(isMapped))
      await this.#elements('delete', ip, [port]).catch((error: unknown) => {
        this.#options.log.debug({ error, port: port.hostPort }, 'a host port was gone already');
      });
  }

  async teardown(): Promise<void> {
    await runProcess(['nft', 'delete', 'table', 'ip', this.#options.table]);
  }

  async #elements(verb: 'add' | 'delete', ip: string, ports: readonly PortMapping[]): Promise<void> {
    const lines = ports.filter(isMapped).map((port) => {
      const anyAddress = port.hostIp === '' || port.hostIp === '0.0.0.0' || port.hostIp === '::';
      const key = `${port.protocol.toLowerCase()} . ${port.hostPort}`;
      const value = verb === 'add' ? ` : ${ip} . ${port.containerPort}` : '';
      return anyAddress
        ? `${verb} element ip ${this.#options.table} ports { ${key}${value} }`
        : `${verb} element ip ${this.#options.table} address-ports { ${port.hostIp} . ${key}${value} }`;
    });
    if (lines.length > 0) await this.#nft(`${lines.join('\n')}\n`);
  }

  #nft(script: string): Promise<unknown> {
    return this.#mutex.run('nft', () => execute(['nft', '-f', '-'], { input: script }));
  }

  #rules(podCidr: string): string {
    const { table, clusterCidr } = this.#options;
    const translate = [
      `fib daddr type local ip daddr . meta l4proto . th dport @address-ports meta mark set meta mark or ${markBit}`,
      'fib daddr type local dnat ip to ip daddr . meta l4proto . th dport map @address-ports',
      `fib daddr type local meta l4proto . th dport @ports meta mark set meta mark or ${markBit}`,
      'fib daddr type local dnat ip to meta l4proto . th dport map @ports',
    ];
    const leaving = clusterCidr ? [`ip saddr ${podCidr} ip daddr != ${clusterCidr} oifname != "lo" masquerade`] : [];
    // a pod that calls itself through a port of the node must not see its own address as the caller's, nor the node's loopback
    const home = [`meta mark and ${markBit} != 0 ip saddr { ${podCidr}, 127.0.0.0/8 } masquerade`];
    // the bridge lets loopback addresses out, to pods behind ports of the node; nothing may come in to them (CVE-2020-8558)
    const martians = ['iifname != "lo" ip daddr 127.0.0.0/8 drop'];
    const chains: [string, string, string[]][] = [
      ['martians', 'type filter hook prerouting priority raw', martians],
      ['prerouting', 'type nat hook prerouting priority dstnat', translate],
      ['output', 'type nat hook output priority -100', translate],
      ['postrouting', 'type nat hook postrouting priority srcnat', [...home, ...leaving]],
    ];
    return [
      `add table ip ${table}`,
      `add map ip ${table} ports { type inet_proto . inet_service : ipv4_addr . inet_service ; }`,
      `add map ip ${table} address-ports { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service ; }`,
      ...chains.flatMap(([name, hook, rules]) => [
        `add chain ip ${table} ${name} { ${hook} ; policy accept ; }`,
        `flush chain ip ${table} ${name}`,
        ...rules.map((rule) => `add rule ip ${table} ${name} ${rule}`),
      ]),
      '',
    ].join('\n');
  }
}

function isMapped(port: PortMapping): boolean {
  return port.hostPort > 0;
}
