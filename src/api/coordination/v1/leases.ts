import { resource } from '#machinery';
import { Lease } from './lease.ts';
import { leaseColumns } from './lease-columns.ts';
import { validateLease } from './lease-validation.ts';

export const leases = resource({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: Lease,
  plural: 'leases',
  namespaced: true,
  takesAnyFinalizer: true,
  columns: leaseColumns,
  validate: validateLease,
});
