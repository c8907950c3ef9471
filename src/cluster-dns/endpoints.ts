import type { Service } from '#api';
import { nameOf, namespaceOf } from '#machinery';
import { dashed } from './names.ts';
import { serviceNameLabel, type ClusterView } from './view.ts';

/** An endpoint of a headless Service under the name that DNS gives it. */
export interface NamedEndpoint {
  hostname: string;
  ip: string;
  ports: { name?: string; protocol?: string; port: number }[];
}

/** The ready endpoints of a Service. A slice says `ready` also of those that `publishNotReadyAddresses` lets through. */
export function endpointsOf(service: Service, view: ClusterView): NamedEndpoint[] {
  return view.slices(namespaceOf(service), nameOf(service)).flatMap((slice) => {
    const ports = (slice.ports ?? []).flatMap(({ name, protocol, port }) =>
      port === undefined ? [] : [{ name, protocol, port }],
    );
    return (slice.endpoints ?? [])
      .filter((endpoint) => endpoint.conditions?.ready !== false)
      .flatMap(({ hostname, addresses }) => addresses.map((ip) => ({ hostname: hostname || dashed(ip), ip, ports })));
  });
}

/** The names whose address this is: of Services by their cluster IP, else of endpoints of headless Services. */
export function reverseNamesOf(ip: string, zone: string, view: ClusterView): string[] {
  const services = view.servicesByIp(ip);
  if (services.length > 0) return services.map((service) => serviceFqdn(service, zone));
  return view.slicesByIp(ip).flatMap((slice) => {
    const service = view.service(namespaceOf(slice), slice.metadata.labels?.[serviceNameLabel] ?? '');
    if (service?.spec.clusterIP !== 'None') return [];
    const endpoint = (slice.endpoints ?? []).find(({ addresses }) => addresses.includes(ip));
    return endpoint ? [`${endpoint.hostname || dashed(ip)}.${serviceFqdn(service, zone)}`] : [];
  });
}

/** `web.default.svc.cluster.local`. */
export function serviceFqdn(service: Service, zone: string): string {
  return `${nameOf(service)}.${namespaceOf(service)}.svc.${zone}`;
}
