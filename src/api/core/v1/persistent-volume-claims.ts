import { resource } from '#machinery';
import { PersistentVolumeClaim } from './persistent-volume-claim.ts';
import { validatePersistentVolumeClaim } from './persistent-volume-claim-validation.ts';
import { setPersistentVolumeClaimDefaults } from './persistent-volume-defaults.ts';
import { persistentVolumeClaimColumns } from './storage-columns.ts';
import { warnOfClaim } from './warnings/claim.ts';

export const persistentVolumeClaims = resource({
  group: '',
  version: 'v1',
  kind: PersistentVolumeClaim,
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  namespaced: true,
  subresources: { status: { verbs: ['get', 'patch', 'update'] } },
  columns: persistentVolumeClaimColumns,
  // An old name of `metadata.name`.
  setDefaults: setPersistentVolumeClaimDefaults,
  validate: validatePersistentVolumeClaim,
  warn: warnOfClaim,
});
