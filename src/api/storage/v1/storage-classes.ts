import { resource } from '#machinery';
import { storageClassColumns } from './class-columns.ts';
import { setStorageClassDefaults } from './storage-defaults.ts';
import { validateStorageClass } from './storage-class-validation.ts';
import { StorageClass } from './storage-class.ts';
import { warnOfStorageClass } from './storage-warnings.ts';

export const storageClasses = resource({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: StorageClass,
  plural: 'storageclasses',
  shortNames: ['sc'],
  namespaced: false,
  columns: storageClassColumns,
  setDefaults: setStorageClassDefaults,
  validate: validateStorageClass,
  warn: warnOfStorageClass,
});
