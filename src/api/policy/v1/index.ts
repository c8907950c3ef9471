/** The types of policy/v1. */
export * from './eviction.ts';
export * from './pod-disruption-budget.ts';
