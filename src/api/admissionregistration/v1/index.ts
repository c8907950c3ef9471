/** The types of admissionregistration/v1. */
export * from './match.ts';
export * from './mutating-admission-policy-binding.ts';
export * from './mutating-admission-policy.ts';
export * from './params.ts';
export * from './rule.ts';
export * from './validating-admission-policy-binding.ts';
export * from './validating-admission-policy.ts';
export * from './variable.ts';
export * from './webhook-configuration.ts';
export * from './webhook.ts';
