import { createHash } from 'node:crypto';
import type { Ruleset } from './ruleset.ts';
import type { Endpoint, ServicePort } from './service-port.ts';
import { maps } from './skeleton.ts';

const reject = 'goto reject-chain';

/** The rules for all ports of all Services. Pure: the same ports give the same rules. */
export function plan(ports: readonly ServicePort[], podCidr: string | undefined): Ruleset {
  const draft = new Draft(podCidr);
  for (const port of ports) draft.add(port);
  return draft;
}

class Draft implements Ruleset {
  readonly chains = new Map<string, string[]>();
  readonly sets = new Map<string, string>();
  readonly maps = new Map<string, Map<string, string>>(Object.values(maps).map(({ name }) => [name, new Map()]));
  readonly #podCidr: string | undefined;

  constructor(podCidr: string | undefined) {
    this.#podCidr = podCidr;
  }

  add(port: ServicePort): void {
    for (const ip of port.clusterIps) this.#set(maps.clusterIps.name, [ip], reject);
    if (port.endpoints.length === 0) {
      this.#refuse(port, port.clusterIps, reject);
      this.#refuseExternal(port, reject);
      return;
    }
    this.#addInternal(port);
    if (addressesFromOutside(port).length > 0 || port.nodePort !== undefined) this.#addExternal(port);
    if (port.sourceRanges.length > 0) this.#addFirewall(port);
  }

  #addInternal(port: ServicePort): void {
    // Another node may have endpoints: who must not use those waits in vain, as if a packet were lost.
    if (port.internalLocal && port.localEndpoints.length === 0) return this.#refuse(port, port.clusterIps, 'drop');
    const chain = this.#serviceChain(port, port.internalLocal);
    if (this.#podCidr) {
      const masquerade = port.clusterIps.map(
        (ip) => `ip daddr ${ip} ip saddr != ${this.#podCidr} jump mark-for-masquerade`,
      );
      this.chains.get(chain)?.unshift(...masquerade);
    }
    for (const ip of port.clusterIps) this.#set(maps.serviceIps.name, [ip, port.protocol, port.port], `goto ${chain}`);
  }

  #addExternal(port: ServicePort): void {
    const chain = chainName('external', port.id);
    this.chains.set(chain, port.externalLocal ? this.#localRules(port) : this.#anywhereRules(port));
    for (const ip of addressesFromOutside(port))
      this.#set(maps.serviceIps.name, [ip, port.protocol, port.port], `goto ${chain}`);
    if (port.nodePort !== undefined)
      this.#set(maps.serviceNodePorts.name, [port.protocol, port.nodePort], `goto ${chain}`);
    if (port.externalLocal && port.localEndpoints.length === 0) this.#refuseExternal(port, 'drop');
  }

  /** An endpoint on another node would answer the client directly: the client must not see that. */
  #anywhereRules(port: ServicePort): string[] {
    return ['jump mark-for-masquerade', `goto ${this.#serviceChain(port, false)}`];
  }

  /** The client's address is kept; pods and this node go to any endpoint, as if they had come back from outside. */
  #localRules(port: ServicePort): string[] {
    const anywhere = this.#serviceChain(port, false);
    return [
      ...(this.#podCidr ? [`ip saddr ${this.#podCidr} goto ${anywhere}`] : []),
      'fib saddr type local jump mark-for-masquerade',
      `fib saddr type local goto ${anywhere}`,
      ...(port.localEndpoints.length > 0 ? [`goto ${this.#serviceChain(port, true)}`] : []),
    ];
  }

  /** A balancer's own address may come in: on a node that holds it, the node itself calls with it. */
  #addFirewall(port: ServicePort): void {
    const chain = chainName('firewall', port.id);
    const allowed = [...port.sourceRanges, ...port.balancerIps];
    this.chains.set(chain, [...allowed.map((range) => `ip saddr ${range} return`), 'drop']);
    for (const ip of port.balancerIps)
      this.#set(maps.firewallIps.name, [ip, port.protocol, port.port], `goto ${chain}`);
  }

  #refuseExternal(port: ServicePort, verdict: string): void {
    this.#refuse(port, addressesFromOutside(port), verdict);
    if (port.nodePort !== undefined) this.#set(maps.noEndpointNodePorts.name, [port.protocol, port.nodePort], verdict);
  }

  #refuse({ protocol, port }: ServicePort, ips: readonly string[], verdict: string): void {
    for (const ip of ips) this.#set(maps.noEndpointServices.name, [ip, protocol, port], verdict);
  }

  /** The chain that spreads connections over all endpoints, or this node's: first to the one that the client had. */
  #serviceChain(port: ServicePort, local: boolean): string {
    const name = chainName(local ? 'local' : 'service', port.id);
    if (this.chains.has(name)) return name;
    const targets = (local ? port.localEndpoints : port.endpoints).map((endpoint) =>
      this.#endpointChain(port, endpoint),
    );
    const sticky =
      port.affinitySeconds === undefined
        ? []
        : targets.map((target) => `ip saddr @${affinitySet(target, port.affinitySeconds)} goto ${target}`);
    const verdicts = targets.map((target, at) => `${at} : goto ${target}`).join(', ');
    this.chains.set(name, [...sticky, `numgen random mod ${targets.length} vmap { ${verdicts} }`]);
    return name;
  }

  #endpointChain(port: ServicePort, endpoint: Endpoint): string {
    const name = chainName('endpoint', `${port.id}__${endpoint.ip}/${endpoint.port}`);
    if (this.chains.has(name)) return name;
    const rules = [`ip saddr ${endpoint.ip} jump mark-for-masquerade`]; // hairpin: a pod that reaches itself
    if (port.affinitySeconds !== undefined) {
      const set = affinitySet(name, port.affinitySeconds);
      this.sets.set(set, `type ipv4_addr; flags dynamic,timeout; timeout ${port.affinitySeconds}s`);
      rules.push(`update @${set} { ip saddr }`);
    }
    rules.push(`meta l4proto ${port.protocol} dnat to ${endpoint.ip}:${endpoint.port}`);
    this.chains.set(name, rules);
    return name;
  }

  #set(map: string, key: (string | number)[], verdict: string): void {
    this.maps.get(map)?.set(key.join(' . '), verdict);
  }
}

function addressesFromOutside({ externalIps, balancerIps }: ServicePort): string[] {
  return [...externalIps, ...balancerIps];
}

/** A chain's name: unique by a hash, and readable as far as nftables' 127 characters allow. */
function chainName(kind: string, id: string): string {
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 8).toUpperCase();
  return `${kind}-${hash}-${id}`.slice(0, 120);
}

/** The timeout stands in the name, since that of a set that is there cannot be changed. */
function affinitySet(endpointChain: string, seconds = 0): string {
  return endpointChain.replace(/^endpoint-/, `affinity-${seconds}-`);
}
