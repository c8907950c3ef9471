import { resource } from '#machinery';
import { ClusterRoleBinding } from './role-binding.ts';
import { roleBindingColumns } from './role-binding-columns.ts';
import { setRoleBindingDefaults } from './role-binding-defaults.ts';
import { validateClusterRoleBinding } from './role-binding-validation.ts';

export const clusterRoleBindings = resource({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: ClusterRoleBinding,
  plural: 'clusterrolebindings',
  namespaced: false,
  nameRule: 'pathSegment',
  columns: roleBindingColumns,
  setDefaults: setRoleBindingDefaults,
  validate: validateClusterRoleBinding,
});
