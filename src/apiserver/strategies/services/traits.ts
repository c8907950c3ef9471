import type { Service } from '#api';
import { invalid, type FieldErrors } from '#machinery';

/** What a Service's type makes it need (`pkg/registry/core/service/strategy.go`). */
export function needsClusterIp({ spec }: Service): boolean {
  return spec.type !== 'ExternalName';
}

export function isHeadless({ spec }: Service): boolean {
  return spec.clusterIP === 'None' || spec.clusterIPs?.[0] === 'None';
}

/** Whether its type has room for node ports, be they given or asked for. */
export function mayHaveNodePort({ spec }: Service): boolean {
  return spec.type === 'NodePort' || spec.type === 'LoadBalancer';
}

/** Whether it is given node ports. */
export function needsNodePort({ spec }: Service): boolean {
  if (spec.type === 'NodePort') return true;
  return spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false;
}

export function needsHealthCheckPort({ spec }: Service): boolean {
  return spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
}

/** `ExternallyAccessible` of `pkg/api/service`. */
export function isReachedFromOutside({ spec }: Service): boolean {
  if (spec.type === 'LoadBalancer' || spec.type === 'NodePort') return true;
  return spec.type === 'ClusterIP' && (spec.externalIPs?.length ?? 0) > 0;
}

/** Each node port once, though TCP and UDP may share one. */
export function nodePortsOf({ spec }: Service): number[] {
  const ports = (spec.ports ?? []).map(({ nodePort }) => nodePort ?? 0);
  return [...new Set([...ports, spec.healthCheckNodePort ?? 0])].filter((port) => port !== 0);
}

/** The addresses that the Service holds. */
export function clusterIpsOf({ spec }: Service): string[] {
  const ips = spec.clusterIPs ?? (spec.clusterIP ? [spec.clusterIP] : []);
  return ips.filter((ip) => ip !== '' && ip !== 'None');
}

/** What is answered where something that a Service names cannot be had. */
export function invalidService({ metadata }: Service, errors: FieldErrors): Error {
  return invalid({ group: '', kindName: 'Service' }, metadata.name ?? '', errors);
}
