import { isPathSegment, type FieldErrors, type FieldPath } from '#machinery';
import type { NamedRuleWithOperations, RuleWithOperations } from '../rule.ts';

/** What is done to which objects (`pkg/apis/admissionregistration/validation/validation.go`). */
export function validateNamedRule(rule: NamedRuleWithOperations, errors: FieldErrors, path: FieldPath): void {
  const names = rule.resourceNames ?? [];
  for (const [at, name] of names.entries()) {
    const here = path.child('resourceNames').index(at);
    for (const why of isPathSegment(name)) errors.invalid(here, name, why);
    if (names.indexOf(name) < at) errors.duplicate(here, name);
  }
  validateRule(rule, errors, path);
}

/** What is done to which resources. */
export function validateRule(rule: RuleWithOperations, errors: FieldErrors, path: FieldPath): void {
  validateList(rule.operations, 'operations', errors, path.child('operations'));
  validateList(rule.apiGroups, 'API groups', errors, path.child('apiGroups'));
  validateList(rule.apiVersions, 'API versions', errors, path.child('apiVersions'));
  for (const [at, version] of (rule.apiVersions ?? []).entries()) {
    if (version === '') errors.required(path.child('apiVersions').index(at));
  }
  validateResources(rule.resources ?? [], errors, path.child('resources'));
}

function validateList(list: readonly string[] = [], what: string, errors: FieldErrors, path: FieldPath): void {
  if (list.length === 0) errors.required(path);
  if (list.length < 2 || !list.includes('*')) return;
  errors.invalid(path, list, `if '*' is present, must not specify other ${what}`);
}

/** Resources, of which none is covered by a wildcard beside it. */
function validateResources(resources: readonly string[], errors: FieldErrors, path: FieldPath): void {
  if (resources.length === 0) errors.required(path);
  for (const [at, one] of resources.entries()) {
    if (one === '') errors.required(path.index(at));
    else validateCovered(one, resources.slice(0, at), errors, path.index(at));
  }
  if (resources.length > 1 && resources.includes('*/*')) {
    errors.invalid(path, resources, "if '*/*' is present, must not specify other resources");
  }
  // Of the resources without a subresource only the last one counts, as upstream has it.
  const plain = resources.filter((one) => one !== '' && !one.includes('/')).at(-1);
  if (!resources.includes('*') || plain === undefined || plain === '*') return;
  errors.invalid(path, resources, "if '*' is present, must not specify other resources without subresources");
}

function validateCovered(one: string, before: readonly string[], errors: FieldErrors, path: FieldPath): void {
  const slash = one.indexOf('/');
  if (slash < 0) return;
  const [resource, subresource] = [one.slice(0, slash), one.slice(slash + 1)];
  for (const wildcard of [`${resource}/*`, `*/${subresource}`]) {
    if (!before.includes(wildcard)) continue;
    errors.invalid(path, one, `if '${wildcard}' is present, must not specify ${one}`);
  }
}
