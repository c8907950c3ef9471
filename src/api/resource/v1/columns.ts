import { ageColumn, nameColumn, type Column } from '#machinery';
import type { ResourceClaim } from './resource-claim.ts';
import type { ResourceSlice } from './resource-slice.ts';

/** What `kubectl get resourceclaims` shows. */
export const resourceClaimColumns: readonly Column<ResourceClaim>[] = [
  nameColumn,
  { name: 'State', type: 'string', description: 'What became of it.', cell: stateOf },
  ageColumn,
];

function stateOf({ metadata, status }: ResourceClaim): string {
  const isDeleted = metadata.deletionTimestamp !== undefined;
  const states = isDeleted ? ['deleted'] : [];
  if (status.allocation) states.push('allocated');
  else if (!isDeleted) states.push('pending');
  if (status.allocation && (status.reservedFor?.length ?? 0) > 0) states.push('reserved');
  return states.join(',');
}

/** What `kubectl get resourceslices` shows. */
export const resourceSliceColumns: readonly Column<ResourceSlice>[] = [
  nameColumn,
  { name: 'Node', type: 'string', description: 'The node that can use the devices.', cell: nodeOf },
  { name: 'Driver', type: 'string', description: 'The driver of the devices.', cell: ({ spec }) => spec.driver },
  { name: 'Pool', type: 'string', description: 'The pool of the devices.', cell: ({ spec }) => spec.pool.name },
  ageColumn,
];

function nodeOf({ spec }: ResourceSlice): string | null {
  return spec.nodeName ?? null;
}
