import { FieldPath, isEqualJson, type FieldErrors } from '#machinery';
import { immutable } from '../../meta/v1/value-validation.ts';
import type { ResourceQuota, ResourceQuotaSpec, ScopedResourceSelectorRequirement } from './resource-quota.ts';
import { validateAmount } from './validation/container-resources.ts';
import { isStandardForQuota, validateResourceName } from './validation/resource-names.ts';

const path = FieldPath.of('spec');

const podScopes = ['Terminating', 'NotTerminating', 'NotBestEffort', 'PriorityClass', 'CrossNamespacePodAffinity'];
const podResources = ['pods', 'cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'];
/** The standard resources that a scope can pick from; a scope that is not here is none. */
const scoped: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(podScopes.map((scope) => [scope, podResources])),
  BestEffort: ['pods'],
  VolumeAttributesClass: ['persistentvolumeclaims', 'requests.storage'],
};
const opposites = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
];
/** Scopes that have no values. */
const plainScopes = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity'];

/** The rules of quotas (`pkg/apis/core/validation/validation.go`). */
export function validateResourceQuota({ spec }: ResourceQuota, errors: FieldErrors, old?: ResourceQuota): void {
  validateQuotaAmounts(spec.hard, errors, path.child('hard'));
  validateScopes(spec, errors, path.child('scopes'));
  validateScopeSelector(spec, errors, path.child('scopeSelector', 'matchExpressions'));
  if (!old) return;
  const [now, before] = [spec, old.spec].map(({ scopes = [] }) => [...new Set(scopes)].sort());
  if (!isEqualJson(now, before)) errors.invalid(path.child('scopes'), spec.scopes, immutable);
}

/** What a quota allows, or what is used of it. */
export function validateQuotaAmounts(
  amounts: Readonly<Record<string, string>> | undefined,
  errors: FieldErrors,
  at: FieldPath,
): void {
  for (const [name, amount] of Object.entries(amounts ?? {})) {
    validateResourceName(name, errors, at.key(name));
    if (!name.includes('/') && !isStandardForQuota(name)) {
      errors.invalid(at.key(name), name, 'must be a standard resource for quota');
    }
    validateAmount(name, amount, errors, at.key(name));
  }
}

/** The standard resources of a quota that a scope cannot pick from. */
function misfits({ hard = {} }: ResourceQuotaSpec, scope: string): string[] {
  const fitting = scoped[scope];
  return fitting ? Object.keys(hard).filter((name) => isStandardForQuota(name) && !fitting.includes(name)) : [];
}

function validateScopes(spec: ResourceQuotaSpec, errors: FieldErrors, at: FieldPath): void {
  const { scopes = [] } = spec;
  for (const scope of scopes) {
    if (!scoped[scope]) errors.invalid(at, scopes, 'unsupported scope');
    for (const _ of misfits(spec, scope)) errors.invalid(at, scopes, 'unsupported scope applied to resource');
  }
  validateConflicts(scopes, spec, errors, at);
}

function validateConflicts(
  used: readonly string[],
  { scopes = [] }: ResourceQuotaSpec,
  errors: FieldErrors,
  at: FieldPath,
): void {
  for (const pair of opposites) {
    if (pair.every((scope) => used.includes(scope))) errors.invalid(at, scopes, 'conflicting scopes');
  }
}

function validateScopeSelector(spec: ResourceQuotaSpec, errors: FieldErrors, at: FieldPath): void {
  const { scopeSelector } = spec;
  if (!scopeSelector) return;
  const { matchExpressions = [] } = scopeSelector;
  for (const requirement of matchExpressions) {
    const { scopeName } = requirement;
    if (!scoped[scopeName]) errors.invalid(at.child('scopeName'), scopeName, 'unsupported scope');
    for (const _ of misfits(spec, scopeName)) {
      errors.invalid(at, scopeSelector, 'unsupported scope applied to resource');
    }
    validateOperator(requirement, errors, at);
  }
  const used = matchExpressions.map(({ scopeName }) => scopeName);
  validateConflicts(used, spec, errors, at);
}

function validateOperator(
  { scopeName, operator, values = [] }: ScopedResourceSelectorRequirement,
  errors: FieldErrors,
  at: FieldPath,
): void {
  if (plainScopes.includes(scopeName) && operator !== 'Exists') {
    const why =
      "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
    errors.invalid(at.child('operator'), operator, why);
  }
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length > 0) return;
    const why = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
    errors.required(at.child('values'), why);
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length === 0) return;
    const why = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
    errors.invalid(at.child('values'), values, why);
  } else errors.invalid(at.child('operator'), operator, 'not a valid selector operator');
}
