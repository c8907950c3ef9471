/**
 * What a name under the cluster's zone asks for, after the specification of DNS-based service discovery
 * (github.com/kubernetes/dns, docs/specification.md, version 1.1.0).
 */
export type ClusterName =
  | { kind: 'zone' }
  | { kind: 'version' }
  /** `svc.ZONE`, `NS.svc.ZONE`, `pod.ZONE`, `NS.pod.ZONE`: they exist, but hold nothing. */
  | { kind: 'folder'; namespace?: string }
  | { kind: 'service'; namespace: string; service: string }
  /** One endpoint of a headless Service, by its hostname or its dashed address. */
  | { kind: 'endpoint'; namespace: string; service: string; hostname: string }
  /** `_port._protocol.SERVICE`, asked for SRV. */
  | { kind: 'port'; namespace: string; service: string; port: string; protocol: string }
  | { kind: 'pod'; namespace: string; ip: string }
  | { kind: 'unknown' };

/** Reads a name (lower case, without the last dot) under `zone`; undefined when it lies outside. */
export function parseClusterName(name: string, zone: string): ClusterName | undefined {
  if (name === zone) return { kind: 'zone' };
  if (!name.endsWith(`.${zone}`)) return undefined;
  const labels = name
    .slice(0, -zone.length - 1)
    .split('.')
    .reverse();
  const [type, namespace, ...rest] = labels;
  if (type === 'dns-version' && labels.length === 1) return { kind: 'version' };
  if (type !== 'svc' && type !== 'pod') return { kind: 'unknown' };
  if (namespace === undefined || rest.length === 0) return { kind: 'folder', namespace };
  return type === 'svc' ? parseService(namespace, rest) : parsePod(namespace, rest);
}

function parseService(namespace: string, [service = '', ...rest]: string[]): ClusterName {
  const [second, third] = rest;
  if (second === undefined) return { kind: 'service', namespace, service };
  if (rest.length === 1) return { kind: 'endpoint', namespace, service, hostname: second };
  if (rest.length === 2 && second.startsWith('_') && third?.startsWith('_')) {
    return { kind: 'port', namespace, service, port: third.slice(1), protocol: second.slice(1) };
  }
  return { kind: 'unknown' };
}

function parsePod(namespace: string, rest: string[]): ClusterName {
  const ip = rest.length === 1 ? undash(rest[0] ?? '') : undefined;
  return ip === undefined ? { kind: 'unknown' } : { kind: 'pod', namespace, ip };
}

/** `10-244-0-7` is 10.244.0.7, `fd00--1` is fd00::1. */
function undash(label: string): string | undefined {
  if (/^\d{1,3}(-\d{1,3}){3}$/.test(label)) {
    const ip = label.replaceAll('-', '.');
    return ip.split('.').every((part) => Number(part) <= 255) ? ip : undefined;
  }
  return /^[0-9a-f-]*--?[0-9a-f-]*$/.test(label) && label.includes('-') ? label.replaceAll('-', ':') : undefined;
}

/** The address as one label: the hostname of an endpoint that has none. */
export function dashed(ip: string): string {
  return ip.replaceAll(/[.:]/g, '-');
}

/** The address that a name under `in-addr.arpa` or `ip6.arpa` asks for; undefined for any other name. */
export function parseReverseName(name: string): string | undefined {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.in-addr\.arpa$/.exec(name);
  if (v4) return v4.slice(1).reverse().join('.');
  const v6 = /^((?:[0-9a-f]\.){32})ip6\.arpa$/.exec(name);
  if (!v6?.[1]) return undefined;
  const digits = v6[1].split('.').slice(0, 32).reverse().join('');
  return digits.replaceAll(/(.{4})(?=.)/g, '$1:');
}
