import { FieldPath, type FieldErrors } from '#machinery';
import { validateLabelSelector } from '../../meta/v1/label-validation.ts';
import type { PolicyRule } from './policy-rule.ts';
import type { ClusterRole, Role } from './role.ts';

/** The rules of roles (`pkg/apis/rbac/validation/validation.go`). */
export function validateRole({ rules }: Role, errors: FieldErrors): void {
  for (const [at, rule] of (rules ?? []).entries()) validateRule(rule, true, errors, FieldPath.of('rules').index(at));
}

/** The rules of cluster roles, which may also be about paths, and be made of other roles. */
export function validateClusterRole({ rules, aggregationRule }: ClusterRole, errors: FieldErrors): void {
  for (const [at, rule] of (rules ?? []).entries()) validateRule(rule, false, errors, FieldPath.of('rules').index(at));
  if (!aggregationRule) return;
  const path = FieldPath.of('aggregationRule', 'clusterRoleSelectors');
  const { clusterRoleSelectors: selectors = [] } = aggregationRule;
  if (selectors.length === 0) {
    errors.required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil');
  }
  for (const [at, selector] of selectors.entries()) {
    const before = errors.list.length;
    validateLabelSelector(selector, errors, path.index(at));
    // Upstream tells once more, and without its value, of a selector that cannot be read.
    if (errors.list.length > before) errors.invalid(path.index(at), undefined, 'invalid label selector.');
  }
}

function validateRule(rule: PolicyRule, isNamespaced: boolean, errors: FieldErrors, path: FieldPath): void {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs: urls = [] } = rule;
  if (verbs.length === 0) errors.required(path.child('verbs'), 'verbs must contain at least one value');
  if (urls.length > 0) {
    const at = path.child('nonResourceURLs');
    if (isNamespaced) errors.invalid(at, urls, 'namespaced rules cannot apply to non-resource URLs');
    if (apiGroups.length + resources.length + resourceNames.length > 0) {
      errors.invalid(at, urls, 'rules cannot apply to both regular resources and non-resource URLs');
    }
    return;
  }
  if (apiGroups.length === 0) {
    errors.required(path.child('apiGroups'), 'resource rules must supply at least one api group');
  }
  if (resources.length === 0) {
    errors.required(path.child('resources'), 'resource rules must supply at least one resource');
  }
}
