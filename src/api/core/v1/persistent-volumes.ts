import { resource } from '#machinery';
import { setPersistentVolumeDefaults } from './persistent-volume-defaults.ts';
import { validatePersistentVolume } from './persistent-volume-validation.ts';
import { PersistentVolume } from './persistent-volume.ts';
import { persistentVolumeColumns } from './storage-columns.ts';
import { warnOfPersistentVolume } from './warnings/persistent-volume.ts';

export const persistentVolumes = resource({
  group: '',
  version: 'v1',
  kind: PersistentVolume,
  plural: 'persistentvolumes',
  shortNames: ['pv'],
  namespaced: false,
  subresources: { status: { verbs: ['get', 'patch', 'update'] } },
  columns: persistentVolumeColumns,
  // An old name of `metadata.name`.
  setDefaults: setPersistentVolumeDefaults,
  validate: validatePersistentVolume,
  warn: warnOfPersistentVolume,
});
