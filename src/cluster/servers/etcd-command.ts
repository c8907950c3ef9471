import type { ClusterConfig, NodeConfig, ServersConfig } from '../config.ts';
import type { ClusterPaths } from '../paths.ts';

export const clientPort = 2379;
const peerPort = 2380;

/** Where clients find a member. */
export function clientUrl({ ip }: NodeConfig): string {
  return `https://${ip}:${clientPort}`;
}

/** How a member of a cluster's etcd is started: it and whoever talks to it show certificates of etcd's own authority. */
export function etcdCommand(
  { name: cluster }: Pick<ClusterConfig, 'name'>,
  { etcd }: ServersConfig,
  member: NodeConfig,
  paths: ClusterPaths,
): [string, ...string[]] {
  const peerUrl = ({ ip }: NodeConfig): string => `https://${ip}:${peerPort}`;
  const certificate = paths.certificate(`etcd-${member.name}`);
  const trusted = paths.certificate('etcd-ca').certFile;
  const flags: Record<string, string> = {
    name: member.name,
    'data-dir': paths.etcdData(member.name),
    'initial-cluster': etcd.map((one) => `${one.name}=${peerUrl(one)}`).join(','),
    'initial-cluster-token': cluster,
    'listen-client-urls': clientUrl(member),
    'advertise-client-urls': clientUrl(member),
    'cert-file': certificate.certFile,
    'key-file': certificate.keyFile,
    'trusted-ca-file': trusted,
    'client-cert-auth': 'true',
    'listen-peer-urls': peerUrl(member),
    'initial-advertise-peer-urls': peerUrl(member),
    'peer-cert-file': certificate.certFile,
    'peer-key-file': certificate.keyFile,
    'peer-trusted-ca-file': trusted,
    'peer-client-cert-auth': 'true',
    'log-level': 'warn',
  };
  return ['etcd', ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`)];
}
