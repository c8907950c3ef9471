import { resource } from '#machinery';
import { csiNodeColumns } from './csi-columns.ts';
import { CSINode } from './csi-node.ts';
import { validateCsiNode } from './csi-validation.ts';

export const csiNodes = resource({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: CSINode,
  plural: 'csinodes',
  namespaced: false,
  columns: csiNodeColumns,
  validate: validateCsiNode,
});
