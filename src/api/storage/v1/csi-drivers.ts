import { resource } from '#machinery';
import { csiDriverColumns } from './csi-columns.ts';
import { CSIDriver } from './csi-driver.ts';
import { validateCsiDriver } from './csi-validation.ts';
import { setCsiDriverDefaults } from './storage-defaults.ts';
import { warnOfCsiDriver } from './storage-warnings.ts';

export const csiDrivers = resource({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: CSIDriver,
  plural: 'csidrivers',
  namespaced: false,
  columns: csiDriverColumns,
  setDefaults: setCsiDriverDefaults,
  validate: validateCsiDriver,
  warn: warnOfCsiDriver,
});
