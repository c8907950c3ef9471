import { resource } from '#machinery';
import { resourceClaimColumns } from './columns.ts';
import { ResourceClaim } from './resource-claim.ts';
import { setResourceClaimDefaults } from './resource-claim-defaults.ts';
import { validateResourceClaimStatus } from './resource-claim-status-validation.ts';
import { validateResourceClaim } from './resource-claim-validation.ts';

export const resourceClaims = resource({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: ResourceClaim,
  plural: 'resourceclaims',
  namespaced: true,
  subresources: { status: { verbs: ['get', 'patch', 'update'], validate: validateResourceClaimStatus } },
  columns: resourceClaimColumns,
  setDefaults: setResourceClaimDefaults,
  validate: validateResourceClaim,
});
