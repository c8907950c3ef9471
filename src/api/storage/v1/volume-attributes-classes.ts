import { resource } from '#machinery';
import { volumeAttributesClassColumns } from './class-columns.ts';
import { validateVolumeAttributesClass } from './storage-class-validation.ts';
import { VolumeAttributesClass } from './volume-attributes-class.ts';

export const volumeAttributesClasses = resource({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: VolumeAttributesClass,
  plural: 'volumeattributesclasses',
  shortNames: ['vac'],
  namespaced: false,
  columns: volumeAttributesClassColumns,
  validate: validateVolumeAttributesClass,
});
