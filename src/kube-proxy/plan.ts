import { createHash } from 'node:crypto';
import type { Ruleset } from './ruleset.ts';
import type { Endpoint, ServicePort } from './service-port.ts';
import { maps } from './skeleton.ts';

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
    if (port.internal.length > 0) this.#addInternal(port);
    else
      for (const ip of port.clusterIps)
        this.#refuse(maps.noEndpointServices.name, [ip, port.protocol, port.port], port.internalLocal);
    if (port.externalIps.length === 0 && port.nodePort === undefined) return;
    if (port.external.length > 0) this.#addExternal(port);
    else this.#refuseExternal(port);
  }

  #addInternal(port: ServicePort): void {
    const chain = this.#serviceChain(port, port.internal, port.internalLocal);
    if (this.#podCidr) {
      const masquerade = port.clusterIps.map(
        (ip) => `ip daddr ${ip} ip saddr != ${this.#podCidr} jump mark-for-masquerade`,
      );
      this.chains.get(chain)?.unshift(...masquerade);
    }
    for (const ip of port.clusterIps) this.#lead(maps.serviceIps.name, [ip, port.protocol, port.port], chain);
  }

  /** From outside the client's address is kept only where every endpoint is on this node. */
  #addExternal(port: ServicePort): void {
    const chain = chainName('external', port.id);
    const target = this.#serviceChain(port, port.external, port.externalLocal);
    const rules = port.externalLocal ? [] : ['jump mark-for-masquerade'];
    this.chains.set(chain, [...rules, `goto ${target}`]);
    for (const ip of port.externalIps) this.#lead(maps.serviceIps.name, [ip, port.protocol, port.port], chain);
    if (port.nodePort !== undefined) this.#lead(maps.serviceNodePorts.name, [port.protocol, port.nodePort], chain);
  }

  #refuseExternal(port: ServicePort): void {
    for (const ip of port.externalIps)
      this.#refuse(maps.noEndpointServices.name, [ip, port.protocol, port.port], port.externalLocal);
    if (port.nodePort !== undefined)
      this.#refuse(maps.noEndpointNodePorts.name, [port.protocol, port.nodePort], port.externalLocal);
  }

  /** The chain that spreads connections over all endpoints, or this node's: first to the one that the client had. */
  #serviceChain(port: ServicePort, endpoints: readonly Endpoint[], local: boolean): string {
    const name = chainName(local ? 'local' : 'service', port.id);
    if (this.chains.has(name)) return name;
    const targets = endpoints.map((endpoint) => this.#endpointChain(port, endpoint));
    const sticky =
      port.affinitySeconds === undefined
        ? []
        : targets.map((target) => `ip saddr @${affinitySet(target)} goto ${target}`);
    const verdicts = targets.map((target, at) => `${at} : goto ${target}`).join(', ');
    this.chains.set(name, [...sticky, `numgen random mod ${targets.length} vmap { ${verdicts} }`]);
    return name;
  }

  #endpointChain(port: ServicePort, endpoint: Endpoint): string {
    const name = chainName('endpoint', `${port.id}__${endpoint.ip}/${endpoint.port}`);
    if (this.chains.has(name)) return name;
    const rules = [`ip saddr ${endpoint.ip} jump mark-for-masquerade`]; // hairpin: a pod that reaches itself
    if (port.affinitySeconds !== undefined) {
      this.sets.set(affinitySet(name), `type ipv4_addr; flags dynamic,timeout; timeout ${port.affinitySeconds}s`);
      rules.push(`update @${affinitySet(name)} { ip saddr }`);
    }
    rules.push(`meta l4proto ${port.protocol} dnat to ${endpoint.ip}:${endpoint.port}`);
    this.chains.set(name, rules);
    return name;
  }

  #lead(map: string, key: (string | number)[], chain: string): void {
    this.maps.get(map)?.set(key.join(' . '), `goto ${chain}`);
  }

  #refuse(map: string, key: (string | number)[], silently: boolean): void {
    this.maps.get(map)?.set(key.join(' . '), silently ? 'drop' : 'goto reject-chain');
  }
}

/** A chain's name: unique by a hash, and readable as far as nftables' 127 characters allow. */
function chainName(kind: string, id: string): string {
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 8).toUpperCase();
  return `${kind}-${hash}-${id}`.slice(0, 120);
}

function affinitySet(endpointChain: string): string {
  return endpointChain.replace(/^endpoint-/, 'affinity-');
}
