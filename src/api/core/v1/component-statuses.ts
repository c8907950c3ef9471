import { resource } from '#machinery';
import { ComponentStatus } from './component-status.ts';
import { componentStatusColumns } from './limit-columns.ts';

/** Nothing of it is stored: each is made of what the component says when it is asked for. */
export const componentStatuses = resource({
  group: '',
  version: 'v1',
  kind: ComponentStatus,
  plural: 'componentstatuses',
  shortNames: ['cs'],
  namespaced: false,
  verbs: ['get', 'list'],
  columns: componentStatusColumns,
  deprecation: 'v1 ComponentStatus is deprecated in v1.19+',
});
