import { resource } from '#machinery';
import { ClusterRole } from './role.ts';
import { validateClusterRole } from './role-validation.ts';

export const clusterRoles = resource({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: ClusterRole,
  plural: 'clusterroles',
  namespaced: false,
  nameRule: 'pathSegment',
  validate: validateClusterRole,
});
