import { ageColumn, formatLabels, joinOrNone, nameColumn, type Column } from '#machinery';
import type { Service, ServicePort } from './service.ts';

/** What `kubectl get services` shows. */
export const serviceColumns: readonly Column<Service>[] = [
  nameColumn,
  { name: 'Type', type: 'string', description: 'How the service is reached.', cell: ({ spec }) => spec.type ?? '' },
  {
    name: 'Cluster-IP',
    type: 'string',
    description: 'The address inside the cluster.',
    cell: ({ spec }) => spec.clusterIPs?.[0] || spec.clusterIP || '<none>',
  },
  { name: 'External-IP', type: 'string', description: 'The addresses from outside.', cell: externalIp },
  {
    name: 'Port(s)',
    type: 'string',
    description: 'The ports, with the node port where there is one.',
    cell: ({ spec }) => joinOrNone(spec.ports?.map(formatPort)),
  },
  ageColumn,
  {
    name: 'Selector',
    type: 'string',
    priority: 1,
    description: 'The labels of the pods behind the service.',
    cell: ({ spec }) => formatLabels(spec.selector),
  },
];

function formatPort({ port, nodePort, protocol }: ServicePort): string {
  return nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`;
}

function externalIp(service: Service): string {
  const { type, externalIPs, externalName } = service.spec;
  switch (type) {
    case 'ClusterIP':
    case 'NodePort':
      return joinOrNone(externalIPs);
    case 'LoadBalancer':
      return [...balancerAddresses(service), ...(externalIPs ?? [])].join(',') || '<pending>';
    case 'ExternalName':
      return externalName ?? '';
    default:
      return '<unknown>';
  }
}

function balancerAddresses({ status }: Service): string[] {
  const addresses = (status.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '');
  return [...new Set(addresses)].filter((one) => one !== '').sort();
}
