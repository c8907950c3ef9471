import { resource } from '#machinery';
import { Role } from './role.ts';
import { validateRole } from './role-validation.ts';

export const roles = resource({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: Role,
  plural: 'roles',
  namespaced: true,
  nameRule: 'pathSegment',
  validate: validateRole,
});
