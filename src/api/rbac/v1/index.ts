/** The types of rbac/v1. */
export * from './policy-rule.ts';
export * from './role-binding.ts';
export * from './role.ts';
