import { resource } from '#machinery';
import { RoleBinding } from './role-binding.ts';
import { roleBindingColumns } from './role-binding-columns.ts';
import { setRoleBindingDefaults } from './role-binding-defaults.ts';
import { validateRoleBinding } from './role-binding-validation.ts';

export const roleBindings = resource({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: RoleBinding,
  plural: 'rolebindings',
  namespaced: true,
  nameRule: 'pathSegment',
  columns: roleBindingColumns,
  setDefaults: setRoleBindingDefaults,
  validate: validateRoleBinding,
});
