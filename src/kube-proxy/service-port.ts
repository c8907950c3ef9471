import type { EndpointSlice, Service } from '#api';
import { nameOf, namespaceOf } from '#machinery';

/** Where a connection to a Service can end. */
export interface Endpoint {
  ip: string;
  port: number;
  /** It runs on this node. */
  local: boolean;
}

/** One port of a Service, with all that the rules need to know of it. */
export interface ServicePort {
  /** `namespace/name/protocol/port name`, unique in the cluster. */
  id: string;
  protocol: 'tcp' | 'udp' | 'sctp';
  port: number;
  clusterIps: string[];
  /** Reached from outside, as the addresses of load balancers are. */
  externalIps: string[];
  balancerIps: string[];
  /** Who may come through a load balancer, as address ranges; empty: everybody. */
  sourceRanges: string[];
  nodePort: number | undefined;
  /** Endpoints that serve, of all nodes and of this one. */
  endpoints: Endpoint[];
  localEndpoints: Endpoint[];
  /** Addresses that answer, though they may take no new connections: those that terminate as well. */
  servingIps: string[];
  /** From within the cluster, or from outside, only this node's endpoints serve, and see the client's address. */
  internalLocal: boolean;
  externalLocal: boolean;
  /** Seconds that a client stays with its endpoint; undefined without session affinity. */
  affinitySeconds: number | undefined;
}

/** The ports of a Service; none for headless Services, ExternalName, and those that another proxy serves. */
export function servicePorts(service: Service, slices: readonly EndpointSlice[], nodeName: string): ServicePort[] {
  const { spec, metadata, status } = service;
  if (spec.type === 'ExternalName' || !spec.clusterIP || spec.clusterIP === 'None') return [];
  if (metadata.labels?.['service.kubernetes.io/service-proxy-name'] !== undefined) return [];
  const internalLocal = spec.internalTrafficPolicy === 'Local';
  const externalLocal = spec.externalTrafficPolicy === 'Local';
  const balancers = (status.loadBalancer?.ingress ?? [])
    .filter((ingress) => ingress.ipMode !== 'Proxy')
    .map(({ ip }) => ip);
  return (spec.ports ?? []).map((port) => {
    const protocol = (port.protocol ?? 'TCP').toLowerCase() as ServicePort['protocol']; // the API allows TCP, UDP and SCTP
    const all = endpointsOf(slices, port.name ?? '', protocol, nodeName);
    return {
      id: [namespaceOf(service), nameOf(service), protocol, port.name ?? ''].join('/'),
      protocol,
      port: port.port,
      clusterIps: (spec.clusterIPs ?? [spec.clusterIP ?? '']).filter(isIpv4),
      externalIps: (spec.externalIPs ?? []).filter(isIpv4),
      balancerIps: balancers.filter(isIpv4),
      sourceRanges: (spec.loadBalancerSourceRanges ?? []).map((range) => range.trim()).filter(isIpv4),
      nodePort: port.nodePort || undefined,
      endpoints: usable(all),
      localEndpoints: usable(all.filter((endpoint) => endpoint.local)),
      servingIps: all.filter(({ ready, terminating }) => ready || terminating).map(({ ip }) => ip),
      internalLocal,
      externalLocal,
      affinitySeconds:
        spec.sessionAffinity === 'ClientIP'
          ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10800)
          : undefined,
    };
  });
}

interface Candidate extends Endpoint {
  ready: boolean;
  /** It terminates, and still serves. */
  terminating: boolean;
}

/** Ready endpoints; when there is none, those that terminate and still serve (KEP-1669). */
function usable(all: readonly Candidate[]): Endpoint[] {
  const ready = all.filter((endpoint) => endpoint.ready);
  const chosen = ready.length > 0 ? ready : all.filter((endpoint) => endpoint.terminating);
  return chosen.map(({ ip, port, local }) => ({ ip, port, local }));
}

function endpointsOf(
  slices: readonly EndpointSlice[],
  portName: string,
  protocol: string,
  nodeName: string,
): Candidate[] {
  const byAddress = new Map<string, Candidate>();
  for (const slice of slices) {
    const port = (slice.ports ?? []).find(
      (one) => (one.name ?? '') === portName && (one.protocol ?? 'TCP').toLowerCase() === protocol,
    );
    if (slice.addressType !== 'IPv4' || port?.port === undefined) continue;
    for (const endpoint of slice.endpoints ?? []) {
      const [ip = ''] = endpoint.addresses;
      const { ready, serving, terminating } = endpoint.conditions ?? {};
      byAddress.set(`${ip}:${port.port}`, {
        ip,
        port: port.port,
        local: endpoint.nodeName === nodeName,
        ready: ready ?? true,
        terminating: (serving ?? ready ?? true) && (terminating ?? false),
      });
    }
  }
  return [...byAddress.values()].sort((a, b) => (a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : a.port - b.port));
}

/** An address, or a range of them (`10.0.0.0/8`). */
function isIpv4(ip: string | undefined): ip is string {
  return ip !== undefined && /^\d+\.\d+\.\d+\.\d+(\/\d+)?$/.test(ip);
}
