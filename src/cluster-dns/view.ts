import type { EndpointSlice, Service } from '#api';
import type { InformerFactory } from '#client';
import { endpointSlices, namespaces, services } from '#api';
import { namespaceOf } from '#machinery';

/** What the resolver must know of the cluster. */
export interface ClusterView {
  namespaceExists(namespace: string): boolean;
  service(namespace: string, name: string): Service | undefined;
  slices(namespace: string, service: string): readonly EndpointSlice[];
  /** The Services whose cluster IP this is. */
  servicesByIp(ip: string): readonly Service[];
  /** The slices that list this address. */
  slicesByIp(ip: string): readonly EndpointSlice[];
}

/** The label that ties a slice to its Service. */
export const serviceNameLabel = 'kubernetes.io/service-name';

/** A view over informers: every answer is a look into an index. */
export function informerView(informers: InformerFactory): ClusterView {
  const serviceInformer = informers.of(services);
  const sliceInformer = informers.of(endpointSlices);
  const namespaceInformer = informers.of(namespaces);
  serviceInformer.addIndex('ip', (service) => service.spec.clusterIPs ?? []);
  sliceInformer.addIndex('service', (slice) => [serviceKey(slice)]);
  sliceInformer.addIndex('ip', (slice) => (slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses));
  return {
    namespaceExists: (namespace) => namespaceInformer.lister.get(namespace) !== undefined,
    service: (namespace, name) => serviceInformer.lister.get(`${namespace}/${name}`),
    slices: (namespace, service) => sliceInformer.byIndex('service', `${namespace}/${service}`),
    servicesByIp: (ip) => serviceInformer.byIndex('ip', ip),
    slicesByIp: (ip) => sliceInformer.byIndex('ip', ip),
  };
}

function serviceKey(slice: EndpointSlice): string {
  return `${namespaceOf(slice)}/${slice.metadata.labels?.[serviceNameLabel] ?? ''}`;
}
