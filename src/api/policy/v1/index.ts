/** The types of policy/v1. */
export * from './eviction.ts';
