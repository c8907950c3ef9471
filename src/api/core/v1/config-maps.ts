import { resource } from '#machinery';
import { ConfigMap } from './config-map.ts';
import { configMapColumns } from './plain-columns.ts';
import { validateConfigMap } from './config-map-validation.ts';

export const configMaps = resource({
  group: '',
  version: 'v1',
  kind: ConfigMap,
  plural: 'configmaps',
  shortNames: ['cm'],
  namespaced: true,
  columns: configMapColumns,
  validate: validateConfigMap,
});
