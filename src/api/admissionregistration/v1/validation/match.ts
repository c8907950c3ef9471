import type { FieldErrors, FieldPath } from '#machinery';
import { validateLabelSelector, validateQualifiedName } from '../../../meta/v1/label-validation.ts';
import type { MatchCondition, MatchResources } from '../match.ts';
import { validateNamedRule } from './rules.ts';

const maxConditions = 64;

/** Which requests are meant. What has a default is there. */
export function validateMatchResources(match: MatchResources, errors: FieldErrors, path: FieldPath): void {
  validateLabelSelector(match.namespaceSelector, errors, path.child('namespaceSelector'));
  validateLabelSelector(match.objectSelector, errors, path.child('objectSelector'));
  for (const field of ['resourceRules', 'excludeResourceRules'] as const) {
    for (const [at, rule] of (match[field] ?? []).entries()) {
      validateNamedRule(rule, errors, path.child(field).index(at));
    }
  }
}

/** Which requests a policy is about: it has to say of which kinds, so that its expressions can be checked. */
export function validateMatchConstraints(
  match: MatchResources | undefined,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (!match) return errors.required(path);
  validateMatchResources(match, errors, path);
  if ((match.resourceRules?.length ?? 0) === 0) errors.required(path.child('resourceRules'));
}

/** Expressions that have to be true of a request. Whether they compile is not looked at here. */
export function validateMatchConditions(
  conditions: readonly MatchCondition[] = [],
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (conditions.length > maxConditions) errors.tooMany(path, conditions.length, maxConditions);
  for (const [at, { name, expression }] of conditions.entries()) {
    const here = path.index(at);
    if (expression.trim() === '') errors.required(here.child('expression'));
    if (name === '') continue;
    validateQualifiedName(name, errors, here.child('name'));
    if (conditions.slice(0, at).some((one) => one.name === name)) errors.duplicate(here.child('name'), name);
  }
}
