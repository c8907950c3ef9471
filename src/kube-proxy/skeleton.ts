/** Packets with this mark are masqueraded on their way out; the bit is kube-proxy's by default. */
const masqueradeMark = '0x4000';

/** The maps that Services fill, with the type of their keys. */
export const maps = {
  /** Where a Service's address leads: its chain. */
  serviceIps: { name: 'service-ips', key: 'ipv4_addr . inet_proto . inet_service' },
  serviceNodePorts: { name: 'service-nodeports', key: 'inet_proto . inet_service' },
  /** Addresses without any endpoint: refused at once, or dropped where only local endpoints count. */
  noEndpointServices: { name: 'no-endpoint-services', key: 'ipv4_addr . inet_proto . inet_service' },
  noEndpointNodePorts: { name: 'no-endpoint-nodeports', key: 'inet_proto . inet_service' },
  /** Cluster IPs: what is left for them after translation asks for a port that the Service does not have. */
  clusterIps: { name: 'cluster-ips', key: 'ipv4_addr' },
  /** Load balancers that do not let everybody in. */
  firewallIps: { name: 'firewall-ips', key: 'ipv4_addr . inet_proto . inet_service' },
} as const;

/**
 * The part of the table that never changes: the hooks, the maps, and the few chains that Services' chains jump to. The
 * table is made anew, so that what an earlier proxy left does not matter. Hooks and priorities are those of kube-proxy
 * (`pkg/proxy/nftables/proxier.go`).
 */
export function skeleton(table: string): string[] {
  const add = (what: string): string => `add ${what}`;
  const rule = (chain: string, text: string): string => add(`rule ${table} ${chain} ${text}`);
  const hook = (name: string, type: string, at: string, priority: string): string =>
    add(`chain ${table} ${name} { type ${type} hook ${at} priority ${priority}; }`);
  const toNode = 'fib daddr type local ip daddr != 127.0.0.0/8';
  return [
    add(`table ${table}`),
    `delete table ${table}`,
    add(`table ${table}`),
    ...Object.values(maps).map(({ name, key }) => add(`map ${table} ${name} { type ${key} : verdict; }`)),
    ...['services', 'mark-for-masquerade', 'masquerading', 'firewall', 'no-endpoints', 'reject-chain'].map((name) =>
      add(`chain ${table} ${name}`),
    ),
    // Who comes in is asked before translation, while the packet still shows what was called.
    hook('filter-prerouting', 'filter', 'prerouting', '-110'),
    hook('filter-output-before', 'filter', 'output', '-110'),
    hook('nat-prerouting', 'nat', 'prerouting', 'dstnat'),
    hook('nat-output', 'nat', 'output', '-100'),
    hook('nat-postrouting', 'nat', 'postrouting', 'srcnat'),
    hook('filter-input', 'filter', 'input', 'filter'),
    hook('filter-forward', 'filter', 'forward', 'filter'),
    hook('filter-output', 'filter', 'output', 'filter'),
    rule('mark-for-masquerade', `meta mark set meta mark or ${masqueradeMark}`),
    rule('masquerading', `meta mark & ${masqueradeMark} == 0 return`),
    rule('masquerading', `meta mark set meta mark xor ${masqueradeMark}`),
    rule('masquerading', 'masquerade fully-random'),
    rule('reject-chain', 'reject'),
    rule('services', `ip daddr . meta l4proto . th dport vmap @${maps.serviceIps.name}`),
    rule('services', `${toNode} meta l4proto . th dport vmap @${maps.serviceNodePorts.name}`),
    rule('no-endpoints', `ip daddr . meta l4proto . th dport vmap @${maps.noEndpointServices.name}`),
    rule('no-endpoints', `${toNode} meta l4proto . th dport vmap @${maps.noEndpointNodePorts.name}`),
    rule('no-endpoints', `ip daddr vmap @${maps.clusterIps.name}`),
    rule('firewall', `ip daddr . meta l4proto . th dport vmap @${maps.firewallIps.name}`),
    rule('nat-prerouting', 'jump services'),
    rule('nat-output', 'jump services'),
    rule('nat-postrouting', 'jump masquerading'),
    ...['filter-prerouting', 'filter-output-before'].map((chain) => rule(chain, 'ct state new jump firewall')),
    ...['filter-input', 'filter-forward', 'filter-output'].map((chain) =>
      rule(chain, 'ct state new jump no-endpoints'),
    ),
  ];
}
