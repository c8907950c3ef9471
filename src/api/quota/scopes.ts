import { selectorOf } from '#machinery';
import type { ResourceQuotaSpec, ScopedResourceSelectorRequirement } from '../core/v1/index.ts';

/** The scopes of a quota, in both ways to write them. */
export function scopesOf({ scopes = [], scopeSelector }: ResourceQuotaSpec): ScopedResourceSelectorRequirement[] {
  const plain = scopes.map((scopeName) => ({ scopeName, operator: 'Exists' }));
  return [...plain, ...(scopeSelector?.matchExpressions ?? [])];
}

/** Whether a value (or none) is what a scope wants. */
export function isValueInScope(
  value: string | undefined,
  { scopeName: key, operator, values }: ScopedResourceSelectorRequirement,
): boolean {
  const expression = { key, operator, ...(values && { values }) };
  return selectorOf({ matchExpressions: [expression] }).matches(value ? { [key]: value } : {});
}
