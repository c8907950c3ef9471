import { resource } from '#machinery';
import { Namespace } from './namespace.ts';
import { setNamespaceDefaults } from './namespace-defaults.ts';
import { namespaceColumns } from './plain-columns.ts';
import { validateNamespace } from './namespace-validation.ts';

export const namespaces = resource({
  group: '',
  version: 'v1',
  kind: Namespace,
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  nameRule: 'dnsLabel',
  subresources: {
    status: { verbs: ['get', 'patch', 'update'] },
    finalize: { verbs: ['update'] },
  },
  columns: namespaceColumns,
  selectableFields: {
    'status.phase': ({ status }) => status.phase ?? '',
    // An old name of `metadata.name`.
    name: ({ metadata }) => metadata.name ?? '',
  },
  setDefaults: setNamespaceDefaults,
  validate: validateNamespace,
});
