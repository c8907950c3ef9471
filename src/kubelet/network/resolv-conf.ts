import type { Pod } from '#api';

/** The parts of a resolv.conf. */
export interface DnsConfig {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

export interface DnsContext {
  readonly clusterDns: readonly string[];
  readonly clusterDomain: string;
  /** The node's own resolv.conf. */
  readonly host: DnsConfig;
}

const maxServers = 3;
const maxSearches = 32;
const maxSearchCharacters = 2048;

/** The resolver configuration of a pod by its `dnsPolicy`, `dnsConfig` and network (`pkg/kubelet/network/dns/dns.go`). */
export function podDns(pod: Pod, context: DnsContext): DnsConfig {
  const base = baseDns(pod, context);
  const own = pod.spec.dnsConfig;
  const merged: DnsConfig = {
    servers: unique([...base.servers, ...(own?.nameservers ?? [])]),
    searches: unique([...base.searches, ...(own?.searches ?? [])]),
    options: mergeOptions(base.options, own?.options ?? []),
  };
  return { ...merged, servers: merged.servers.slice(0, maxServers), searches: limitSearches(merged.searches) };
}

function baseDns(pod: Pod, { clusterDns, clusterDomain, host }: DnsContext): DnsConfig {
  const usesCluster =
    pod.spec.dnsPolicy === 'ClusterFirstWithHostNet' ||
    ((pod.spec.dnsPolicy ?? 'ClusterFirst') === 'ClusterFirst' && !pod.spec.hostNetwork);
  if (pod.spec.dnsPolicy === 'None') return { servers: [], searches: [], options: [] };
  // Without a cluster DNS the policy falls back to the node's own, as upstream does with an event.
  if (!usesCluster || clusterDns.length === 0) return host;
  const namespace = pod.metadata.namespace ?? 'default';
  const searches = clusterDomain ? [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain] : [];
  return { servers: clusterDns, searches: unique([...searches, ...host.searches]), options: ['ndots:5'] };
}

function mergeOptions(base: readonly string[], own: readonly { name?: string; value?: string }[]): string[] {
  const options = new Map<string, string | undefined>();
  for (const option of base) {
    const [name = '', value] = option.split(':', 2);
    options.set(name, value);
  }
  for (const { name, value } of own) if (name) options.set(name, value);
  return [...options].map(([name, value]) => (value ? `${name}:${value}` : name));
}

function limitSearches(searches: readonly string[]): string[] {
  const kept = searches.slice(0, maxSearches);
  while (kept.join(' ').length > maxSearchCharacters) kept.pop();
  return kept;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

/** Reads a resolv.conf; the last `search` and `options` lines count. */
export function parseResolvConf(text: string): DnsConfig {
  const servers: string[] = [];
  let searches: string[] = [];
  let options: string[] = [];
  for (const line of text.split('\n')) {
    const [keyword, ...words] = line
      .replace(/[#;].*$/, '')
      .trim()
      .split(/\s+/);
    if (keyword === 'nameserver' && words[0]) servers.push(words[0]);
    else if (keyword === 'search') searches = words.map((word) => (word === '.' ? word : word.replace(/\.$/, '')));
    else if (keyword === 'options') options = words;
  }
  return { servers, searches, options };
}

/** Writes a resolv.conf as container runtimes do. */
export function formatResolvConf(dns: DnsConfig): string {
  const lines = [
    ...(dns.searches.length > 0 ? [`search ${dns.searches.join(' ')}`] : []),
    ...dns.servers.map((server) => `nameserver ${server}`),
    ...(dns.options.length > 0 ? [`options ${dns.options.join(' ')}`] : []),
  ];
  return lines.length > 0 ? `${lines.join('\n')}\n` : '';
}
