import type { Pod } from '#api';

const managedHeader = '# Kubernetes-managed hosts file.\n';
const hostNetworkHeader = '# Kubernetes-managed hosts file (host network).\n';
const loopback = `127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
`;

export interface HostsInput {
  readonly podIps: readonly string[];
  readonly hostname: string;
  readonly domain: string;
  readonly aliases: NonNullable<Pod['spec']['hostAliases']>;
  /** The node's /etc/hosts, for pods on the host's network. */
  readonly hostFile?: string;
}

/** The content of a container's /etc/hosts (`pkg/kubelet/kubelet_pods.go`). */
export function hostsFile({ podIps, hostname, domain, aliases, hostFile }: HostsInput): string {
  if (hostFile !== undefined) return hostNetworkHeader + hostFile + formatAliases(aliases);
  const names = domain ? `${hostname}.${domain}\t${hostname}` : hostname;
  const own = podIps.map((ip) => `${ip}\t${names}\n`).join('');
  return managedHeader + loopback + own + formatAliases(aliases);
}

function formatAliases(aliases: HostsInput['aliases']): string {
  if (aliases.length === 0) return '';
  const lines = aliases.map(({ ip, hostnames }) => `${ip}\t${(hostnames ?? []).join('\t')}\n`);
  return `\n# Entries added by HostAliases.\n${lines.join('')}`;
}
