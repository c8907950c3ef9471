import type { RoleBinding } from './role-binding.ts';

const group = 'rbac.authorization.k8s.io';

/** Users, groups and roles are of this group where nothing else is said (`pkg/apis/rbac/v1/defaults.go`). */
export function setRoleBindingDefaults({ roleRef, subjects = [] }: Pick<RoleBinding, 'roleRef' | 'subjects'>): void {
  roleRef.apiGroup ||= group;
  for (const subject of subjects) {
    if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ||= group;
  }
}
