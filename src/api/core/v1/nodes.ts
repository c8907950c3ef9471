import { resource } from '#machinery';
import { NodeProxyOptions } from './connect-options.ts';
import { Node } from './node.ts';
import { nodeColumns } from './node-columns.ts';
import { setNodeDefaults } from './node-defaults.ts';
import { validateNode } from './node-validation.ts';
import { warnOfNode } from './warnings/node.ts';

export const nodes = resource({
  group: '',
  version: 'v1',
  kind: Node,
  plural: 'nodes',
  shortNames: ['no'],
  namespaced: false,
  subresources: {
    status: { verbs: ['get', 'patch', 'update'] },
    proxy: {
      kind: { group: '', version: 'v1', kind: NodeProxyOptions },
      verbs: ['create', 'delete', 'get', 'patch', 'update'],
    },
  },
  columns: nodeColumns,
  selectableFields: { 'spec.unschedulable': ({ spec }) => String(spec.unschedulable ?? false) },
  setDefaults: setNodeDefaults,
  validate: validateNode,
  warn: warnOfNode,
});
