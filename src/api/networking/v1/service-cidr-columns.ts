import { ageColumn, nameColumn, type Column } from '#machinery';
import type { ServiceCIDR } from './service-cidr.ts';

/** What `kubectl get servicecidrs` shows. */
export const serviceCIDRColumns: readonly Column<ServiceCIDR>[] = [
  nameColumn,
  {
    name: 'CIDRs',
    type: 'string',
    description: 'The ranges, one of each family at most.',
    cell: ({ spec }) => (spec.cidrs ?? []).join(','),
  },
  ageColumn,
];
