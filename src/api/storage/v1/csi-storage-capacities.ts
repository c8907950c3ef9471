import { resource } from '#machinery';
import { CSIStorageCapacity } from './csi-storage-capacity.ts';
import { validateCsiStorageCapacity } from './csi-validation.ts';
import { warnOfStorageCapacity } from './storage-warnings.ts';

export const csiStorageCapacities = resource({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: CSIStorageCapacity,
  plural: 'csistoragecapacities',
  namespaced: true,
  validate: validateCsiStorageCapacity,
  warn: warnOfStorageCapacity,
});
