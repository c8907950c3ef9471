import { ageColumn, nameColumn, type Column } from '#machinery';
import type { Lease } from './lease.ts';

/** What `kubectl get leases` shows. */
export const leaseColumns: readonly Column<Lease>[] = [
  nameColumn,
  {
    name: 'Holder',
    type: 'string',
    description: 'Who holds the lease.',
    cell: ({ spec }) => spec.holderIdentity ?? '',
  },
  ageColumn,
];
