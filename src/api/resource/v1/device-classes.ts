import { ageColumn, nameColumn, resource } from '#machinery';
import { DeviceClass } from './device-class.ts';
import { validateDeviceClass } from './device-class-validation.ts';

export const deviceClasses = resource({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: DeviceClass,
  plural: 'deviceclasses',
  namespaced: false,
  columns: [nameColumn, ageColumn],
  validate: validateDeviceClass,
});
