import { FieldPath, isDns1123Subdomain, isEqualJson, isPathSegment, type FieldErrors } from '#machinery';
import type { ClusterRoleBinding, RoleBinding, RoleRef, Subject } from './role-binding.ts';

const group = 'rbac.authorization.k8s.io';

/** The rules of role bindings (`pkg/apis/rbac/validation/validation.go`). */
export function validateRoleBinding(binding: RoleBinding, errors: FieldErrors, old?: RoleBinding): void {
  validateRoleRef(binding.roleRef, ['Role', 'ClusterRole'], errors, old?.roleRef);
  validateSubjects(binding.subjects, true, errors);
}

/** The rules of cluster role bindings, whose service accounts must say where they are. */
export function validateClusterRoleBinding(
  binding: ClusterRoleBinding,
  errors: FieldErrors,
  old?: ClusterRoleBinding,
): void {
  validateRoleRef(binding.roleRef, ['ClusterRole'], errors, old?.roleRef);
  validateSubjects(binding.subjects, false, errors);
}

function validateRoleRef(ref: RoleRef, kinds: readonly string[], errors: FieldErrors, old?: RoleRef): void {
  const path = FieldPath.of('roleRef');
  // Who may bind one role may not bind another by an update.
  if (old && !isEqualJson(ref, old)) errors.invalid(path, ref, 'cannot change roleRef');
  if (ref.apiGroup !== group) errors.notSupported(path.child('apiGroup'), ref.apiGroup ?? '', [group]);
  if (!kinds.includes(ref.kind)) errors.notSupported(path.child('kind'), ref.kind, kinds);
  for (const why of isPathSegment(ref.name)) errors.invalid(path.child('name'), ref.name, why);
}

function validateSubjects(subjects: readonly Subject[] = [], isNamespaced: boolean, errors: FieldErrors): void {
  for (const [at, subject] of subjects.entries()) {
    validateSubject(subject, isNamespaced, errors, FieldPath.of('subjects').index(at));
  }
}

function validateSubject(subject: Subject, isNamespaced: boolean, errors: FieldErrors, path: FieldPath): void {
  const { kind, name, apiGroup = '', namespace = '' } = subject;
  switch (kind) {
    case 'ServiceAccount':
      if (name !== '') for (const why of isDns1123Subdomain(name)) errors.invalid(path.child('name'), name, why);
      if (apiGroup !== '') errors.notSupported(path.child('apiGroup'), apiGroup, ['']);
      if (!isNamespaced && namespace === '') errors.required(path.child('namespace'));
      return;
    case 'User':
    case 'Group':
      if (apiGroup !== group) errors.notSupported(path.child('apiGroup'), apiGroup, [group]);
      return;
    default:
      errors.notSupported(path.child('kind'), kind, ['ServiceAccount', 'User', 'Group']);
  }
}
